#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "analysis/gate/valgrind.hpp"
#include "cli/commands.hpp"
#include "harness/measure/cpu_quota.hpp"
#include "harness/measure/environment.hpp"
#include "harness/measure/perf_counters.hpp"
#include "harness/measure/system_usage.hpp"

namespace asyncbench {
namespace {

enum class Verdict { good, spoils, unknown };

/// One thing looked at: what it is, what it does to measurements, and the command that mends it.
struct Finding {
    std::string name;
    Verdict verdict = Verdict::good;
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
Finding look_at(const Environment& environment, const char* fact_name, const char* name, Judge&& judge) {
    const EnvironmentFact* fact = environment.find(fact_name);
    if (fact == nullptr || !fact->value) {
        return {name, Verdict::unknown, fact == nullptr ? "not looked at on this system" : fact->reason, ""};
    }
    Finding finding{name, Verdict::good, *fact->value, ""};
    judge(finding, *fact->value);
    return finding;
}

Finding steal_now() {
    const SystemUsage before = read_system_usage();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto steal = steal_share(before, read_system_usage());
    if (!steal) return {"stolen CPU time", Verdict::unknown, "no clock tick went by", ""};
    Finding finding{"stolen CPU time", Verdict::good, fmt::format("{:.1f} % in half a second", *steal * 100),
                    ""};
    if (*steal > 0.02) {
        finding.verdict = Verdict::spoils;
        finding.advice =
            "Other guests of the hypervisor take this machine's time: measure at another hour or place.";
    }
    return finding;
}

/// Whether a container's CPU set or `taskset` leaves fewer CPUs than the machine has.
Finding allowed_cpus_of(std::uint32_t online) {
    const auto allowed = allowed_cpus();
    if (!allowed) return {"CPUs allowed", Verdict::unknown, "the kernel does not say", ""};
    Finding finding{"CPUs allowed", Verdict::good, fmt::format("{}", *allowed), ""};
    if (*allowed < online) {
        finding.verdict = Verdict::spoils;
        finding.state = fmt::format("{} of {}", *allowed, online);
        finding.advice =
            "Other programs of the machine are seen as disturbance, and --pin may name CPUs that are not "
            "allowed: give this process all CPUs (taskset, --cpuset-cpus).";
    }
    return finding;
}

Finding cpu_quota(std::uint32_t online) {
    const CpuQuota quota = read_cpu_quota();
    if (!quota.cores)
        return {"CPU quota", quota.is_readable ? Verdict::good : Verdict::unknown, quota.reason, ""};
    Finding finding{"CPU quota", Verdict::good, fmt::format("{:.2f} CPUs", *quota.cores), ""};
    if (quota.periods > 0)
        finding.state += fmt::format(", spent in {} of {} periods", quota.stopped_periods, quota.periods);
    if (*quota.cores < online) {
        finding.verdict = Verdict::spoils;
        finding.advice = fmt::format(
            "Client and target are stopped where they have spent it, for up to a tenth of a second: raise it "
            "to {} CPUs or take it off (docker --cpus, resources.limits.cpu).",
            online);
    }
    return finding;
}

/// Opens one: a setting that allows counters makes none where the machine has none.
Finding hardware_counters() {
    PerfCounters counters;
    counters.start();
    counters.stop();
    const CounterValue instructions = counters.values().instructions;
    if (instructions.value) {
        return {"hardware counters", Verdict::good,
                fmt::format("{} instructions counted in a try", *instructions.value), ""};
    }
    Finding finding{"hardware counters", Verdict::spoils, instructions.reason, ""};
    finding.advice = find_valgrind() ? "`gate` counts instructions with valgrind instead; trials do not."
                                     : "`gate` can count instructions without them: install valgrind.";
    return finding;
}

std::vector<Finding> examine() {
    const Environment environment = read_environment();
    const auto spoils = [](Finding& finding, std::string advice) {
        finding.verdict = Verdict::spoils;
        finding.advice = std::move(advice);
    };
    std::vector<Finding> findings;
    findings.push_back(
        look_at(environment, "cpus_online", "CPUs", [&](Finding& finding, const std::string& value) {
            if (number_of(value) < 2) {
                spoils(
                    finding,
                    "Client and target share one CPU: the target's work is measured too. Use two or more.");
            } else if (number_of(value) < 4) {
                finding.advice =
                    "Few: strategies with several threads or loops compete with the target (see --pin).";
            }
        }));
    const EnvironmentFact* cpus = environment.find("cpus_online");
    const auto online =
        static_cast<std::uint32_t>(cpus != nullptr && cpus->value ? number_of(*cpus->value) : 0);
    findings.push_back(allowed_cpus_of(online));
    findings.push_back(cpu_quota(online));
    findings.push_back(look_at(environment, "cpu_governor", "CPU frequency governor",
                               [&](Finding& finding, const std::string& value) {
                                   if (value != "performance")
                                       spoils(finding, "cpupower frequency-set -g performance");
                               }));
    findings.push_back(
        look_at(environment, "turbo", "turbo", [&](Finding& finding, const std::string& value) {
            if (value == "on") {
                finding.advice =
                    "Speed depends on the temperature; for steadier numbers: "
                    "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo";
            }
        }));
    findings.push_back(
        look_at(environment, "load_average_1m", "load", [&](Finding& finding, const std::string& value) {
            if (number_of(value) > 0.5) spoils(finding, "Other programs run: see `top`, end them or wait.");
        }));
    findings.push_back(steal_now());
    findings.push_back(look_at(
        environment, "virtualization", "virtual machine", [&](Finding& finding, const std::string& value) {
            if (value != "none")
                finding.advice = "Neighbours disturb: compare within one run, not across runs.";
        }));
    findings.push_back(
        look_at(environment, "clock_source", "clock source", [&](Finding& finding, const std::string& value) {
            if (value != "tsc" && value != "kvm-clock" && value != "arch_sys_counter") {
                spoils(finding,
                       "Reading the clock is a slow system call here: "
                       "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource");
            }
        }));
    findings.push_back(look_at(environment, "file_descriptor_hard_limit", "descriptors",
                               [&](Finding& finding, const std::string& value) {
                                   if (value != "unlimited" && number_of(value) < 10100) {
                                       spoils(finding, "Too few for -c 10000: ulimit -Hn 65536 (as root)");
                                   }
                               }));
    findings.push_back(look_at(
        environment, "tcp_tw_reuse", "ports in TIME_WAIT", [&](Finding& finding, const std::string& value) {
            if (value == "0") {
                spoils(finding,
                       "Closed connections hold their ports for a minute: sysctl -w net.ipv4.tcp_tw_reuse=2");
            }
        }));
    findings.push_back(
        look_at(environment, "somaxconn", "listen backlog", [&](Finding& finding, const std::string& value) {
            if (number_of(value) < 1024) spoils(finding, "sysctl -w net.core.somaxconn=4096");
        }));
    findings.push_back(hardware_counters());
    findings.push_back(
        look_at(environment, "compiler_flags", "this build", [&](Finding& finding, const std::string& value) {
            if (value.find("-O") == std::string::npos || value.find("-O0") != std::string::npos ||
                value.find("sanitize") != std::string::npos) {
                spoils(finding, "Not an optimised build: scripts/build release");
            }
        }));
    return findings;
}

const char* mark(Verdict verdict) {
    switch (verdict) {
        case Verdict::good:
            return "ok";
        case Verdict::spoils:
            return "SPOILS";
        case Verdict::unknown:
            break;
    }
    return "?";
}

}  // namespace

void add_doctor_command(CLI::App& app, CommandContext&) {
    CLI::App* command = app.add_subcommand(
        "doctor", "What on this machine spoils measurements, and the command that mends it");
    command->callback([] {
        for (const Finding& finding : examine()) {
            fmt::print("{:<7} {:<24} {}\n", mark(finding.verdict), finding.name, finding.state);
            if (!finding.advice.empty()) fmt::print("{:<7} {:<24}   {}\n", "", "", finding.advice);
        }
    });
}

}  // namespace asyncbench
