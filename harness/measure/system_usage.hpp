#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace asyncbench {

/// What all CPUs of this machine together have done since it was started, in the kernel's ticks (10 ms).
struct SystemUsage {
    std::uint64_t total_ticks = 0;  ///< busy, idle and stolen
    std::uint64_t busy_ticks = 0;   ///< worked for anyone here
    std::uint64_t steal_ticks = 0;  ///< wanted to run, but the hypervisor ran another guest

    bool operator==(const SystemUsage&) const = default;
};

/// Any thread. Throws Error where /proc/stat is not there.
SystemUsage read_system_usage();
/// Of the text of /proc/stat, see proc(5). Throws Error where the line `cpu` is missing or too short.
SystemUsage parse_system_usage(std::string_view stat);

/// Share of CPU time in [0, 1] that was stolen or worked in between; none where less than a tick went by.
std::optional<double> steal_share(const SystemUsage& before, const SystemUsage& after);
std::optional<double> busy_share(const SystemUsage& before, const SystemUsage& after);

/// Seconds of CPU time that all CPUs together worked in between; in steps of 10 ms.
double busy_seconds(const SystemUsage& before, const SystemUsage& after);

}  // namespace asyncbench
