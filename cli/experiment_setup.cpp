#include "cli/experiment_setup.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <filesystem>
#include <optional>

#include "async/errors.hpp"
#include "cli/interruption.hpp"
#include "cli/scenario_options.hpp"

namespace asyncbench {
namespace {

std::string own_path() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

/// The CPUs this process may use, ascending.
std::vector<unsigned> allowed_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    std::vector<unsigned> cpus;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    }
    return cpus;
}

/// --pin: the first for the target, the others for the trials.
std::vector<unsigned> cpus_to_pin() {
    const auto cpus = allowed_cpus();
    if (cpus.size() < 2 || cpus.back() - cpus.front() + 1 != cpus.size()) {
        throw Error(
            "--pin needs two CPUs or more without a gap between them: the first for the target, the others "
            "for "
            "the trials. See which this process may use: `taskset -p $$`.");
    }
    return cpus;
}

ChildProcess::Options target_command(const Scenario& scenario) {
    ChildProcess::Options options;
    options.command = {own_path(), "target", scenario.target.reveal(), "--port", "0", "--end-with-parent"};
    const auto flags = target_flags(scenario);
    options.command.insert(options.command.end(), flags.begin(), flags.end());
    if (scenario.pin) options.cpu_first = options.cpu_last = cpus_to_pin().front();
    return options;
}

}  // namespace

void require_secrets(const Scenario& scenario) {
    const auto require = [](const SecretText& text, std::string_view what, std::string_view flag) {
        if (!text.lacks_its_secret()) return;
        throw UsageError(
            fmt::format("The {} '{}' comes from a result or report, which hold no secrets: *** stands in "
                        "its place. Say the whole of it with {}.",
                        what, text.shown(), flag));
    };
    require(scenario.target, "target", "--target");
    for (const SecretText& line : scenario.request.headers) require(line, "header", "-H");
    if (scenario.data) require(*scenario.data, "body", "--data");
}

std::unique_ptr<TargetLink> make_target(const Scenario& scenario) {
    require_secrets(scenario);
    if (has_foreign_target(scenario)) {
        SessionOptions options;
        options.timeout = scenario.timeout;
        options.interrupted = &watch_for_interruption();
        return std::make_unique<TargetLink>(scenario.target, scenario.request, options,
                                            addresses_by_rule(scenario.resolve, scenario.target.reveal()));
    }
    return std::make_unique<TargetLink>(target_command(scenario));
}

RunnerOptions runner_options(const Scenario& scenario, const std::vector<std::string>& trial_arguments) {
    RunnerOptions options{{own_path()}, &watch_for_interruption(), {}, {}};
    options.trial_command.insert(options.trial_command.end(), trial_arguments.begin(), trial_arguments.end());
    if (scenario.pin) {
        const auto cpus = cpus_to_pin();
        options.first_cpu = cpus[1];
        options.last_cpu = cpus.back();
    }
    return options;
}

}  // namespace asyncbench
