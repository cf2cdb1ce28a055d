#include "reports/text/disturbance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "harness/trial/blocks.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

std::string describe(const Disturbance& disturbance) {
    const DisturbanceLimits limits;
    std::vector<std::string> parts;
    if (disturbance.other_load_cores > limits.other_load_cores)
        parts.push_back(fmt::format("other programs used {:.1f} cores", disturbance.other_load_cores));
    if (disturbance.steal_share > limits.steal_share)
        parts.push_back(
            fmt::format("the hypervisor took {} of the CPU time", human_percent(disturbance.steal_share)));
    return fmt::format("The machine was busy in {} of {} blocks{}{}.", disturbance.busy_blocks,
                       disturbance.blocks, parts.empty() ? "" : ": ", fmt::join(parts, " and "));
}

std::vector<PlacedWarning> warnings_to_list(const RunResult& run) {
    std::vector<PlacedWarning> warnings = warnings_by_place(run);
    if (const auto disturbance = disturbance_of(run)) {
        std::erase_if(warnings, [](const PlacedWarning& placed) {
            return placed.warning.kind == WarningKind::disturbed && is_of_the_machine(placed.warning.code);
        });
        warnings.push_back({{"machine-busy", describe(*disturbance), WarningKind::disturbed}, {}, true});
    }
    std::stable_sort(warnings.begin(), warnings.end(),
                     [](const PlacedWarning& one, const PlacedWarning& other) {
                         return one.warning.kind > other.warning.kind;
                     });
    return warnings;
}

}  // namespace asyncbench
