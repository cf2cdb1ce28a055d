#include "cli/gate/pair_trials.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/server_rules.hpp"

namespace asyncbench {
namespace {

/// What the shell means by its statuses, which it says on stderr, far from the report.
std::string_view hint(const std::string& failure) {
    if (failure.find("status 127 ") != std::string::npos) return " The shell did not find the program.";
    if (failure.find("status 126 ") != std::string::npos) return " The shell may not run the program.";
    return "";
}

/// A batch asks for the ids from 0 on; where a client asks for others, the target agrees with it.
std::optional<Warning> judge_ids(const Trial& result) {
    const PlanSpec& plan = result.spec.plan;
    if (result.load) return std::nullopt;  // its requests have no ids
    if (!result.failure.empty() || plan.kind != PlanKind::batch || result.client.count != plan.requests)
        return std::nullopt;
    Fingerprint asked;
    for (std::uint64_t id = 0; id < plan.requests; ++id) asked.add(id);
    if (asked == result.client) return std::nullopt;
    return Warning{"other-ids",
                   fmt::format("It asked for other requests than those numbered 0 to {}: the work was not "
                               "the same.",
                               plan.requests - 1),
                   WarningKind::wrong};
}

}  // namespace

TrialRunner runner_of(const PairedGatePlan& plan, const ArmSetup& arm) {
    return TrialRunner({.trial_command = arm.trial_command,
                        .interrupted = plan.interrupted,
                        .first_cpu = plan.first_cpu,
                        .last_cpu = plan.last_cpu,
                        .patience = plan.patience},
                       *arm.target);
}

TrialSpec trial_spec_of(const GateCell& subject, const Scenario& scenario) {
    TrialSpec spec(scenario);
    spec.strategy = StrategySpec::parse(subject.strategy);
    spec.plan.concurrency = subject.concurrency;
    if (spec.plan.kind == PlanKind::batch) spec.plan.requests = subject.requests;
    return spec;
}

GateTrial sample_of(Trial result, const ArmSetup& setup) {
    if (setup.target->server_meter() != nullptr || result.load)
        result.metrics = metrics_of_generator(std::move(result.metrics));
    if (auto warning = judge_ids(result)) result.warnings.push_back(std::move(*warning));
    return gate_sample(std::move(result));
}

std::string text_of_failing(std::string_view arm, const ArmSetup& setup, const FailureLimit& limit,
                            const std::string& last) {
    return fmt::format("The trials of {} (`{}`) fail, {} of {}. {}{} Its own messages are on stderr.", arm,
                       setup.name.shown(), limit.failed(), limit.trials(), last, hint(last));
}

GateTrials::GateTrials(const PairedGatePlan& plan)
    : plan_(plan),
      programs_{{{&plan.base, "base", runner_of(plan, plan.base)},
                 {&plan.head, "head", runner_of(plan, plan.head)},
                 {&plan.control, "the control", runner_of(plan, plan.control)}}} {}

bool GateTrials::interrupted() const {
    return plan_.interrupted != nullptr && *plan_.interrupted;
}

GateTrials::Programs& GateTrials::programs_of(const GateCell& subject, Arm arm) {
    if (subject.is_control) return programs_[2];
    return programs_[arm == Arm::base ? 0 : 1];
}

const Scenario& GateTrials::scenario_of(const GateCell& subject) const {
    return subject.is_control ? plan_.control_scenario : plan_.scenario;
}

Trial GateTrials::run_trial(Programs& programs, TrialSpec spec) {
    PlannedTrial planned;
    planned.spec = std::move(spec);
    Trial result = programs.runner.run(planned, order_++);
    if (interrupted()) return result;
    programs.limit.count(result.lost());
    if (failure_.empty() && programs.limit.reached()) {
        failure_ = text_of_failing(programs.name, *programs.setup, programs.limit, result.failure);
    }
    return result;
}

GateTrial GateTrials::run(const GateCell& subject, const BlockTrial& trial, bool confirmation) {
    TrialSpec spec = trial_spec_of(subject, scenario_of(subject));
    spec.trial = fmt::format("g{}-{}{}-s{}-{}", order_, confirmation ? "again" : "p", trial.pair,
                             trial.subject, name_of(trial.arm));
    Programs& programs = programs_of(subject, trial.arm);
    GateTrial sample = sample_of(run_trial(programs, std::move(spec)), *programs.setup);
    sample.subject = trial.subject;
    sample.arm = trial.arm;
    sample.repetition = trial.pair;
    sample.confirmation = confirmation;
    return sample;
}

Trial GateTrials::try_base(const GateCell& subject, std::uint64_t requests) {
    GateCell tried = subject;
    tried.requests = requests;
    TrialSpec spec = trial_spec_of(tried, scenario_of(subject));
    spec.trial = fmt::format("g{}-size-base", order_);
    return run_trial(programs_[0], std::move(spec));
}

}  // namespace asyncbench
