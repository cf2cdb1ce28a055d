#include "cli/gate/self_test_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "async/errors.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/gate/programs.hpp"
#include "cli/gate/progress.hpp"
#include "cli/gate/sample_size.hpp"
#include "cli/gate/self_test_run.hpp"
#include "cli/shell_quote.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/trial/trial_runner.hpp"
#include "harness/work/compute.hpp"
#include "harness/work/units.hpp"
#include "reports/self_test_report.hpp"

namespace asyncbench {
namespace {

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
            const TrialResult result = runner.run(planned, i);
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
