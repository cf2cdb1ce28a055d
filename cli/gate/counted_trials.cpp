#include "cli/gate/counted_trials.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "analysis/gate/evidence.hpp"
#include "cli/gate/pair_trials.hpp"
#include "cli/gate/valgrind.hpp"

namespace asyncbench {

namespace {

/// What failed explains that fewer were done.
std::optional<Warning> judge_requests(const GateSample& sample, const CountedBatch& batch) {
    const auto done = value_of(sample.metrics, "requests");
    if (!sample.failure.empty() || value_of(sample.metrics, unforeseen_errors_metric).value_or(0) > 0)
        return {};
    if (done == static_cast<double>(batch.requests)) return std::nullopt;
    return Warning{std::string(other_requests_code),
                   fmt::format("It did {:.0f} requests instead of {}.", done.value_or(0), batch.requests),
                   WarningKind::wrong};
}

}  // namespace

TrialResult CountedTrials::run(const CountedBatch& batch, const ArmSetup& setup) {
    PlannedTrial planned;
    TrialSpec& spec = planned.spec;
    spec.trial = fmt::format("counted-{}", order_);
    spec.strategy = batch.strategy;
    spec.plan.kind = PlanKind::batch;
    spec.plan.concurrency = batch.concurrency;
    spec.plan.requests = batch.requests;
    spec.profile = plan_.scenario.profile;
    spec.seed = plan_.scenario.seed;
    spec.timeout = plan_.scenario.timeout;
    return runner_of(plan_, setup).run(planned, order_++);
}

GateSample CountedTrials::run(const CountedBatch& batch, Arm arm) {
    GateSample sample = sample_of(run(batch, arm == Arm::base ? plan_.base : plan_.head));
    if (auto warning = judge_requests(sample, batch)) sample.warnings.push_back(std::move(*warning));
    sample.arm = arm;
    sample.deterministic = true;
    return sample;
}

MetricValue CountedTrials::instructions_of(const CountedBatch& batch, Arm arm, const std::string& valgrind) {
    const ValgrindRun counted(valgrind);
    ArmSetup setup = arm == Arm::base ? plan_.base : plan_.head;
    setup.trial_command = counted.wrap(setup.trial_command);
    GateSample sample = sample_of(run(batch, setup));
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

}  // namespace asyncbench
