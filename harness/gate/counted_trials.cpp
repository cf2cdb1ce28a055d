#include "harness/gate/counted_trials.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/gate/gate_trials.hpp"
#include "harness/gate/valgrind.hpp"

namespace asyncbench {

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
    sample.arm = arm;
    sample.deterministic = true;
    return sample;
}

MetricValue CountedTrials::instructions_of(const CountedBatch& batch, Arm arm, const std::string& valgrind) {
    const ValgrindRun counted(valgrind);
    ArmSetup setup = arm == Arm::base ? plan_.base : plan_.head;
    setup.trial_command = counted.wrap(setup.trial_command);
    const TrialResult result = run(batch, setup);
    if (!result.failure.empty()) {
        return MetricValue::unknown(fmt::format("under valgrind its trial fails: {}", result.failure));
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
    result.value = (*result.value - *once.value) / static_cast<double>(batch.requests);
    return result;
}

}  // namespace asyncbench
