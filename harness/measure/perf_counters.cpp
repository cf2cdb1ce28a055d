#include "harness/measure/perf_counters.hpp"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

constexpr const char* not_started = "the counter was not started";

std::optional<std::string> paranoid_setting() {
    const auto content = read_small_file("/proc/sys/kernel/perf_event_paranoid");
    if (!content) return std::nullopt;
    return std::string{trimmed(*content)};
}

/// Counts in user space are allowed to everyone up to 2.
bool allows_counters(const std::optional<std::string>& paranoid) {
    int setting = 0;
    if (!paranoid || paranoid->empty()) return false;
    const auto [end, error] = std::from_chars(paranoid->data(), paranoid->data() + paranoid->size(), setting);
    return error == std::errc{} && setting <= 2;
}

std::string shared_hardware(std::uint64_t running_ns, std::uint64_t enabled_ns) {
    return "the counter ran for " + std::to_string(running_ns) + " of " + std::to_string(enabled_ns) +
           " ns only, because others use the hardware's counters too; stop other profilers";
}

}  // namespace

std::string perf_refusal(int error, const std::optional<std::string>& paranoid) {
    switch (error) {
        case EACCES:
        case EPERM:
            if (allows_counters(paranoid)) {
                return "perf_event_open is refused although kernel.perf_event_paranoid is " + *paranoid +
                       ", which allows it: a container's seccomp filter does that (docker --cap-add PERFMON)";
            }
            return "the kernel refuses perf_event_open (kernel.perf_event_paranoid is " +
                   paranoid.value_or("not readable") +
                   "); as root: sysctl kernel.perf_event_paranoid=2, and in a container allow the system "
                   "call";
        case ENOENT:
        case ENODEV:
        case EOPNOTSUPP:
            return "this machine has no hardware performance counters, as most virtual machines; measure on "
                   "bare "
                   "metal";
        case ENOSYS:
            return "this kernel is built without perf_event_open";
        default:
            return "perf_event_open failed: " + std::generic_category().message(error);
    }
}

PerfCounters::PerfCounters(pid_t process)
    : instructions_(open(PERF_COUNT_HW_INSTRUCTIONS, process)),
      cycles_(open(PERF_COUNT_HW_CPU_CYCLES, process)) {
    const auto reason = [](const Counter& counter) {
        return CounterValue{std::nullopt, counter.descriptor < 0 ? counter.refusal : not_started};
    };
    values_ = {reason(instructions_), reason(cycles_)};
}

PerfCounters::~PerfCounters() {
    if (instructions_.descriptor >= 0) close(instructions_.descriptor);
    if (cycles_.descriptor >= 0) close(cycles_.descriptor);
}

PerfCounters::Counter PerfCounters::open(std::uint64_t hardware_event, pid_t process) {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = hardware_event;
    attributes.disabled = 1;
    attributes.inherit = 1;
    // User space alone is what the strategy's code does, and what perf_event_paranoid=2 allows everyone.
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    Counter counter;
    counter.descriptor =
        static_cast<int>(syscall(SYS_perf_event_open, &attributes, process, -1, -1, PERF_FLAG_FD_CLOEXEC));
    if (counter.descriptor < 0) counter.refusal = perf_refusal(errno, paranoid_setting());
    return counter;
}

void PerfCounters::start() {
    start(instructions_);
    start(cycles_);
}

void PerfCounters::stop() {
    values_ = {stop(instructions_), stop(cycles_)};
}

void PerfCounters::start(Counter& counter) {
    // PERF_EVENT_IOC_RESET leaves what ended threads added, and the times: a difference holds for both.
    counter.began = read(counter);
    if (counter.began) ioctl(counter.descriptor, PERF_EVENT_IOC_ENABLE, 0);
}

CounterValue PerfCounters::stop(Counter& counter) {
    if (counter.descriptor < 0) return {std::nullopt, counter.refusal};
    if (!counter.began) return {std::nullopt, not_started};
    ioctl(counter.descriptor, PERF_EVENT_IOC_DISABLE, 0);
    const auto ended = read(counter);
    const Reading began = *counter.began;
    counter.began.reset();
    if (!ended) return {std::nullopt, "the counter could not be read"};
    const std::uint64_t enabled = ended->enabled_ns - began.enabled_ns;
    const std::uint64_t running = ended->running_ns - began.running_ns;
    if (running < enabled) return {std::nullopt, shared_hardware(running, enabled)};
    return {ended->value - began.value, ""};
}

std::optional<PerfCounters::Reading> PerfCounters::read(const Counter& counter) {
    if (counter.descriptor < 0) return std::nullopt;
    Reading reading;
    if (::read(counter.descriptor, &reading, sizeof reading) != sizeof reading) return std::nullopt;
    return reading;
}

}  // namespace asyncbench
