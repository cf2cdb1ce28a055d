#include "analysis/disturbance.hpp"

#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "harness/trial/blocks.hpp"

namespace asyncbench {

std::optional<Disturbance> disturbance_of(const RunResult& run) {
    const std::vector<BlockState> states = block_states(run.trials);
    std::vector<double> loads;
    std::vector<double> steals;
    for (const BlockState& state : states) {
        if (!state.load.is_busy()) continue;
        loads.push_back(state.load.other_load_cores.value_or(0));
        steals.push_back(state.load.steal_share.value_or(0));
    }
    if (loads.empty()) return std::nullopt;
    return Disturbance{loads.size(), states.size(), median(loads), median(steals)};
}

}  // namespace asyncbench
