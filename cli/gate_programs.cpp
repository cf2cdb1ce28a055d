#include "cli/gate_programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "cli/experiment_setup.hpp"
#include "harness/errors.hpp"
#include "harness/workload/units.hpp"

namespace asyncbench {
namespace {

bool is_asyncbench_alone(std::string_view text) {
    const bool one_word =
        std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; });
    return one_word && text.substr(text.rfind('/') + 1) == "asyncbench";
}

/// Of the negative control: small, the same in every gate, and of this program alone.
Scenario control_scenario(const Scenario& measured) {
    Scenario control = default_gate_scenario();
    control.name = "control";
    control.strategies = {StrategySpec::parse("callback")};
    control.concurrency = {16};
    control.seed = measured.seed;
    control.pin = measured.pin;
    return control;
}

void require_commands(const GateOptions& options) {
    if (!options.base.empty() && !options.head.empty()) return;
    throw UsageError(
        fmt::format("gate compares two programs, and {} is missing. Give the commands of their trials with "
                    "--base and --head; see `asyncbench gate --help`.",
                    options.base.empty() ? (options.head.empty() ? "each of them" : "--base") : "--head"));
}

}  // namespace

std::vector<std::string> trial_command(std::string_view text) {
    constexpr std::string_view prefix = "exec:";
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    std::string command(text);
    if (is_asyncbench_alone(text)) command += " trial";
    return {"/bin/sh", "-c", command};
}

PairedPrograms::PairedPrograms(const GateOptions& options, const GateConfig& settings) {
    require_commands(options);
    const RunnerOptions own = runner_options(settings.scenario, {"trial"});
    target_ = make_target(settings.scenario);
    plan_.scenario = settings.scenario;
    plan_.rules = settings.rules;
    plan_.base = {options.base, trial_command(options.base), target_.get()};
    plan_.head = {options.head, trial_command(options.head), target_.get()};
    plan_.control_scenario = control_scenario(settings.scenario);
    control_target_ = make_target(plan_.control_scenario);
    plan_.control = {"this program", own.trial_command, control_target_.get()};
    plan_.interrupted = own.interrupted;
    plan_.first_cpu = own.first_cpu;
    plan_.last_cpu = own.last_cpu;
    plan_.patience = options.patience.empty() ? std::chrono::seconds{10} : parse_duration(options.patience);
}

}  // namespace asyncbench
