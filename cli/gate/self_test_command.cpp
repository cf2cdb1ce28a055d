#include "cli/gate/self_test_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/self_test.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "async/errors.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/gate/block_order.hpp"
#include "cli/gate/counted_runs.hpp"
#include "cli/gate/pair_trials.hpp"
#include "cli/gate/paired_gate.hpp"
#include "cli/gate/programs.hpp"
#include "cli/gate/progress.hpp"
#include "cli/gate/sample_size.hpp"
#include "cli/shell_quote.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/trial/trial_runner.hpp"
#include "harness/work/compute.hpp"
#include "harness/work/units.hpp"
#include "reports/self_test_report.hpp"

namespace asyncbench {
namespace {

struct PlannedInjection {
    Injection injection;
    ArmSetup head;
};

struct SelfTestPlan {
    PairedGatePlan gate;  ///< rules, base, control and a scenario of one cell; its head is not used
    std::vector<PlannedInjection> injections;
    std::size_t suites = 5;          ///< gates to be judged for each injection
    std::size_t counted_suites = 2;  ///< of the counted runs, for what changes no latency
    /// For each gate with counted runs, which counts from 0 again.
    std::function<std::unique_ptr<TargetLink>()> new_target;
};

constexpr std::uint32_t pairs_in_a_block = 2;
/// An arm that cannot be measured is no reason to try for an hour.
constexpr std::size_t most_failures_in_a_row = 3;

GateCell subject_of(const Scenario& scenario) {
    GateCell subject;
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
void keep_what_is_judged(GateTrial& sample, const GateRules& rules) {
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
            GateTrial sample = run(trial);
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

    GateTrial run(const BlockTrial& trial) {
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
        const ArmSetup setup = setup_of(trial);
        GateTrial sample = sample_of(runner_of(plan_.gate, setup).run(planned, order_++), setup);
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

/// Measures blocks in which each injection has pairs of its own beside the control, as in a gate, until each
/// has as many suites as were asked for; then counts.
SelfTestResult run_self_test(const SelfTestPlan& plan, GateObserver& observer) {
    return SelfTest(plan, observer).run();
}

constexpr std::uint64_t default_suites = 5;

/// Of the sizes that a gate should find, or must.
std::vector<double> sizes_of(const GateOptions& options) {
    if (options.injections.empty()) return {0.05, 0.10, 0.20};
    std::vector<double> sizes;
    sizes.reserve(options.injections.size());
    for (const std::string& text : options.injections) sizes.push_back(parse_percent(text, "--inject"));
    return sizes;
}

/// The last strategy at the lowest concurrency that is asked for: one cell a suite, or
/// there would be no end.
Scenario one_cell(Scenario scenario) {
    if (scenario.profile.delay.shape() != DelaySpec::Shape::constant ||
        scenario.profile.delay.mean().count() == 0) {
        throw UsageError("--self-test makes a constant latency longer; give one, like --latency 5ms.");
    }
    if (scenario.target != "mock") {
        throw UsageError(
            "--self-test makes the latency of this program's own target longer; leave out --target.");
    }
    scenario.strategies = {scenario.strategies.back()};
    scenario.concurrency = {scenario.concurrency.front()};
    return scenario;
}

Scenario with_latency(Scenario scenario, double factor) {
    const auto ns = static_cast<double>(scenario.profile.delay.mean().count()) * factor;
    scenario.profile.delay = DelaySpec::parse(fmt::format("{:.0f}ns", ns));
    return scenario;
}

std::string percent_text(double share) {
    return fmt::format("+{:.3g} %", 100 * share);
}

/// What nominal compute takes here: a fixed number of rounds, not a time.
double seconds_of_nominal_second() {
    constexpr std::chrono::milliseconds nominal{5};
    std::vector<double> ratios;
    for (int i = 0; i < 5; ++i) {
        const TimePoint began = Clock::now();
        compute(nominal);
        ratios.push_back(std::chrono::duration<double>(Clock::now() - began) / nominal);
    }
    return *std::min_element(ratios.begin(), ratios.end());
}

/// The programs and targets of a self-test, for as long as it measures.
class SelfTestPrograms {
  public:
    SelfTestPrograms(const GateOptions& options, const GateConfig& settings)
        : scenario_(one_cell(settings.scenario)), own_(runner_options(scenario_, {"trial"})) {
        target_ = make_target(scenario_);
        PairedGatePlan& gate = plan_.gate;
        gate.scenario = scenario_;
        gate.rules = settings.rules;
        gate.base = {"this program", own_.trial_command, target_.get()};
        gate.control_scenario = gate_control_scenario(scenario_);
        control_target_ = make_target(gate.control_scenario);
        gate.control = {"this program", own_.trial_command, control_target_.get()};
        gate.interrupted = own_.interrupted;
        if (!options.patience.empty()) gate.patience = parse_duration(options.patience);
        gate.first_cpu = own_.first_cpu;
        gate.last_cpu = own_.last_cpu;
        plan_.suites = options.suites.empty() ? default_suites : parse_count(options.suites);
        if (plan_.suites == 0) throw UsageError("--suites must be at least 1.");
        plan_.counted_suites = std::min<std::size_t>(plan_.suites, 3);
        plan_.new_target = [this] { return make_target(scenario_); };
        plan_.injections.push_back({{"nothing", Injection::Kind::nothing, 0}, gate.base});
        for (const double size : sizes_of(options)) add_latency(size);
        if (options.only_latency) return;
        const double cpu_us = measured_cpu_us();
        for (const double size : sizes_of(options)) add_cpu(size, cpu_us);
    }

    const SelfTestPlan& plan() const { return plan_; }

  private:
    void add_latency(double size) {
        targets_.push_back(make_target(with_latency(scenario_, 1 + size)));
        ArmSetup head = plan_.gate.base;
        head.target = targets_.back().get();
        plan_.injections.push_back({{"latency " + percent_text(size), Injection::Kind::latency, size}, head});
    }

    void add_cpu(double size, double cpu_us) {
        const auto extra =
            Nanoseconds{static_cast<Nanoseconds::rep>(size * cpu_us * 1e3 / seconds_of_nominal_second())};
        ArmSetup head = plan_.gate.base;
        head.trial_command.insert(head.trial_command.end(),
                                  {"--extra-compute", fmt::format("{}ns", extra.count())});
        plan_.injections.push_back({{"client CPU " + percent_text(size), Injection::Kind::cpu, size}, head});
    }

    /// Of a request in base.
    double measured_cpu_us() {
        TrialRunner runner(own_, *target_);
        std::vector<double> values;
        for (std::uint32_t i = 0; i < 5; ++i) {
            PlannedTrial planned = plan_block(scenario_, 0).front();
            planned.spec.trial = fmt::format("cpu-{}", i);
            planned.spec.plan.requests = requests_of_sample(scenario_, scenario_.concurrency.front())
                                             .value_or(least_requests_of_sample);
            const Trial result = runner.run(planned, i);
            const auto cpu_us = value_of(result.metrics, "cpu_us_per_request");
            if (!cpu_us) throw Error(fmt::format("The trials of --self-test fail. {}", result.failure));
            values.push_back(*cpu_us);
        }
        return median(values);
    }

    Scenario scenario_;
    RunnerOptions own_;
    std::unique_ptr<TargetLink> target_;
    std::unique_ptr<TargetLink> control_target_;
    std::vector<std::unique_ptr<TargetLink>> targets_;
    SelfTestPlan plan_;
};

}  // namespace

ExitStatus gate_self_test(const GateOptions& options, const GateConfig& settings,
                          const CommandContext& context) {
    SelfTestPrograms programs(options, settings);
    GateProgress progress(progress_style(options.quiet));
    SelfTestResult result = run_self_test(programs.plan(), progress);
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    options.output.write(result);
    if (result.interrupted) return ExitStatus::interrupted;
    return result.failure.empty() ? ExitStatus::done : ExitStatus::failed;
}

}  // namespace asyncbench
