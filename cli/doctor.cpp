#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/gate/valgrind.hpp"
#include "harness/measure/cpu_quota.hpp"
#include "harness/measure/environment.hpp"
#include "harness/measure/perf_counters.hpp"
#include "harness/measure/system_usage.hpp"
#include "reports/text/human.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {
namespace {

enum class Effect { good, spoils, unknown };

/// One thing looked at: what it is, what it does to measurements, and the command that mends it.
struct Fact {
    std::string name;
    Effect effect = Effect::good;
    std::string state;
    std::string advice;  ///< empty where nothing is to be done
};

double number_of(const std::string& text) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Judges a fact of the environment; where it is unknown, says why.
template <typename Judge>
Fact look_at(const Environment& environment, const char* fact_name, const char* name, Judge&& judge) {
    const EnvironmentFact* fact = environment.find(fact_name);
    if (fact == nullptr || !fact->value) {
        return {name, Effect::unknown, fact == nullptr ? "not looked at on this system" : fact->reason, ""};
    }
    Fact finding{name, Effect::good, *fact->value, ""};
    judge(finding, *fact->value);
    return finding;
}

Fact steal_now() {
    const SystemUsage before = read_system_usage();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto steal = steal_share(before, read_system_usage());
    if (!steal) return {"stolen CPU time", Effect::unknown, "no clock tick went by", ""};
    Fact finding{"stolen CPU time", Effect::good, fmt::format("{:.1f} % in half a second", *steal * 100), ""};
    if (*steal > 0.02) {
        finding.effect = Effect::spoils;
        finding.advice =
            "Other guests of the hypervisor take this machine's time: measure at another hour or place.";
    }
    return finding;
}

/// That programs here may run on: a container's CPU set or `taskset` may leave fewer than the machine has.
/// None where the kernel says neither.
std::optional<unsigned> usable_cpus(const Environment& environment) {
    if (const auto allowed = allowed_cpus()) return allowed;
    const EnvironmentFact* online = environment.find("cpus_online");
    if (online == nullptr || !online->value) return std::nullopt;
    return static_cast<unsigned>(number_of(*online->value));
}

Fact cpus(const Environment& environment) {
    const auto usable = usable_cpus(environment);
    if (!usable) return {"CPUs", Effect::unknown, "the kernel does not say", ""};
    Fact finding{"CPUs", Effect::good, fmt::format("{}", *usable), ""};
    const EnvironmentFact* online = environment.find("cpus_online");
    const bool all = online == nullptr || !online->value || *usable >= number_of(*online->value);
    if (!all) finding.state += fmt::format(" allowed of {}", *online->value);
    if (*usable < 2) {
        finding.effect = Effect::spoils;
        finding.advice =
            "Client and target share one CPU: the target's work is measured too, and --pin is refused. Use "
            "two or more (taskset, --cpuset-cpus).";
    } else if (!all) {
        finding.effect = Effect::spoils;
        finding.advice =
            "Other programs of the machine are seen as disturbance: give this process all CPUs (taskset, "
            "--cpuset-cpus).";
    } else if (*usable < 4) {
        finding.advice = "Few: strategies with several threads or loops compete with the target (see --pin).";
    }
    return finding;
}

Fact cpu_quota(const Environment& environment) {
    const CpuQuota quota = read_cpu_quota();
    if (!quota.cores)
        return {"CPU quota", quota.is_readable ? Effect::good : Effect::unknown, quota.reason, ""};
    Fact finding{"CPU quota", Effect::good, fmt::format("{:.2f} CPUs", *quota.cores), ""};
    if (quota.periods > 0)
        finding.state += fmt::format(", spent in {} of {} periods", quota.stopped_periods, quota.periods);
    const unsigned usable = usable_cpus(environment).value_or(1);
    if (*quota.cores < usable) {
        finding.effect = Effect::spoils;
        finding.advice = fmt::format(
            "Client and target are stopped where they have spent it, for up to a tenth of a second: raise it "
            "to {} CPUs or take it off (docker --cpus, resources.limits.cpu).",
            usable);
    }
    return finding;
}

/// Opens one: a setting that allows counters makes none where the machine has none.
Fact hardware_counters() {
    PerfCounters counters;
    counters.start();
    counters.stop();
    const CounterValue instructions = counters.values().instructions;
    if (instructions.value) {
        return {"hardware counters", Effect::good,
                fmt::format("{} instructions counted in a try", *instructions.value), ""};
    }
    Fact finding{"hardware counters", Effect::spoils, instructions.reason, ""};
    finding.advice = find_valgrind() ? "`gate` counts instructions with valgrind instead; trials do not."
                                     : "`gate` can count instructions without them: install valgrind.";
    return finding;
}

std::vector<Fact> examine() {
    const Environment environment = read_environment();
    const auto spoils = [](Fact& finding, std::string advice) {
        finding.effect = Effect::spoils;
        finding.advice = std::move(advice);
    };
    std::vector<Fact> findings;
    findings.push_back(cpus(environment));
    findings.push_back(cpu_quota(environment));
    findings.push_back(look_at(environment, "cpu_governor", "CPU frequency governor",
                               [&](Fact& finding, const std::string& value) {
                                   if (value != "performance")
                                       spoils(finding, "cpupower frequency-set -g performance");
                               }));
    findings.push_back(look_at(environment, "turbo", "turbo", [&](Fact& finding, const std::string& value) {
        if (value == "on") {
            finding.advice =
                "Speed depends on the temperature; for steadier numbers: "
                "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo";
        }
    }));
    findings.push_back(
        look_at(environment, "load_average_1m", "load", [&](Fact& finding, const std::string& value) {
            if (number_of(value) > 0.5) spoils(finding, "Other programs run: see `top`, end them or wait.");
        }));
    findings.push_back(steal_now());
    findings.push_back(look_at(
        environment, "virtualization", "virtual machine", [&](Fact& finding, const std::string& value) {
            if (value != "none")
                finding.advice = "Neighbours disturb: compare within one run, not across runs.";
        }));
    findings.push_back(
        look_at(environment, "clock_source", "clock source", [&](Fact& finding, const std::string& value) {
            if (value != "tsc" && value != "kvm-clock" && value != "arch_sys_counter") {
                spoils(finding,
                       "Reading the clock is a slow system call here: "
                       "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource");
            }
        }));
    findings.push_back(look_at(environment, "file_descriptor_hard_limit", "descriptors",
                               [&](Fact& finding, const std::string& value) {
                                   if (value != "unlimited" && number_of(value) < 10100) {
                                       spoils(finding, "Too few for -c 10000: ulimit -Hn 65536 (as root)");
                                   }
                               }));
    findings.push_back(look_at(
        environment, "tcp_tw_reuse", "ports in TIME_WAIT", [&](Fact& finding, const std::string& value) {
            if (value == "0") {
                spoils(finding,
                       "Closed connections hold their ports for a minute: sysctl -w net.ipv4.tcp_tw_reuse=2");
            }
        }));
    findings.push_back(
        look_at(environment, "somaxconn", "listen backlog", [&](Fact& finding, const std::string& value) {
            if (number_of(value) < 1024) spoils(finding, "sysctl -w net.core.somaxconn=4096");
        }));
    findings.push_back(hardware_counters());
    findings.push_back(
        look_at(environment, "compiler_flags", "this build", [&](Fact& finding, const std::string& value) {
            if (value.find("-O") == std::string::npos || value.find("-O0") != std::string::npos ||
                value.find("sanitize") != std::string::npos) {
                spoils(finding, "Not an optimised build: scripts/build release");
            }
        }));
    return findings;
}

const char* mark(Effect effect) {
    switch (effect) {
        case Effect::good:
            return "ok";
        case Effect::spoils:
            return "SPOILS";
        case Effect::unknown:
            break;
    }
    return "?";
}

/// In lines of 80 columns. The texts come from the kernel, and from files that a container may have made.
void print_fact(const Fact& fact) {
    constexpr std::size_t columns = 80;
    constexpr std::size_t column = 33;
    std::string begin = fmt::format("{:<7} {}", mark(fact.effect), fact.name);
    for (const std::string& text : {fact.state, fact.advice}) {
        for (const std::string& line : wrapped(printable(text), columns - column)) {
            fmt::print("{:<{}}{}\n", begin, column, line);
            begin.clear();
        }
    }
}

}  // namespace

void add_doctor_command(CLI::App& app, CommandContext&) {
    CLI::App* command = app.add_subcommand(
        "doctor", "What on this machine spoils measurements, and the command that mends it");
    command->callback([] {
        for (const Fact& finding : examine()) {
            print_fact(finding);
        }
    });
}

}  // namespace asyncbench
