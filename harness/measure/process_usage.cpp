#include "harness/measure/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "async/errors.hpp"
#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

constexpr const char* status_path = "/proc/self/status";

std::uint64_t status_number(std::string_view status, std::string_view key) {
    const auto field = find_proc_field(status, key);
    const auto number = field ? leading_number(*field) : std::nullopt;
    if (!number) {
        throw Error(std::string{status_path} + " has no number for " + std::string{key} +
                    ", so memory and threads of this process are unknown; run on Linux with /proc mounted.");
    }
    return *number;
}

std::chrono::microseconds microseconds_of(const timeval& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

ProcessUsage read_process_usage() {
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        throw Error("getrusage failed: " + std::generic_category().message(errno) + ".");
    }
    // ru_maxrss outlives exec: a child would report its parent's peak. VmHWM is of this program alone.
    const std::string status = read_small_file(status_path).value_or("");
    constexpr std::uint64_t kibibyte = 1024;
    ProcessUsage result;
    result.cpu_user = microseconds_of(usage.ru_utime);
    result.cpu_system = microseconds_of(usage.ru_stime);
    result.voluntary_switches = static_cast<std::uint64_t>(usage.ru_nvcsw);
    result.involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw);
    result.peak_rss_bytes = status_number(status, "VmHWM") * kibibyte;
    result.rss_bytes = status_number(status, "VmRSS") * kibibyte;
    result.threads = static_cast<std::uint32_t>(status_number(status, "Threads"));
    return result;
}

ProcessUsage operator-(const ProcessUsage& later, const ProcessUsage& earlier) {
    ProcessUsage result = later;
    result.cpu_user -= earlier.cpu_user;
    result.cpu_system -= earlier.cpu_system;
    result.voluntary_switches -= earlier.voluntary_switches;
    result.involuntary_switches -= earlier.involuntary_switches;
    return result;
}

std::optional<Nanoseconds> process_cpu_wait() {
    std::optional<Nanoseconds> sum;
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
        // Time on a CPU, time of waiting for one, how often it ran.
        const auto text = read_small_file(thread.path().native() + "/schedstat");
        const std::size_t blank = text ? text->find(' ') : std::string::npos;
        if (blank == std::string::npos) continue;
        const auto waited = leading_number(std::string_view(*text).substr(blank));
        if (waited) sum = sum.value_or(Nanoseconds{0}) + Nanoseconds{*waited};
    }
    return sum;
}

std::optional<Nanoseconds> process_cpu_time(pid_t process) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0) return std::nullopt;
    if (clock_gettime(clock, &time) != 0) return std::nullopt;
    return std::chrono::seconds{time.tv_sec} + Nanoseconds{time.tv_nsec};
}

std::optional<Nanoseconds> process_group_cpu_time(pid_t group) {
    std::optional<Nanoseconds> sum;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        const auto number = leading_number(entry.path().filename().native());
        if (!number || getpgid(static_cast<pid_t>(*number)) != group) continue;
        const auto time = process_cpu_time(static_cast<pid_t>(*number));
        if (time) sum = sum.value_or(Nanoseconds{0}) + *time;
    }
    return sum;
}

}  // namespace asyncbench
