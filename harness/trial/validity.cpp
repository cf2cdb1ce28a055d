#include "harness/trial/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/workload/units.hpp"

namespace asyncbench {
namespace {

class Judge {
  public:
    Judge(const TrialResult& trial, const ValidityLimits& limits) : trial_(trial), limits_(limits) {}

    std::vector<Warning> warnings() {
        judge_work();
        judge_target();
        judge_generator();
        judge_machine();
        judge_samples();
        note_outcomes();
        return std::move(warnings_);
    }

  private:
    void invalid(const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), true});
    }
    void note(const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), false});
    }

    /// Responses that the client saw fail may still have been served in whole: it timed out, or lost the
    /// connection while the target wrote. So the target may have served up to that many more, and never
    /// fewer.
    void judge_work() {
        const ErrorCounts& errors = trial_.errors;
        if (errors.content > 0) {
            invalid("wrong-content",
                    fmt::format("{} response(s) had a wrong status, length or content tag: the "
                                "work was not the same. Is something else answering on that port?",
                                errors.content));
        }
        const std::uint64_t other_unforeseen =
            errors.unforeseen - std::min(errors.unforeseen, errors.content);
        if (other_unforeseen > 0) {
            const std::uint64_t requests = trial_.requests();
            const bool too_many =
                !accounted_for() && static_cast<double>(other_unforeseen) >
                                        limits_.unforeseen_error_share * static_cast<double>(requests);
            warnings_.push_back(
                {"unforeseen-errors",
                 fmt::format("{} of the trial's {} requests failed in a way that the load did not ask for; "
                             "all its failures, those asked for included: connect {}, timeout {}, closed "
                             "{}, status {}, other {}.{}",
                             other_unforeseen, requests, errors.connect, errors.timeout, errors.closed,
                             errors.status, errors.other,
                             too_many ? " So many that the speed of failing was measured." : ""),
                 too_many});
        }
        if (!trial_.target) {
            if (trial_.spec.verify) return;
            return note("client-side-identity",
                        "The target is not ours: that the work was the same is proven on the "
                        "client's side alone (responses and their status).");
        }
        const Fingerprint& served = trial_.target->served;
        const Fingerprint& received = trial_.client;
        const std::uint64_t uncertain = errors.timeout + errors.closed + errors.other;
        const bool same = served == received;
        const bool explained = served.count > received.count && served.count - received.count <= uncertain;
        if (!same && !explained) {
            invalid(
                "work-mismatch",
                fmt::format("Client and target do not agree on the work: the client received {} responses "
                            "(fingerprint {:016x}), the target served {} ({:016x}).",
                            received.count, received.sum, served.count, served.sum));
        }
    }

    void judge_target() {
        if (!trial_.target) return;
        const auto share = trial_.target->cpu_share.value;
        if (share && *share > limits_.target_cpu_share) {
            invalid("target-saturated",
                    fmt::format("The target used {:.1f} % of a core (limit {:.0f} %): its speed was "
                                "measured, not the strategy's. Lower the load or give it a "
                                "faster machine.",
                                *share * 100, limits_.target_cpu_share * 100));
        }
        const Histogram& error = trial_.target->delay_error_ns;
        const Nanoseconds p99{error.value_at_percentile(99)};
        if (!error.empty() &&
            exceeds(p99, limits_.target_delay_error_p99, limits_.target_delay_error_share)) {
            invalid("target-late",
                    fmt::format("The target answered late: p99 of its delay error is {} on a mean delay of "
                                "{}. Lower the load, or keep other work off its core (--pin).",
                                to_text(rounded(p99)), to_text(mean_delay())));
        }
    }

    void judge_generator() {
        const auto p99_ns = value_of(trial_.metrics, "send_lateness_p99_ns");
        const auto p99 = p99_ns ? std::optional(nanoseconds(*p99_ns)) : std::nullopt;
        if (p99 && exceeds(*p99, limits_.send_lateness_p99, limits_.send_lateness_share)) {
            invalid("generator-late",
                    fmt::format(
                        "The generator did not keep its schedule: p99 of the lateness of sends that had time "
                        "to be punctual is {}. The client's CPU is the bottleneck: lower -q, or use loops=2.",
                        to_text(rounded(*p99))));
        }
        const auto late = value_of(trial_.metrics, "sent_late_share");
        if (late && *late > 0.01) {
            note("rate-not-held",
                 fmt::format("{:.1f} % of the requests found no free place at their time: the strategy does "
                             "not hold this rate at concurrency {}. Response times contain the wait.",
                             *late * 100, trial_.spec.plan.concurrency));
        }
    }

    void judge_machine() {
        const auto steal = value_of(trial_.metrics, "steal_share");
        if (steal && *steal > limits_.steal_share) {
            invalid("steal",
                    fmt::format(
                        "The hypervisor gave {:.1f} % of this machine's CPU time to others (limit {:.0f} %).",
                        *steal * 100, limits_.steal_share * 100));
        }
        const auto others = value_of(trial_.metrics, "other_load_cores");
        if (others && *others > limits_.other_load_cores) {
            note(
                "machine-busy",
                fmt::format("Other programs used {:.2f} cores of this machine meanwhile: times and CPU costs "
                            "hold their disturbance. Measure while nothing else runs.",
                            *others));
        }
    }

    void judge_samples() {
        if (trial_.client.count < limits_.samples && !accounted_for()) {
            invalid("too-few-samples",
                    fmt::format("Only {} requests were answered; at least {} are needed. Measure for "
                                "longer (-d) or send more (-n).",
                                trial_.client.count, limits_.samples));
        }
    }

    void note_outcomes() {
        for (const Outcome& outcome : trial_.outcomes) {
            note(("outcome-" + outcome.code).c_str(), outcome.message);
        }
    }

    /// The strategy itself tells what became of its requests: that few were answered is then what was
    /// measured.
    bool accounted_for() const { return !trial_.outcomes.empty(); }
    bool exceeds(Nanoseconds value, Nanoseconds limit, double share) const {
        return value > limit &&
               static_cast<double>(value.count()) > share * static_cast<double>(mean_delay().count());
    }
    /// A foreign program may claim any number.
    static Nanoseconds nanoseconds(double value) {
        constexpr double most = 1e18;
        return Nanoseconds{static_cast<Nanoseconds::rep>(std::clamp(value, 0.0, most))};
    }
    Nanoseconds mean_delay() const { return trial_.spec.profile.delay.mean(); }
    static Nanoseconds rounded(Nanoseconds time) {
        return std::chrono::round<std::chrono::microseconds>(time);
    }

    const TrialResult& trial_;
    const ValidityLimits& limits_;
    std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> judge_validity(const TrialResult& trial, const ValidityLimits& limits) {
    if (!trial.failure.empty()) return {};
    return Judge(trial, limits).warnings();
}

std::optional<Warning> judge_elapsed(const TrialResult& trial, Nanoseconds wall) {
    // The resolution of a clock, and of a histogram.
    constexpr double clock_ns = 1e6;
    constexpr double share = 0.002;
    const auto elapsed = value_of(trial.metrics, "elapsed_ns");
    if (!elapsed) return std::nullopt;
    const auto text = [](double ns) {
        return to_text(std::chrono::round<std::chrono::microseconds>(
            Nanoseconds(static_cast<Nanoseconds::rep>(std::min(ns, 1e18)))));
    };
    const auto wall_ns = static_cast<double>(wall.count());
    if (*elapsed > wall_ns + clock_ns) {
        return Warning{"elapsed-impossible",
                       fmt::format("The trial says that it took {}, but its result came {} after `go`: its "
                                   "throughput cannot be right. Which clock does it read?",
                                   text(*elapsed), text(wall_ns)),
                       true};
    }
    if (trial.service_time_ns.empty()) return std::nullopt;
    const auto longest = static_cast<double>(trial.service_time_ns.value_at_percentile(100));
    if (longest > *elapsed * (1 + share) + clock_ns) {
        return Warning{
            "elapsed-impossible",
            fmt::format("The trial says that it took {}, and that one of its requests took {}: its "
                        "throughput cannot be right. Which clock does it read?",
                        text(*elapsed), text(longest)),
            true};
    }
    return std::nullopt;
}

}  // namespace asyncbench
