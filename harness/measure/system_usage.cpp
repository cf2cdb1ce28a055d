#include "harness/measure/system_usage.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <string>
#include <system_error>

#include "async/errors.hpp"
#include "harness/measure/proc_file.hpp"

namespace asyncbench {
namespace {

/// The fields of the line `cpu`. Guest time follows them and is left out: user and nice contain it.
enum Field { user, nice, system, idle, iowait, irq, softirq, steal, fields };

std::optional<double> share(std::uint64_t before, std::uint64_t after, const SystemUsage& first,
                            const SystemUsage& last) {
    // The kernel's idle and iowait may step back a tick (proc(5)), and the total with them.
    if (last.total_ticks <= first.total_ticks) return std::nullopt;
    if (after <= before) return 0.0;
    const auto part = static_cast<double>(after - before);
    return std::min(part / static_cast<double>(last.total_ticks - first.total_ticks), 1.0);
}

}  // namespace

SystemUsage parse_system_usage(std::string_view stat) {
    constexpr std::string_view name = "cpu ";
    if (!stat.starts_with(name))
        throw Error("/proc/stat does not begin with the line cpu; this is not Linux.");
    std::string_view line = stat.substr(name.size(), stat.find('\n') - name.size());
    std::array<std::uint64_t, fields> ticks{};
    for (auto& tick : ticks) {
        line = trimmed(line);
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), tick);
        if (error != std::errc{}) throw Error("The line cpu of /proc/stat has fewer than 8 numbers.");
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    }
    SystemUsage usage;
    usage.total_ticks = std::accumulate(ticks.begin(), ticks.end(), std::uint64_t{0});
    usage.busy_ticks = usage.total_ticks - ticks[idle] - ticks[iowait] - ticks[steal];
    usage.steal_ticks = ticks[steal];
    return usage;
}

SystemUsage read_system_usage() {
    const auto stat = read_small_file("/proc/stat");
    if (!stat) throw Error("/proc/stat cannot be read, so CPU time of this machine is unknown; mount /proc.");
    return parse_system_usage(*stat);
}

std::optional<double> steal_share(const SystemUsage& before, const SystemUsage& after) {
    return share(before.steal_ticks, after.steal_ticks, before, after);
}

std::optional<double> busy_share(const SystemUsage& before, const SystemUsage& after) {
    return share(before.busy_ticks, after.busy_ticks, before, after);
}

double busy_seconds(const SystemUsage& before, const SystemUsage& after) {
    if (after.busy_ticks <= before.busy_ticks) return 0;
    return static_cast<double>(after.busy_ticks - before.busy_ticks) /
           static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace asyncbench
