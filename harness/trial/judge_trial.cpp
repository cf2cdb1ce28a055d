#include "harness/trial/judge_trial.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "harness/load/failures.hpp"
#include "harness/trial/blocks.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

class Judge {
  public:
    Judge(const Trial& trial, const TrialLimits& limits) : trial_(trial), limits_(limits) {}

    std::vector<Warning> warnings() {
        judge_work();
        judge_times();
        judge_target();
        judge_generator();
        judge_machine();
        note_outcomes();
        return std::move(warnings_);
    }

  private:
    void wrong(const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), WarningKind::wrong});
    }
    void limited(const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), WarningKind::limited});
    }
    void note(const char* code, std::string message) {
        warnings_.push_back({code, std::move(message), WarningKind::note});
    }

    /// Responses that the client saw fail may still have been served in whole: it timed out, or lost the
    /// connection while the target wrote. So the target may have served up to that many more, and never
    /// fewer.
    void judge_work() {
        const ErrorCounts& errors = trial_.errors;
        if (errors.content > 0) {
            wrong(
                "wrong-content",
                fmt::format("{} had a wrong status, length or content tag: the "
                            "work was not the same. Is something else answering on that port?{}",
                            errors.content == 1 ? "1 response" : fmt::format("{} responses", errors.content),
                            the_commonest()));
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
                 fmt::format(
                     "{} of the trial's {} failed in a way that the load did not ask for; "
                     "all its failures, those asked for included: connect {}, timeout {}, closed "
                     "{}, status {}, other {}.{}{}",
                     other_unforeseen, requests == 1 ? "1 request" : fmt::format("{} requests", requests),
                     errors.connect, errors.timeout, errors.closed, errors.status, errors.other,
                     the_commonest(), too_many ? " So many that the speed of failing was measured." : ""),
                 too_many ? WarningKind::wrong : WarningKind::note});
        }
        note_redirects();
        if (!trial_.target) {
            if (trial_.spec.verify) return;
            return note(
                "server-count-unknown",
                "The target is not ours, so that the server's own count is unknown: that the work was "
                "the same is proven by the responses and their status alone.");
        }
        const Fingerprint& served = trial_.target->served;
        const Fingerprint& received = trial_.client;
        const std::uint64_t uncertain = errors.timeout + errors.closed + errors.other;
        const bool same = served == received;
        const bool explained = served.count > received.count && served.count - received.count <= uncertain;
        if (!same && !explained) {
            wrong("work-mismatch",
                  fmt::format("Client and target do not agree on the work: the client received {} responses "
                              "(fingerprint {:016x}), the target served {} ({:016x}).",
                              received.count, received.sum, served.count, served.sum));
        }
    }

    /// What failed, in words; empty where nothing but counts is known.
    std::string the_commonest() const {
        constexpr std::size_t most = 5;
        if (trial_.endings.statuses.empty() && trial_.endings.reasons.empty()) return {};
        return fmt::format(" What failed: {}.",
                           fmt::join(failures_in_words(trial_.errors, trial_.endings, most), "; "));
    }

    /// A client does not follow them, so that another page than the one that is meant was measured.
    void note_redirects() {
        const auto& statuses = trial_.endings.statuses;
        const bool all = std::all_of(statuses.begin(), statuses.end(),
                                     [](const auto& each) { return is_redirect(each.first); });
        if (statuses.empty() || !all) return;
        const std::string& to = trial_.endings.redirect;
        note("all-redirect",
             fmt::format("Every response redirects (status {}{}), and redirects are not followed: what was "
                         "measured is the redirect, and not the page behind it. {}",
                         statuses.begin()->first, to.empty() ? "" : ", to " + to,
                         to.empty() ? "Give the URL that it leads to." : "Give that URL as the target."));
    }

    /// By what the target itself saw.
    void judge_times() {
        if (!trial_.target || accounted_for()) return;
        const auto efficiency = value_of(trial_.metrics, "efficiency");
        const bool is_paced = trial_.spec.plan.kind == PlanKind::open;
        if (!is_paced && efficiency && *efficiency > 1 + limits_.impossible_share) {
            wrong("elapsed-impossible",
                  fmt::format("The trial says that it did {:.0f} % of what the target's delays allow. Which "
                              "clock does it read? Or does it send more than {} requests at once?",
                              *efficiency * 100, trial_.spec.plan.concurrency));
        }
        const TargetView::Held& held = trial_.target->held;
        if (held.count == 0 || trial_.errors.total() > 0 || trial_.service_time_ns.empty()) return;
        const double held_ns = static_cast<double>(held.sum.count()) / static_cast<double>(held.count);
        const double service_ns = trial_.service_time_ns.mean();
        if (service_ns < held_ns * (1 - limits_.impossible_share)) {
            wrong("service-time-impossible",
                  fmt::format(
                      "The trial says that its requests took {} in the mean, and the target held each "
                      "for {}. Which clock does it read?",
                      to_text(rounded(nanoseconds(service_ns))), to_text(rounded(nanoseconds(held_ns)))));
        }
    }

    void judge_target() {
        if (!trial_.target) return;
        const auto share = trial_.target->cpu_share.value;
        if (share && *share > limits_.target_cpu_share) {
            limited(
                "target-saturated",
                fmt::format("The target used {:.1f} % of a core (limit {:.0f} %): the target, and not the "
                            "strategy, was at its limit. Lower the load to see the strategy's.",
                            *share * 100, limits_.target_cpu_share * 100));
        }
    }

    void judge_generator() {
        const auto p99_ns = value_of(trial_.metrics, "send_lateness_p99_ns");
        const auto p99 = p99_ns ? std::optional(nanoseconds(*p99_ns)) : std::nullopt;
        if (p99 && exceeds(*p99, limits_.send_lateness_p99, limits_.send_lateness_share)) {
            limited(
                "generator-late",
                fmt::format("The generator did not keep its schedule: p99 of the lateness of sends that had "
                            "time to be punctual is {}. {}",
                            to_text(rounded(*p99)), why_late()));
        }
        const auto late = value_of(trial_.metrics, "sent_late_share");
        const auto requests = value_of(trial_.metrics, "requests");
        // The first requests of all are due while the users begin.
        constexpr double least_late = 5;
        if (late && *late > limits_.sent_late_share && requests && *late * *requests >= least_late) {
            note("rate-not-held",
                 fmt::format("{:.1f} % of the requests found no free place at their time: the strategy does "
                             "not hold this rate at concurrency {}. Response times contain the wait.",
                             *late * 100, trial_.spec.plan.concurrency));
        }
        judge_loop();
    }

    /// The client's own CPU, or that of others beside it: what is to be done differs.
    std::string why_late() const {
        constexpr double much = 0.25;
        const auto others = value_of(trial_.metrics, "other_load_cores");
        if (others && *others > much) {
            return fmt::format("Other programs used {:.2f} cores meanwhile, so that it waited for a CPU.",
                               *others);
        }
        const auto own = value_of(trial_.metrics, "cpu_share");
        return own ? fmt::format("It used {:.2f} cores itself: lower -q, or give it more loops (loops=2).",
                                 *own)
                   : "Lower -q, or give it more loops (loops=2).";
    }

    void judge_loop() {
        // Of the CPU work that the load asks for, how a strategy copes with it is what is measured.
        if (trial_.spec.profile.compute.count() > 0) return;
        constexpr double mostly_computing = 0.7;
        const auto busy = value_of(trial_.metrics, "loop_utilization");
        const auto cpu = value_of(trial_.metrics, "cpu_share");
        if (!busy || !cpu || *busy <= limits_.loop_utilization) return;
        const double loops = std::max(1.0, value_of(trial_.metrics, "threads").value_or(1));
        // A loop that is blocked or has to wait for a CPU is busy, too, and computes nothing.
        if (*cpu < mostly_computing * loops) return;
        limited(
            "loop-saturated",
            fmt::format("The client's event loop was busy {:.1f} % of the time (limit {:.0f} %): the client "
                        "was at its limit, so that the target may bear more. Try loops=2.",
                        *busy * 100, limits_.loop_utilization * 100));
    }

    void judge_machine() {
        const auto throttled = value_of(trial_.metrics, "throttled_share");
        if (throttled && *throttled > limits_.throttled_share) {
            limited(
                "quota-throttled",
                fmt::format("The CPU quota of this container stopped its programs in {:.1f} % of the time "
                            "(limit {:.0f} %). Raise the quota, or lower the load.",
                            *throttled * 100, limits_.throttled_share * 100));
        } else if (throttled && *throttled > limits_.throttled_a_little) {
            warnings_.push_back(
                {"quota-throttled",
                 fmt::format("The CPU quota of this container stopped its programs in {:.1f} % of the time "
                             "(limit {:g} %): the longest times may be these stops. Raise the quota.",
                             *throttled * 100, limits_.throttled_a_little * 100),
                 WarningKind::disturbed});
        }
        for (Warning& warning : disturbances(machine_load(trial_), "the trial"))
            warnings_.push_back(std::move(warning));
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

    const Trial& trial_;
    const TrialLimits& limits_;
    std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> judge_trial(const Trial& trial, const TrialLimits& limits) {
    if (!trial.failure.empty()) return {};
    return Judge(trial, limits).warnings();
}

std::optional<Warning> judge_elapsed(const Trial& trial, Nanoseconds wall) {
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
                       WarningKind::wrong};
    }
    if (trial.service_time_ns.empty()) return std::nullopt;
    const auto longest = static_cast<double>(trial.service_time_ns.value_at_percentile(100));
    if (longest > *elapsed * (1 + share) + clock_ns) {
        return Warning{
            "elapsed-impossible",
            fmt::format("The trial says that it took {}, and that one of its requests took {}: its "
                        "throughput cannot be right. Which clock does it read?",
                        text(*elapsed), text(longest)),
            WarningKind::wrong};
    }
    return std::nullopt;
}

}  // namespace asyncbench
