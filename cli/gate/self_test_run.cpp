#include "cli/gate/self_test_run.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <span>
#include <utility>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/self_test.hpp"
#include "cli/gate/block_order.hpp"
#include "cli/gate/counted_runs.hpp"
#include "cli/gate/pair_trials.hpp"
#include "cli/gate/sample_size.hpp"

namespace asyncbench {
namespace {

constexpr std::uint32_t pairs_in_a_block = 2;
/// An arm that cannot be measured is no reason to try for an hour.
constexpr std::size_t most_failures_in_a_row = 3;

GateSubject subject_of(const Scenario& scenario) {
    GateSubject subject;
    subject.strategy = scenario.strategies.front().text();
    subject.concurrency = scenario.concurrency.front();
    subject.name = fmt::format("{} at {}", subject.strategy, subject.concurrency);
    subject.requests = planned_requests(scenario, subject.concurrency);
    if (subject.requests == 0) {
        subject.requests =
            requests_of_sample(scenario, subject.concurrency).value_or(least_requests_of_sample);
    }
    return subject;
}

/// Thousands of samples are kept, of each what is judged.
void keep_what_is_judged(GateSample& sample, const GateRules& rules) {
    std::set<std::string, std::less<>> kept = {"requests", "response_bytes_per_request",
                                               std::string(unforeseen_errors_metric)};
    for (const MetricRule& rule : rules.metrics) kept.insert(rule.metric);
    std::erase_if(sample.metrics, [&](const auto& metric) { return !kept.contains(metric.first); });
    std::erase_if(sample.warnings, [](const Warning& warning) { return warning.kind == WarningKind::note; });
}

class SelfTest {
  public:
    SelfTest(const SelfTestPlan& plan, GateObserver& observer) : plan_(plan), observer_(observer) {
        result_.environment = read_environment();
        result_.scenario = plan.gate.scenario;
        result_.rules = plan.gate.rules;
        std::erase_if(result_.rules.metrics, [](const MetricRule& rule) {
            return rule.lane == Lane::deterministic && !is_of_errors(rule);
        });
        result_.cell = subject_of(plan.gate.scenario);
        result_.control_cell = subject_of(plan.gate.control_scenario);
        result_.control_cell.is_control = true;
        for (const PlannedInjection& planned : plan.injections) {
            result_.injections.push_back({{planned.injection}, {}, {}, {}});
        }
        first_unjudged_.resize(plan.injections.size());
    }

    SelfTestResult run() {
        const TimePoint began = Clock::now();
        for (std::uint32_t block = 0; !may_stop(); ++block) {
            std::vector<std::size_t> subjects = open_injections();
            if (subjects.empty()) break;
            subjects.push_back(control());
            measure(subjects, block);
            for (std::size_t i = 0; i < result_.injections.size(); ++i) judge(i);
        }
        for (std::size_t i = 0; i < plan_.injections.size(); ++i) count(i);
        result_.interrupted = interrupted();
        result_.elapsed = std::chrono::duration_cast<Nanoseconds>(Clock::now() - began);
        return std::move(result_);
    }

  private:
    bool interrupted() const { return plan_.gate.interrupted != nullptr && *plan_.gate.interrupted; }
    bool may_stop() const { return interrupted() || !result_.failure.empty(); }
    std::size_t control() const { return plan_.injections.size(); }

    std::vector<std::size_t> open_injections() const {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < result_.injections.size(); ++i) {
            if (result_.injections[i].suites.size() < plan_.suites) open.push_back(i);
        }
        return open;
    }

    std::vector<SamplePair>& pairs_of(std::size_t subject) {
        return subject == control() ? result_.control : result_.injections[subject].pairs;
    }

    void measure(const std::vector<std::size_t>& subjects, std::uint32_t block) {
        const std::uint32_t first = block * pairs_in_a_block;
        for (const std::size_t subject : subjects) pairs_of(subject).resize(first + pairs_in_a_block);
        for (const BlockTrial& trial :
             block_order(subjects, first, pairs_in_a_block, plan_.gate.scenario.seed, block)) {
            GateSample sample = run(trial);
            // A block that is not whole is no measurement.
            if (may_stop()) {
                for (const std::size_t subject : subjects) pairs_of(subject).resize(first);
                return;
            }
            SamplePair& pair = pairs_of(trial.subject)[trial.pair];
            (trial.arm == Arm::base ? pair.base : pair.head) = std::move(sample);
        }
    }

    const ArmSetup& setup_of(const BlockTrial& trial) const {
        if (trial.subject == control()) return plan_.gate.control;
        return trial.arm == Arm::base ? plan_.gate.base : plan_.injections[trial.subject].head;
    }

    GateSample run(const BlockTrial& trial) {
        const bool is_control = trial.subject == control();
        const std::string& name = is_control ? "control" : plan_.injections[trial.subject].injection.name;
        const std::size_t done = is_control ? 0 : result_.injections[trial.subject].suites.size();
        observer_.trial_starts(
            fmt::format("pair {}: {}, {} of {} suites judged", trial.pair, name, done, plan_.suites),
            trial.pair, trial.pair);
        PlannedTrial planned;
        planned.spec = trial_spec_of(is_control ? result_.control_cell : result_.cell,
                                     is_control ? plan_.gate.control_scenario : plan_.gate.scenario);
        planned.spec.trial = fmt::format("self-test-{}", order_);
        GateSample sample = sample_of(runner_of(plan_.gate, setup_of(trial)).run(planned, order_++));
        if (result_.started_utc.empty()) result_.started_utc = sample.started_utc;
        failures_in_a_row_ = sample.failure.empty() ? 0 : failures_in_a_row_ + 1;
        if (failures_in_a_row_ == most_failures_in_a_row) result_.failure = sample.failure;
        keep_what_is_judged(sample, result_.rules);
        return sample;
    }

    void judge(std::size_t i) {
        InjectionResult& injection = result_.injections[i];
        if (injection.suites.size() == plan_.suites) return;
        const std::size_t from = first_unjudged_[i];
        auto suite = replay_suite(result_.rules, result_.cell, std::span(injection.pairs).subspan(from),
                                  result_.control_cell,
                                  std::span(result_.control).subspan(from, injection.pairs.size() - from));
        if (!suite) return;
        first_unjudged_[i] += suite->pairs;
        observer_.looked(injection.pairs.size(), open_injections().size());
        injection.suites.push_back(std::move(*suite));
    }

    /// By the counted runs, which a change of the target's latency does not reach.
    void count(std::size_t i) {
        if (plan_.injections[i].injection.kind == Injection::Kind::latency) return;
        for (std::size_t suite = 0; suite < plan_.counted_suites && !may_stop(); ++suite) {
            const auto target = plan_.new_target();
            PairedGatePlan gate = plan_.gate;
            gate.base.target = target.get();
            gate.head = plan_.injections[i].head;
            gate.head.target = target.get();
            GateResult counted;
            counted.rules = gate.rules;
            std::erase_if(counted.rules.metrics,
                          [](const MetricRule& rule) { return rule.metric != "instructions_per_request"; });
            counted.subjects = {result_.cell};
            run_counted_runs(gate, observer_, counted);
            if (counted.interrupted) return;
            for (GateLine& line : counted.lines) result_.injections[i].counted.push_back(std::move(line));
        }
    }

    const SelfTestPlan& plan_;
    GateObserver& observer_;
    SelfTestResult result_;
    std::vector<std::size_t> first_unjudged_;  ///< of each injection's pairs
    std::uint32_t order_ = 0;
    std::size_t failures_in_a_row_ = 0;
};

}  // namespace

SelfTestResult run_self_test(const SelfTestPlan& plan, GateObserver& observer) {
    return SelfTest(plan, observer).run();
}

}  // namespace asyncbench
