#include "cli/gate/programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "async/errors.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/tell.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

bool is_asyncbench_alone(std::string_view text) {
    const bool one_word =
        std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; });
    return one_word && text.substr(text.rfind('/') + 1) == "asyncbench";
}

void require_commands(const GateOptions& options) {
    if (!options.base.empty() && !options.head.empty()) return;
    throw UsageError(
        fmt::format("gate compares two programs, and {} is missing. Give the commands of their trials with "
                    "--base and --head; see `asyncbench gate --help`.",
                    options.base.empty() ? (options.head.empty() ? "each of them" : "--base") : "--head"));
}

}  // namespace

Scenario gate_control_scenario(const Scenario& measured) {
    Scenario control = default_gate_scenario();
    control.name = "control";
    control.strategies = {StrategySpec::parse("callback")};
    control.concurrency = {16};
    control.seed = measured.seed;
    control.pin = measured.pin;
    return control;
}

std::vector<std::string> trial_command(std::string_view text) {
    constexpr std::string_view prefix = "exec:";
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    std::string command(text);
    if (is_asyncbench_alone(text)) command += " trial";
    return {"/bin/sh", "-c", command};
}

void PairedPrograms::start_programs(const GateOptions& options, const Scenario& scenario) {
    require_commands(options);
    target_ = make_target(scenario);
    plan_.base = {options.base, trial_command(options.base), target_.get()};
    plan_.head = {options.head, trial_command(options.head), target_.get()};
}

void PairedPrograms::start_servers(const GateOptions& options, const Scenario& scenario,
                                   const RunnerOptions& own) {
    ServerSpec server{.name = "base", .command = options.base_target, .request = scenario.request};
    server.speaks_tls = options.https;
    server.health_path = options.health_path;
    if (!options.start_timeout.empty()) server.start_timeout = parse_duration(options.start_timeout);
    server.timeout = scenario.timeout;
    server.interrupted = own.interrupted;
    server.tell = tell;
    // Where trials have CPUs of their own, what they call has the one before them.
    if (own.first_cpu) server.first_cpu = server.last_cpu = *own.first_cpu - 1;
    target_ = std::make_unique<TargetLink>(server);
    plan_.base = {"this program", own.trial_command, target_.get()};
    server.name = "head";
    server.command = options.head_target;
    head_target_ = std::make_unique<TargetLink>(server);
    plan_.head = {"this program", own.trial_command, head_target_.get()};
}

void PairedPrograms::find_servers(const GateOptions& options, const Scenario& scenario,
                                  const RunnerOptions& own) {
    const auto found = [&](const std::string& url) {
        Scenario its = scenario;
        its.target = SecretText::url(url);
        end_target_before_paths(its);
        return make_target(its);
    };
    target_ = found(options.base_url);
    plan_.base = {"this program", own.trial_command, target_.get()};
    head_target_ = found(options.head_url);
    plan_.head = {"this program", own.trial_command, head_target_.get()};
}

PairedPrograms::PairedPrograms(const GateOptions& options, const GateConfig& settings) {
    const RunnerOptions own = runner_options(settings.scenario, {"trial"});
    if (options.compares_servers()) {
        start_servers(options, settings.scenario, own);
    } else if (options.compares_running_servers()) {
        find_servers(options, settings.scenario, own);
    } else {
        start_programs(options, settings.scenario);
    }
    plan_.scenario = settings.scenario;
    plan_.rules = settings.rules;
    plan_.control_scenario = gate_control_scenario(settings.scenario);
    control_target_ = make_target(plan_.control_scenario);
    plan_.control = {"this program", own.trial_command, control_target_.get()};
    plan_.interrupted = own.interrupted;
    plan_.first_cpu = own.first_cpu;
    plan_.last_cpu = own.last_cpu;
    plan_.patience = options.patience.empty() ? std::chrono::seconds{10} : parse_duration(options.patience);
}

PairedPrograms::~PairedPrograms() {
    for (TargetLink* target : {target_.get(), head_target_.get()}) {
        if (target != nullptr) target->ask_to_end();
    }
}

}  // namespace asyncbench
