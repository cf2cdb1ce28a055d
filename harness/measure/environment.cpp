#include "harness/measure/environment.hpp"

#include <curl/curl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "harness/measure/build_info.hpp"
#include "harness/measure/cpu_facts.hpp"
#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

EnvironmentFact known(std::string name, std::string value) {
    return {std::move(name), std::move(value), ""};
}

EnvironmentFact unknown(std::string name, std::string reason) {
    return {std::move(name), std::nullopt, std::move(reason)};
}

std::string errno_text() {
    return std::generic_category().message(errno);
}

EnvironmentFact of_file(std::string name, const std::string& path) {
    const auto content = read_small_file(path);
    if (!content) return unknown(std::move(name), path + " cannot be read");
    return known(std::move(name), std::string{trimmed(*content)});
}

EnvironmentFact os() {
    const std::string text = read_small_file("/etc/os-release").value_or("");
    constexpr std::string_view key = "PRETTY_NAME=";
    const auto at = text.find(key);
    if (at == std::string::npos) return unknown("os", "/etc/os-release has no PRETTY_NAME");
    std::string name = text.substr(at + key.size(), text.find('\n', at) - at - key.size());
    std::erase(name, '"');
    return known("os", std::move(name));
}

EnvironmentFact kernel() {
    utsname names{};
    if (uname(&names) != 0) return unknown("kernel", "uname failed: " + errno_text());
    // Not nodename: it is the host's name.
    return known("kernel", std::string{names.sysname} + " " + names.release + " " + names.machine);
}

EnvironmentFact cpus_online() {
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1) return unknown("cpus_online", "sysconf does not say");
    return known("cpus_online", std::to_string(count));
}

EnvironmentFact cpus_allowed() {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return unknown("cpus_allowed", "sched_getaffinity failed: " + errno_text());
    }
    std::string list;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        const int first = cpu;
        while (cpu + 1 < CPU_SETSIZE && CPU_ISSET(cpu + 1, &allowed)) ++cpu;
        if (!list.empty()) list += ",";
        list += std::to_string(first);
        if (cpu > first) list += "-" + std::to_string(cpu);
    }
    return known("cpus_allowed", std::move(list));
}

EnvironmentFact memory_bytes() {
    const std::string text = read_small_file("/proc/meminfo").value_or("");
    const auto field = find_proc_field(text, "MemTotal");
    const auto kibibytes = field ? leading_number(*field) : std::nullopt;
    if (!kibibytes) return unknown("memory_bytes", "/proc/meminfo has no MemTotal");
    return known("memory_bytes", std::to_string(*kibibytes * 1024));
}

EnvironmentFact load_average_1m() {
    EnvironmentFact fact = of_file("load_average_1m", "/proc/loadavg");
    if (fact.value) fact.value = fact.value->substr(0, fact.value->find(' '));
    return fact;
}

EnvironmentFact ephemeral_ports() {
    EnvironmentFact fact = of_file("ephemeral_ports", "/proc/sys/net/ipv4/ip_local_port_range");
    if (fact.value) std::replace(fact.value->begin(), fact.value->end(), '\t', '-');
    return fact;
}

std::string limit_text(rlim_t limit) {
    return limit == RLIM_INFINITY ? "unlimited" : std::to_string(limit);
}

void add_descriptor_limits(std::vector<EnvironmentFact>& facts) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        const std::string reason = "getrlimit failed: " + errno_text();
        facts.push_back(unknown("file_descriptor_limit", reason));
        facts.push_back(unknown("file_descriptor_hard_limit", reason));
        return;
    }
    facts.push_back(known("file_descriptor_limit", limit_text(limit.rlim_cur)));
    facts.push_back(known("file_descriptor_hard_limit", limit_text(limit.rlim_max)));
}

void add_build(std::vector<EnvironmentFact>& facts) {
    const BuildInfo build = build_info();
    facts.push_back(known("asyncbench_version", build.version));
    facts.push_back(known("compiler", build.compiler));
    facts.push_back(known("compiler_flags", build.compiler_flags));
    facts.push_back(build.build_type.empty() ? unknown("build_type", "CMake was given none")
                                             : known("build_type", build.build_type));
    facts.push_back(known("boost_version", build.boost_version));
    facts.push_back(known("curl_version", curl_version()));
}

}  // namespace

const EnvironmentFact* Environment::find(std::string_view name) const {
    const auto found =
        std::find_if(facts.begin(), facts.end(), [&](const auto& fact) { return fact.name == name; });
    return found == facts.end() ? nullptr : &*found;
}

Environment read_environment() {
    std::vector<EnvironmentFact> facts{os(), kernel()};
    for (auto& fact : read_cpu_facts()) facts.push_back(std::move(fact));
    facts.push_back(cpus_online());
    facts.push_back(cpus_allowed());
    facts.push_back(memory_bytes());
    facts.push_back(load_average_1m());
    facts.push_back(
        of_file("clock_source", "/sys/devices/system/clocksource/clocksource0/current_clocksource"));
    facts.push_back(of_file("perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid"));
    add_descriptor_limits(facts);
    facts.push_back(ephemeral_ports());
    facts.push_back(of_file("tcp_tw_reuse", "/proc/sys/net/ipv4/tcp_tw_reuse"));
    facts.push_back(of_file("somaxconn", "/proc/sys/net/core/somaxconn"));
    add_build(facts);
    return {std::move(facts)};
}

}  // namespace asyncbench
