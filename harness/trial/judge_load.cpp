#include "harness/trial/judge_load.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>

#include "harness/engine/connection_schedule.hpp"
#include "harness/http/addresses.hpp"
#include "harness/load/failures.hpp"
#include "harness/trial/blocks.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

std::string percent(double share) {
    return fmt::format("{:.1f} %", share * 100);
}

std::string time_text(double ns) {
    return to_text(
        std::chrono::round<std::chrono::microseconds>(Nanoseconds{static_cast<Nanoseconds::rep>(ns)}));
}

class LoadJudge {
  public:
    LoadJudge(const Trial& trial, const TrialLimits& limits, const LoadLimits& load_limits)
        : trial_(trial), load_(*trial.load), limits_(limits), load_limits_(load_limits) {}

    std::vector<Warning> warnings() {
        judge_answers();
        judge_connections();
        if (trial_.spec.plan.kind == PlanKind::open) {
            judge_schedule();
        } else {
            judge_threads();
            judge_pick_up();
        }
        judge_stamps();
        judge_machine();
        return std::move(warnings_);
    }

  private:
    void add(WarningKind kind, const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), kind});
    }

    /// That a server fails under load is what a load shows: no share of failures is wrong but all of it.
    void judge_answers() {
        constexpr std::size_t most = 5;
        const std::string failed =
            fmt::format("{}", fmt::join(failures_in_words(trial_.errors, trial_.endings, most), "; "));
        if (trial_.client.count == 0) {
            add(WarningKind::wrong, "nothing-answered",
                failed.empty() ? std::string("No request was answered.")
                               : fmt::format("No request was answered: {}.", failed));
            return;
        }
        const auto requests = static_cast<double>(trial_.requests());
        const auto errors = static_cast<double>(trial_.errors.total());
        if (errors > limits_.unforeseen_error_share * requests) {
            add(WarningKind::note, "mostly-errors",
                fmt::format("{} of the requests failed, so that rate and latencies are those of failing: {}.",
                            percent(errors / requests), failed));
        }
    }

    void judge_connections() {
        const std::uint64_t wanted =
            ConnectionSchedule(trial_.spec.load->connection_stages, trial_.spec.plan.concurrency)
                .at(Nanoseconds{0});
        if (!trial_.spec.load->keep_alive || load_.connections_at_start >= wanted) return;
        if (trial_.client.count == 0) return;
        add(WarningKind::limited, "connections-missing",
            fmt::format(
                "{} of {} connections were open when the load began: the server, or a limit of this machine, "
                "allowed no more then.",
                load_.connections_at_start, wanted));
    }

    void judge_schedule() {
        const auto p99 = value_of(trial_.metrics, "send_lateness_p99_ns");
        if (p99 && *p99 > static_cast<double>(limits_.send_lateness_p99.count())) {
            add(WarningKind::limited, "generator-late",
                fmt::format(
                    "The generator did not keep its schedule: 1 % of the requests for which a connection was "
                    "free were sent {} late, or later. Lower -q, give it more threads (-t), or leave it a "
                    "CPU "
                    "that nothing else uses.",
                    time_text(*p99)));
        }
        const auto late = value_of(trial_.metrics, "sent_late_share");
        if (late && *late > limits_.sent_late_share) {
            add(WarningKind::note, "rate-not-held",
                fmt::format("{} of the requests found no free connection when they were due: the server does "
                            "not hold "
                            "this rate over {} connections. Times from the schedule contain the wait; more "
                            "connections "
                            "(-c) tell a slow server from too few.",
                            percent(*late), trial_.spec.plan.concurrency));
        }
        if (load_.not_sent > 0) {
            add(WarningKind::limited, "not-sent",
                fmt::format("{} requests were due and never sent, as no connection became free. They have no "
                            "latency, "
                            "so that the percentiles are too low.",
                            load_.not_sent));
        }
    }

    void judge_threads() {
        if (load_.busiest_thread <= load_limits_.busiest_thread) return;
        add(WarningKind::limited, "generator-saturated",
            fmt::format(
                "A thread of the generator was on a CPU for {} of the time (limit {}): the server may bear "
                "more. Give it more threads (-t {}), and CPUs for them.",
                percent(load_.busiest_thread), percent(load_limits_.busiest_thread), load_.threads * 2));
    }

    /// In a closed loop a response that is picked up late delays the next request.
    void judge_pick_up() {
        if (load_.pick_up_ns.count() < load_limits_.least_pick_ups || trial_.service_time_ns.empty()) return;
        const auto pick_up_ns = static_cast<double>(load_.pick_up_ns.value_at_percentile(50));
        const auto latency_ns = static_cast<double>(trial_.service_time_ns.value_at_percentile(50));
        if (pick_up_ns <= load_limits_.pick_up_share * latency_ns) return;
        add(WarningKind::limited, "pick-up-late",
            fmt::format(
                "Responses waited {} in this machine until the generator took them, against a latency of {} "
                "(medians): the latencies are without that, but the next requests were sent later, and the "
                "server may bear more.",
                time_text(pick_up_ns), time_text(latency_ns)));
    }

    void judge_stamps() {
        if (trial_.client.count == 0) return;
        const double unstamped =
            static_cast<double>(trial_.client.count - std::min(trial_.client.count, load_.stamped)) /
            static_cast<double>(trial_.client.count);
        if (unstamped <= load_limits_.unstamped_share) return;
        add(WarningKind::note, "without-stamps",
            trial_.spec.load->unix_socket.empty()
                ? fmt::format(
                      "The kernel stamped no arrival of {} of the responses, so that their latencies contain "
                      "the time until the generator looked.",
                      percent(unstamped))
                : std::string(
                      "The kernel stamps nothing that comes over a Unix socket: latencies contain the time "
                      "until the generator looked."));
    }

    void judge_machine() {
        MachineLoad machine = machine_load(trial_);
        if (loads_this_machine(trial_.spec) && machine.other_load_cores) {
            // The server's share of it is not known.
            add(WarningKind::note, "server-beside-generator",
                fmt::format(
                    "The server shares this machine with the generator; it and other programs used {:.2f} "
                    "cores.",
                    *machine.other_load_cores));
            machine.other_load_cores.reset();
        }
        for (Warning& warning : disturbances(machine, "the load")) warnings_.push_back(std::move(warning));
    }

    const Trial& trial_;
    const LoadView& load_;
    const TrialLimits& limits_;
    const LoadLimits& load_limits_;
    std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> judge_load(const Trial& trial, const TrialLimits& limits,
                                const LoadLimits& load_limits) {
    return LoadJudge(trial, limits, load_limits).warnings();
}

bool loads_this_machine(const TrialSpec& spec) {
    if (spec.load && !spec.load->unix_socket.empty()) return true;
    const auto origin = origin_of(spec.base_url.reveal());
    const std::string host = !spec.address.empty() ? spec.address : origin ? origin->host : std::string();
    return host.starts_with("127.") || host == "::1" || host == "localhost";
}

}  // namespace asyncbench
