#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/gate/cell_state.hpp"
#include "harness/gate/counted_trials.hpp"
#include "harness/gate/judge_counts.hpp"
#include "harness/gate/judge_errors.hpp"
#include "harness/gate/paired_gate.hpp"
#include "harness/gate/valgrind.hpp"

namespace asyncbench {
namespace {

constexpr const char* instructions_metric = "instructions_per_request";

constexpr std::uint64_t most_requests = 300;
/// Valgrind runs a program's threads one at a time, and no more than 500. Counts of a client with 64 requests
/// in flight are as repeatable as with 1: +-0.1 % and +-0.5 %.
constexpr std::uint32_t most_in_flight_of_valgrind = 64;
/// A batch of valgrind's is as long as this where the target's delays allow so many requests. 60 of them are
/// known to 0.4 %, 300 to 0.2 %.
constexpr double seconds_of_valgrind = 1;
constexpr double least_requests_of_valgrind = 60;

bool is_counted_here(const MetricRule& rule) {
    return rule.lane == Lane::deterministic && !is_of_errors(rule);
}

std::string why_unknown(const GateSample& sample, const std::string& metric) {
    if (!sample.failure.empty()) return sample.failure;
    const auto found = sample.metrics.find(metric);
    return found == sample.metrics.end() ? "its trials do not say" : found->second.reason;
}

class DeterministicLane {
  public:
    DeterministicLane(const PairedGatePlan& plan, GateObserver& observer, GateResult& result)
        : observer_(observer),
          result_(result),
          trials_(plan),
          interrupted_(plan.interrupted),
          compares_targets_(plan.base.target != plan.head.target) {}

    void run() {
        const auto& rules = result_.rules.metrics;
        if (std::none_of(rules.begin(), rules.end(), is_counted_here)) return;
        for (std::size_t subject = 0; subject < result_.subjects.size(); ++subject) {
            if (!result_.subjects[subject].is_control && !may_stop()) count(subject);
        }
        result_.interrupted |= interrupted_ != nullptr && *interrupted_;
    }

  private:
    bool may_stop() const { return (interrupted_ != nullptr && *interrupted_) || !result_.failure.empty(); }

    void count(std::size_t subject) {
        batch_ = {StrategySpec::parse(result_.subjects[subject].strategy),
                  result_.subjects[subject].concurrency, requests_of(result_.subjects[subject])};
        samples_.clear();
        concurrency_of_valgrind_ = 0;
        if (!measure(subject, false)) return;
        std::vector<GateLine> lines = judge(subject);
        const bool fails = std::any_of(lines.begin(), lines.end(), [](const GateLine& line) {
            return line.rule.lane == Lane::deterministic && line.verdict == Verdict::fail;
        });
        // Once more as many runs, and all together must show it.
        if (fails && result_.rules.confirm && measure(subject, true)) lines = judge(subject);
        std::move(lines.begin(), lines.end(), std::back_inserter(result_.lines));
        std::move(samples_.begin(), samples_.end(), std::back_inserter(result_.samples));
    }

    static std::uint64_t requests_of(const GateSubject& subject) {
        const std::uint64_t wanted =
            subject.requests == 0 ? most_requests : std::min(subject.requests, most_requests);
        return std::max<std::uint64_t>(wanted, subject.concurrency);
    }

    /// The runs of both arms. False where it had to stop before.
    bool measure(std::size_t subject, bool confirmation) {
        const std::size_t before = samples_.size();
        for (std::uint32_t run = 0; run < result_.rules.deterministic_runs; ++run) {
            for (const Arm arm : {Arm::base, Arm::head}) {
                if (may_stop()) return false;
                tell(subject, arm, run, "counting");
                GateSample sample = trials_.run(batch_, arm);
                sample.subject = subject;
                sample.pair = run;
                sample.confirmation = confirmation;
                refuse_other_work(sample);
                samples_.push_back(std::move(sample));
            }
        }
        return !may_stop() && count_instructions(before);
    }

    void tell(std::size_t subject, Arm arm, std::uint32_t run, const char* what) {
        observer_.trial_starts(fmt::format("{}: {}, {}", result_.subjects[subject].name, name_of(arm), what),
                               run, result_.rules.deterministic_runs);
    }

    /// What a trial counted that did other work is no count of this work.
    void refuse_other_work(GateSample& sample) const {
        GateSubject counted;
        counted.requests = batch_.requests;
        sample.failure = why_lost(sample, counted);
        if (!sample.failure.empty()) sample.metrics.clear();
    }

    /// By valgrind, where the kernel does not count for both arms: numbers of the two are not comparable.
    bool count_instructions(std::size_t first) {
        const MetricRule* rule = find_rule(result_.rules, instructions_metric);
        if (rule == nullptr || rule->lane != Lane::deterministic || !skipped_.empty()) return true;
        if (compares_targets_) return true;
        const auto unknown = std::find_if(samples_.begin(), samples_.end(), [](const GateSample& sample) {
            return !value_of(sample.metrics, instructions_metric) && sample.failure.empty();
        });
        if (unknown == samples_.end()) return true;
        const auto valgrind = find_valgrind();
        if (!valgrind) {
            skip(fmt::format("{}, and valgrind, which could count instead, is not installed",
                             why_unknown(*unknown, instructions_metric)));
            return true;
        }
        return count_by(*valgrind, first);
    }

    bool count_by(const std::string& valgrind, std::size_t first) {
        const CountedBatch batch = batch_of_valgrind();
        concurrency_of_valgrind_ = batch.concurrency;
        for (std::size_t i = first; i < samples_.size(); ++i) {
            GateSample& sample = samples_[i];
            if (may_stop()) return false;
            if (!sample.failure.empty()) continue;
            tell(sample.subject, sample.arm, sample.pair, "instructions");
            MetricValue count = trials_.instructions(batch, sample.arm, valgrind);
            if (!count.value) skip(fmt::format("{}: {}", name_of(sample.arm), count.reason));
            sample.metrics[instructions_metric] = std::move(count);
            if (!skipped_.empty()) break;
        }
        return !may_stop();
    }

    /// As many requests as the time allows, by how long the batch took without valgrind.
    CountedBatch batch_of_valgrind() const {
        CountedBatch batch = batch_;
        batch.concurrency = std::min(batch.concurrency, most_in_flight_of_valgrind);
        const auto elapsed_ns = value_of(samples_.front().metrics, "elapsed_ns");
        if (!elapsed_ns) return batch;
        const double ns_per_request =
            *elapsed_ns / static_cast<double>(batch_.requests) * batch_.concurrency / batch.concurrency;
        const double wanted = seconds_of_valgrind * 1e9 / ns_per_request;
        const auto most = static_cast<double>(std::min(batch_.requests, most_requests));
        batch.requests =
            static_cast<std::uint64_t>(std::clamp(wanted, std::min(least_requests_of_valgrind, most), most));
        return batch;
    }

    /// Loudly, and once.
    void skip(std::string why) {
        if (skipped_.empty()) {
            result_.warnings.push_back({"no-instruction-counts",
                                        fmt::format("Instructions are not compared: {}. Without them a "
                                                    "change of the CPU's work shows only in "
                                                    "times, which are far noisier.",
                                                    why),
                                        false});
        }
        skipped_ = std::move(why);
    }

    std::vector<GateLine> judge(std::size_t subject) const {
        std::vector<GateLine> lines;
        for (const MetricRule& rule : result_.rules.metrics) {
            if (!is_counted_here(rule)) continue;
            GateLine line;
            line.subject = subject;
            line.rule = rule;
            judge_counts(line, runs_of(rule.metric));
            if (rule.metric == instructions_metric && concurrency_of_valgrind_ > 0 && line.pairs > 0) {
                line.reason +=
                    fmt::format(" Counted by valgrind at concurrency {}.", concurrency_of_valgrind_);
            }
            lines.push_back(std::move(line));
        }
        return lines;
    }

    CountedRuns runs_of(const std::string& metric) const {
        CountedRuns runs;
        for (const GateSample& sample : samples_) {
            const bool is_base = sample.arm == Arm::base;
            if (const auto value = value_of(sample.metrics, metric)) {
                (is_base ? runs.base : runs.head).push_back(*value);
            } else {
                (is_base ? runs.base_unknown : runs.head_unknown) = why_unknown(sample, metric);
            }
        }
        return runs;
    }

    GateObserver& observer_;
    GateResult& result_;
    CountedTrials trials_;
    const std::atomic<bool>* interrupted_;
    bool compares_targets_;            ///< with one client: what it does itself is not worth a slow count
    CountedBatch batch_;               ///< of the cell under way
    std::vector<GateSample> samples_;  ///< of the cell under way
    std::uint32_t concurrency_of_valgrind_ = 0;  ///< 0 where the kernel counts
    std::string skipped_;                        ///< why valgrind does not count; empty while it does
};

}  // namespace

void run_deterministic_lane(const PairedGatePlan& plan, GateObserver& observer, GateResult& result) {
    const TimePoint began = Clock::now();
    DeterministicLane(plan, observer, result).run();
    result.elapsed += std::chrono::duration_cast<Nanoseconds>(Clock::now() - began);
}

}  // namespace asyncbench
