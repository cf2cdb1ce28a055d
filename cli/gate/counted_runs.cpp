#include "cli/gate/counted_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/judge.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/looks.hpp"
#include "cli/gate/pair_trials.hpp"
#include "cli/gate/paired_gate.hpp"
#include "cli/gate/valgrind.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {
namespace {

/// A batch that is counted: small, because a count needs no length to be right, and cold, because a warm-up
/// of a certain time does another number of requests each time.
struct CountedBatch {
    StrategySpec strategy;
    std::uint32_t concurrency = 1;
    std::uint64_t requests = 1;
};

/// Runs the trials that are counted. One thread.
class CountedTrials {
  public:
    explicit CountedTrials(const PairedGatePlan& plan) : plan_(plan) {}

    /// A trial as any other.
    GateTrial run(const CountedBatch& batch, Arm arm);

    /// Instructions a request in user mode, by valgrind: the difference of a batch and one twice as large, in
    /// which starting and ending a program cancel out. Unknown where the program does not run under it.
    MetricValue instructions(const CountedBatch& batch, Arm arm, const std::string& valgrind);

  private:
    Trial run(const CountedBatch& batch, const ArmSetup& setup);
    MetricValue tried_twice(const CountedBatch& batch, Arm arm, const std::string& valgrind);
    MetricValue instructions_of(const CountedBatch& batch, Arm arm, const std::string& valgrind);

    const PairedGatePlan& plan_;
    std::uint32_t order_ = 0;
};

/// What failed explains that fewer were done.
std::optional<Warning> judge_requests(const GateTrial& sample, const CountedBatch& batch) {
    const auto done = value_of(sample.metrics, "requests");
    if (!sample.failure.empty() || value_of(sample.metrics, unforeseen_errors_metric).value_or(0) > 0)
        return {};
    if (done == static_cast<double>(batch.requests)) return std::nullopt;
    return Warning{std::string(other_requests_code),
                   fmt::format("It did {:.0f} requests instead of {}.", done.value_or(0), batch.requests),
                   WarningKind::wrong};
}

Trial CountedTrials::run(const CountedBatch& batch, const ArmSetup& setup) {
    PlannedTrial planned{.spec = TrialSpec(plan_.scenario)};
    TrialSpec& spec = planned.spec;
    spec.trial = fmt::format("counted-{}", order_);
    spec.strategy = batch.strategy;
    spec.plan = {.kind = PlanKind::batch, .concurrency = batch.concurrency, .requests = batch.requests};
    spec.warmup = Nanoseconds{0};
    spec.diagnose = false;  // detectors work by the clock, so that their counts differ from run to run
    return runner_of(plan_, setup).run(planned, order_++);
}

GateTrial CountedTrials::run(const CountedBatch& batch, Arm arm) {
    const ArmSetup& setup = arm == Arm::base ? plan_.base : plan_.head;
    GateTrial sample = sample_of(run(batch, setup), setup);
    if (auto warning = judge_requests(sample, batch)) sample.warnings.push_back(std::move(*warning));
    sample.arm = arm;
    sample.deterministic = true;
    return sample;
}

MetricValue CountedTrials::instructions_of(const CountedBatch& batch, Arm arm, const std::string& valgrind) {
    const ValgrindRun counted(valgrind);
    ArmSetup setup = arm == Arm::base ? plan_.base : plan_.head;
    setup.trial_command = counted.wrap(setup.trial_command);
    GateTrial sample = sample_of(run(batch, setup), setup);
    if (!sample.failure.empty()) {
        return MetricValue::unknown(fmt::format("under valgrind its trial fails: {}", sample.failure));
    }
    if (auto warning = judge_requests(sample, batch)) sample.warnings.push_back(std::move(*warning));
    const std::string why = why_lost(sample, {});
    if (!why.empty())
        return MetricValue::unknown(fmt::format("under valgrind it does not do the work: {}", why));
    if (value_of(sample.metrics, unforeseen_errors_metric).value_or(0) > 0) {
        return MetricValue::unknown("under valgrind its requests fail");
    }
    const auto instructions = counted.instructions();
    if (!instructions) return MetricValue::unknown("valgrind told no count of it");
    return {static_cast<double>(*instructions), {}};
}

/// On a machine with far more to do than CPUs, a program under valgrind may not end in time.
MetricValue CountedTrials::tried_twice(const CountedBatch& batch, Arm arm, const std::string& valgrind) {
    MetricValue count = instructions_of(batch, arm, valgrind);
    return count.value ? count : instructions_of(batch, arm, valgrind);
}

MetricValue CountedTrials::instructions(const CountedBatch& batch, Arm arm, const std::string& valgrind) {
    CountedBatch twice = batch;
    twice.requests *= 2;
    MetricValue once = tried_twice(batch, arm, valgrind);
    if (!once.value) return once;
    MetricValue result = tried_twice(twice, arm, valgrind);
    if (!result.value) return result;
    const double more = *result.value - *once.value;
    if (!(more > 0))
        return MetricValue::unknown("twice as many requests take no more instructions under valgrind");
    result.value = more / static_cast<double>(batch.requests);
    return result;
}

constexpr const char* instructions_metric = "instructions_per_request";

constexpr std::uint64_t most_requests = 300;
/// Valgrind runs a program's threads one at a time, and no more than 500. Counts of a client with 64 requests
/// in flight are as repeatable as with 1: +-0.1 % and +-0.5 %.
constexpr std::uint32_t most_in_flight_of_valgrind = 64;
/// A batch of valgrind's is as long as this where the target's delays allow so many requests. 60 of them are
/// known to 0.4 %, 300 to 0.2 %.
constexpr double seconds_of_valgrind = 1;
constexpr double least_requests_of_valgrind = 60;

class CountingRuns {
  public:
    CountingRuns(const PairedGatePlan& plan, GateObserver& observer, GateResult& result)
        : plan_(plan), observer_(observer), result_(result), trials_(plan) {}

    void run() {
        const auto& rules = result_.rules.metrics;
        if (std::none_of(rules.begin(), rules.end(), is_of_counted_runs)) return;
        for (std::size_t subject = 0; subject < result_.subjects.size(); ++subject) {
            if (!result_.subjects[subject].is_control && !may_stop()) count(subject);
        }
        result_.interrupted |= is_interrupted();
    }

  private:
    bool is_interrupted() const { return plan_.interrupted != nullptr && *plan_.interrupted; }
    bool may_stop() const { return is_interrupted() || !result_.failure.empty(); }

    void count(std::size_t subject) {
        const CellState pairs = cell_state({result_.subjects, result_.samples}, subject, batches_of_pairs);
        if (pairs.base.unavailable + pairs.head.unavailable > 0) return;
        subject_ = subject;
        batch_ = {StrategySpec::parse(result_.subjects[subject].strategy),
                  result_.subjects[subject].concurrency, requests_of(result_.subjects[subject])};
        first_ = result_.samples.size();
        result_.subjects[subject].concurrency_of_valgrind = 0;
        // What fails is counted once more, in as many runs, and all together must show it.
        if (measure(false) && result_.rules.confirm && fails()) measure(true);
        conclude(result_);  // a regression goes before what may go wrong in the next cell
    }

    /// Whether a count of the subject does, or a request of head failed in its runs.
    bool fails() const {
        const GateEvidence evidence(result_.subjects, result_.samples);
        const auto lines = judge_counted_runs(result_.rules, evidence, subject_);
        return cell_state(evidence, subject_, {Batch::counted}).head.errors > 0 ||
               std::any_of(lines.begin(), lines.end(), [](const GateLine& line) {
                   return line.decides() && line.verdict == Verdict::fail;
               });
    }

    static std::uint64_t requests_of(const GateCell& subject) {
        const std::uint64_t wanted =
            subject.requests == 0 ? most_requests : std::min(subject.requests, most_requests);
        return std::max<std::uint64_t>(wanted, subject.concurrency);
    }

    /// The runs of both arms. False where it had to stop before.
    bool measure(bool confirmation) {
        const std::size_t before = result_.samples.size();
        for (std::uint32_t run = 0; run < result_.rules.deterministic_runs; ++run) {
            for (const Arm arm : {Arm::base, Arm::head}) {
                if (may_stop()) return false;
                tell(arm, run, "counting");
                GateTrial sample = trials_.run(batch_, arm);
                if (is_interrupted()) return false;
                sample.subject = subject_;
                sample.repetition = run;
                sample.confirmation = confirmation;
                note_failure(arm, sample.failure);
                result_.samples.push_back(std::move(sample));
            }
        }
        if (!may_stop() && count_instructions(before)) return true;
        // Of a batch that is not whole, some runs have no count, and nothing can be judged.
        if (is_interrupted()) result_.samples.resize(before);
        return false;
    }

    /// Where all of an arm's runs fail, nothing can be counted; where a regression was found before, that
    /// goes first.
    void note_failure(Arm arm, const std::string& failure) {
        FailureLimit& limit = arm == Arm::base ? of_base_ : of_head_;
        limit.count(!failure.empty());
        if (limit.reached() && !failure.empty() && result_.verdict() != Verdict::fail) {
            result_.failure =
                text_of_failing(name_of(arm), arm == Arm::base ? plan_.base : plan_.head, limit, failure);
        }
    }

    void tell(Arm arm, std::uint32_t run, const char* what) {
        observer_.trial_starts(fmt::format("{}: {}, {}", result_.subjects[subject_].name, name_of(arm), what),
                               run, result_.rules.deterministic_runs);
    }

    bool is_count(const GateTrial& sample) const { return did_the_work(sample, result_.subjects[subject_]); }

    /// By valgrind, where the kernel does not count for both arms: numbers of the two are not comparable.
    bool count_instructions(std::size_t first) {
        const MetricRule* rule = find_rule(result_.rules, instructions_metric);
        if (rule == nullptr || rule->lane != Lane::deterministic || !skipped_.empty()) return true;
        const auto unknown =
            std::find_if(result_.samples.begin() + static_cast<std::ptrdiff_t>(first), result_.samples.end(),
                         [&](const GateTrial& sample) {
                             return is_count(sample) && !value_of(sample.metrics, instructions_metric);
                         });
        if (unknown == result_.samples.end()) return true;
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
        result_.subjects[subject_].concurrency_of_valgrind = batch.concurrency;
        for (std::size_t i = first; i < result_.samples.size(); ++i) {
            GateTrial& sample = result_.samples[i];
            if (may_stop()) return false;
            if (!is_count(sample)) continue;
            tell(sample.arm, sample.repetition, "instructions");
            MetricValue count = trials_.instructions(batch, sample.arm, valgrind);
            if (is_interrupted()) return false;  // which is no fault of the arm's
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
        const auto elapsed_ns = value_of(result_.samples[first_].metrics, "elapsed_ns");
        if (!elapsed_ns || *elapsed_ns <= 0) return batch;
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
        if (why.ends_with('.')) why.pop_back();  // where a trial failed it is a sentence
        if (skipped_.empty()) {
            result_.notes.push_back({"no-instruction-counts",
                                     fmt::format("Instructions are not compared: {}. Without them a "
                                                 "change of the CPU's work shows only in "
                                                 "times, which are far noisier.",
                                                 why),
                                     WarningKind::note});
        }
        skipped_ = std::move(why);
    }

    const PairedGatePlan& plan_;
    GateObserver& observer_;
    GateResult& result_;
    CountedTrials trials_;
    FailureLimit of_base_;
    FailureLimit of_head_;
    std::size_t subject_ = 0;  ///< under way, as are the next three
    CountedBatch batch_;
    std::size_t first_ = 0;  ///< of its samples in the result
    std::string skipped_;    ///< why valgrind does not count; empty while it does
};

}  // namespace

void run_counted_runs(const PairedGatePlan& plan, GateObserver& observer, GateResult& result) {
    const TimePoint began = Clock::now();
    CountingRuns(plan, observer, result).run();
    result.elapsed += std::chrono::duration_cast<Nanoseconds>(Clock::now() - began);
}

}  // namespace asyncbench
