#include "harness/trial/trial_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <optional>
#include <utility>

#include "async/errors.hpp"
#include "harness/measure/cpu_quota.hpp"
#include "harness/measure/process_usage.hpp"
#include "harness/measure/system_usage.hpp"
#include "harness/measure/utc_time.hpp"
#include "harness/trial/derived_metrics.hpp"
#include "harness/trial/judge_trial.hpp"
#include "harness/trial/trial_json.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

TimePoint after(Nanoseconds time) {
    return steady_now() + time;
}

/// The trial's process broke the protocol; the message is the reason.
class TrialFailed : public Error {
  public:
    using Error::Error;
};

/// Throws Unavailable or TrialFailed where the trial's process reports that there is no measurement.
void require_measurement(const Trial& told) {
    if (told.unavailable()) throw Unavailable(told.failure);
    if (!told.failure.empty()) throw TrialFailed(told.failure);
}

/// How long an interruption may go unseen that comes between a look at the flag and the wait for a line.
constexpr std::chrono::milliseconds longest_unseen{100};

[[noreturn]] void give_up() {
    throw TrialFailed("The run was interrupted.");
}

/// Where there is a `server`, the trial loads it, and it is looked at meanwhile. `on_interruption` may throw,
/// and is called again and again where it does not.
TrialEvent next_event(ChildProcess& child, TimePoint deadline, std::string_view awaited,
                      const std::atomic<bool>* interrupted, ServerMeter* server = nullptr,
                      const std::function<void()>& on_interruption = give_up) {
    const Nanoseconds longest_wait = server == nullptr ? longest_unseen : ServerMeter::between_looks;
    while (true) {
        if (interrupted != nullptr && *interrupted) on_interruption();
        const TimePoint look_again = std::min(deadline, after(longest_wait));
        const auto read = child.read_line(look_again);
        switch (read.outcome) {
            case ChildProcess::Wait::line:
                return trial_event_from_json(read.line);
            case ChildProcess::Wait::end: {
                const std::string ending = child.finish(after(std::chrono::seconds{1}));
                const bool not_found = ending.ends_with("status 126") || ending.ends_with("status 127");
                throw TrialFailed(fmt::format(
                    "The trial's process {} before its {}.{}", ending, awaited,
                    not_found ? " Is the program there? exec: takes the rest of -s, so name it last." : ""));
            }
            case ChildProcess::Wait::timeout:
                if (server != nullptr) server->look();
                if (look_again < deadline) break;
                throw TrialFailed(
                    fmt::format("The trial's process hung: it sent no {} in time and was ended.", awaited));
            case ChildProcess::Wait::too_long:
                throw TrialFailed("The trial's process wrote a line of more than 64 MiB and was ended.");
            case ChildProcess::Wait::interrupted:
                break;
        }
    }
}

/// A load is told to end where it is interrupted, and then tells what it has.
TrialEvent result_of_load(ChildProcess& child, TimePoint deadline, const RunnerOptions& options) {
    bool told = false;
    const auto tell_to_stop = [&] {
        if (!std::exchange(told, true)) child.write_line("stop", after(options.patience));
    };
    while (true) {
        TrialEvent event = next_event(child, deadline, "result", options.interrupted, nullptr, tell_to_stop);
        const auto* so_far = std::get_if<LoadSoFar>(&event);
        if (so_far == nullptr) return event;
        if (options.on_second) options.on_second(*so_far);
    }
}

void add_target_view(Trial& result, const TargetStats& before, const TargetStats& after_work) {
    TargetView view;
    view.requests = after_work.requests;
    view.served = after_work.served;
    view.connections = after_work.connections;
    view.delay_error_ns = after_work.delay_error_ns;
    view.held = after_work.held;
    const auto wall = after_work.clock - before.clock;
    if (wall.count() > 0) {
        view.cpu_share.value = static_cast<double>((after_work.process_cpu - before.process_cpu).count()) /
                               static_cast<double>(wall.count());
    } else {
        view.cpu_share.reason = "the target was started again while the trial ran";
    }
    result.metrics["target_requests"] = {static_cast<double>(view.requests), {}};
    result.metrics["target_connections"] = {static_cast<double>(view.connections), {}};
    result.metrics["target_cpu_share"] = view.cpu_share;
    if (!view.delay_error_ns.empty()) {
        const auto at = [&](double percentile) {
            return static_cast<double>(view.delay_error_ns.value_at_percentile(percentile));
        };
        result.metrics["target_delay_error_p50_ns"] = {at(50), {}};
        result.metrics["target_delay_error_p99_ns"] = {at(99), {}};
    }
    result.target = std::move(view);
}

void add_server_view(Trial& result, const ServerMeter& server) {
    const double elapsed_ns = value_of(result.metrics, "elapsed_ns").value_or(0);
    const auto requests = static_cast<double>(result.requests());
    if (elapsed_ns <= 0 || requests <= 0) return;
    for (auto& [name, value] : server.metrics(requests, elapsed_ns)) result.metrics[name] = value;
}

/// What others had of the machine while the trial ran for `wall`, itself using `cpu`.
void add_machine_view(Trial& result, const SystemUsage& before, const SystemUsage& after,
                      std::optional<Nanoseconds> cpu, Nanoseconds wall) {
    const auto steal = steal_share(before, after);
    result.metrics["steal_share"] =
        steal ? MetricValue{steal, {}} : MetricValue::unknown("the trial was shorter than a clock tick");

    const bool target_is_ours = result.target.has_value();
    MetricValue& others = result.metrics["other_load_cores"];
    if (!steal) {
        others = MetricValue::unknown("the trial was shorter than a clock tick");
    } else if (!cpu || (target_is_ours && !result.target->cpu_share.value)) {
        others = MetricValue::unknown("the CPU time of the trial itself is not known");
    } else {
        const double seconds = static_cast<double>(wall.count()) / 1e9;
        const double own = static_cast<double>(cpu->count()) / 1e9 / seconds +
                           (target_is_ours ? *result.target->cpu_share.value : 0) +
                           value_of(result.metrics, "server_cpu_share").value_or(0);
        others.value = std::max(0.0, busy_seconds(before, after) / seconds - own);
    }
}

void add_quota_view(Trial& result, const CpuQuota& before, const CpuQuota& after_work, Nanoseconds wall) {
    const auto share = throttled_share(before, after_work, wall);
    result.metrics["throttled_share"] =
        share ? MetricValue{share, {}} : MetricValue::unknown(after_work.why_not_throttled);
    result.metrics["throttled_periods"] =
        share ? MetricValue{static_cast<double>(after_work.stopped_periods - before.stopped_periods), {}}
              : MetricValue::unknown(after_work.why_not_throttled);
}

/// Which of two results would count, or what the rest says of the first, nobody knows.
void require_nothing_after_result(const std::string& unread) {
    constexpr std::size_t most_quoted = 60;
    if (unread.empty()) return;
    const std::string line = unread.substr(0, unread.find('\n'));
    throw TrialFailed(
        fmt::format("The trial's process wrote more to its stdout after its result, which was to be the "
                    "last: '{}{}'. Logs belong on stderr.",
                    line.substr(0, most_quoted), line.size() > most_quoted ? "..." : ""));
}

/// Of a program that has told its result, by how ChildProcess::finish() says it ended. Any status will do; a
/// signal says that what it told before may be wrong too. A shell says 128 and the signal: taken for one
/// where the program ran into a fault or a limit, which the kernel answers so, KILL among them for want of
/// memory. The others are what scripts end helpers of their own with, and leave as their status: HUP, INT,
/// PIPE, TERM.
std::optional<Warning> judge_ending(const std::string& ending) {
    constexpr std::array faults{SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,
                                SIGKILL, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS};
    const bool told_by_shell = std::any_of(faults.begin(), faults.end(), [&](int signal) {
        return ending == fmt::format("ended with status {}", 128 + signal);
    });
    const bool hung = ending == "did not end in time";
    if (!hung && !told_by_shell && !ending.starts_with("was ended by signal")) return std::nullopt;
    return Warning{
        hung ? "hung-at-exit" : "crashed-at-exit",
        fmt::format("The trial's process told its result and then {}: what it told may be wrong.", ending),
        WarningKind::wrong};
}

}  // namespace

ChildProcess::Options TrialRunner::command_for(const StrategySpec& strategy) const {
    ChildProcess::Options options;
    options.command = strategy.name == "exec"
                          ? std::vector<std::string>{"/bin/sh", "-c", strategy.command.reveal()}
                          : options_.trial_command;
    options.cpu_first = options_.first_cpu;
    options.cpu_last = options_.last_cpu;
    return options;
}

Trial TrialRunner::converse(ChildProcess& child, const TrialSpec& spec) {
    // Whether it reads does not matter here: what a child says that does not, or how it ends, says more.
    child.write_line(to_json_line(spec), after(options_.patience));
    TrialSpec warm_up = spec;
    warm_up.plan.kind = PlanKind::closed;
    warm_up.plan.duration = spec.warmup;
    TrialEvent event = next_event(child, after(longest_work(warm_up) + options_.patience), "ready line",
                                  options_.interrupted);
    if (auto* early = std::get_if<Trial>(&event)) {
        require_measurement(*early);
        throw TrialFailed("The trial's process sent a result before it was told to go.");
    }

    std::optional<TargetStats> before;
    if (target_.counts()) before = target_.stats(spec.trial);
    const CpuQuota quota_before = read_cpu_quota();
    const SystemUsage system_before = read_system_usage();
    ServerMeter* const server = target_.server_meter();
    if (server != nullptr) server->begin();
    const TimePoint began = Clock::now();
    const auto cpu_before = process_group_cpu_time(child.pid());
    child.write_line("go", after(options_.patience));
    const TimePoint deadline = after(longest_work(spec) + options_.patience);
    event = spec.load ? result_of_load(child, deadline, options_)
                      : next_event(child, deadline, "result", options_.interrupted, server);
    auto* result = std::get_if<Trial>(&event);
    if (result == nullptr) throw TrialFailed("The trial's process sent `ready` twice.");
    require_measurement(*result);

    const auto cpu_after = process_group_cpu_time(child.pid());
    const SystemUsage system_after = read_system_usage();
    const Nanoseconds wall = Clock::now() - began;
    if (server != nullptr) server->end();
    const CpuQuota quota_after = read_cpu_quota();
    result->spec = spec;
    if (before) add_target_view(*result, *before, target_.stats(spec.trial));
    std::optional<Nanoseconds> cpu;
    // Falls where a shell has waited for the program already.
    if (cpu_before && cpu_after && *cpu_after >= *cpu_before) cpu = *cpu_after - *cpu_before;
    complete_metrics(*result, cpu);
    if (server != nullptr) add_server_view(*result, *server);
    add_machine_view(*result, system_before, system_after, cpu, wall);
    add_quota_view(*result, quota_before, quota_after, wall);
    if (auto impossible = judge_elapsed(*result, wall)) result->warnings.push_back(std::move(*impossible));
    const std::string ending = child.finish(after(std::chrono::seconds{5}));
    require_nothing_after_result(child.unread());
    if (auto bad = judge_ending(ending)) result->warnings.push_back(std::move(*bad));
    return std::move(*result);
}

Trial TrialRunner::measure(TrialSpec& spec) {
    try {
        target_.ensure_alive();
        spec.base_url = target_.base_url();
        spec.address = target_.address();
        spec.verify = target_.counts();
        const auto known = unavailable_.find(spec.strategy.text());
        if (known != unavailable_.end()) return Trial::of_unavailable(known->second);
        ChildProcess child(command_for(spec.strategy));
        Trial result = converse(child, spec);
        for (Warning& warning : judge_trial(result, options_.limits))
            result.warnings.push_back(std::move(warning));
        return result;
    } catch (const Unavailable& reason) {
        const std::string why = without_secrets(reason.what());
        unavailable_.emplace(spec.strategy.text(), why);
        return Trial::of_unavailable(why);
    } catch (const Error& failure) {
        Trial result;
        result.failure = without_secrets(failure.what());
        return result;
    }
}

Trial TrialRunner::run(const PlannedTrial& planned, std::uint32_t order) {
    TrialSpec spec = planned.spec;
    const std::string started = utc_now();
    Trial result = measure(spec);
    result.spec = std::move(spec);
    result.repetition = planned.repetition;
    result.every_level = planned.every_level;
    result.order = order;
    result.started_utc = started;
    return result;
}

}  // namespace asyncbench
