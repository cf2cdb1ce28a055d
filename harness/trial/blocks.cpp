#include "harness/trial/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace asyncbench {
namespace {

constexpr std::string_view busy_code = "machine-busy";
constexpr std::string_view steal_code = "steal";

class Mean {
  public:
    void add(std::optional<double> value) {
        if (!value) return;
        sum_ += *value;
        ++count_;
    }
    std::optional<double> value() const {
        return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
    }

  private:
    double sum_ = 0;
    std::size_t count_ = 0;
};

bool is_over(std::optional<double> value, double limit) {
    return value && *value > limit;
}

/// Blocks that lack a trial of a cell that is usable all the same. Other blocks can still be had whole; not
/// so where a cell loses so many trials that it is wrong.
std::set<std::uint32_t> blocks_with_a_loss(const std::vector<Trial>& trials) {
    struct Losses {
        std::uint32_t trials = 0;
        std::vector<std::uint32_t> blocks;
    };
    std::map<std::pair<std::string, std::uint32_t>, Losses> cells;
    for (const Trial& trial : trials) {
        Losses& cell = cells[{trial.spec.strategy.text(), trial.spec.plan.concurrency}];
        ++cell.trials;
        if (!trial.usable()) cell.blocks.push_back(trial.repetition);
    }
    std::set<std::uint32_t> blocks;
    for (const auto& [cell, losses] : cells) {
        if (!too_many_lost(losses.blocks.size(), losses.trials))
            blocks.insert(losses.blocks.begin(), losses.blocks.end());
    }
    return blocks;
}

}  // namespace

bool MachineLoad::is_busy(const DisturbanceLimits& limits) const {
    return is_over(other_load_cores, limits.other_load_cores) || is_over(steal_share, limits.steal_share);
}

bool is_of_the_machine(std::string_view code) {
    return code == busy_code || code == steal_code;
}

MachineLoad machine_load(const Trial& trial) {
    return {value_of(trial.metrics, "other_load_cores"), value_of(trial.metrics, "steal_share")};
}

std::vector<Warning> disturbances(const MachineLoad& load, std::string_view period,
                                  const DisturbanceLimits& limits) {
    std::vector<Warning> warnings;
    if (is_over(load.other_load_cores, limits.other_load_cores)) {
        warnings.push_back({std::string(busy_code),
                            fmt::format("Other programs used {:.2f} cores of this machine during {} (limit "
                                        "{:g}): intervals are wider by that.",
                                        *load.other_load_cores, period, limits.other_load_cores),
                            WarningKind::disturbed});
    }
    if (is_over(load.steal_share, limits.steal_share)) {
        warnings.push_back({std::string(steal_code),
                            fmt::format("The hypervisor gave {:.1f} % of this machine's CPU time to others "
                                        "during {} (limit {:g} %): intervals are wider by that.",
                                        *load.steal_share * 100, period, limits.steal_share * 100),
                            WarningKind::disturbed});
    }
    return warnings;
}

std::vector<BlockState> block_states(const std::vector<Trial>& trials) {
    std::map<std::uint32_t, std::pair<Mean, Mean>> means;
    for (const Trial& trial : trials) {
        auto& [load, steal] = means[trial.repetition];
        const MachineLoad met = machine_load(trial);
        load.add(met.other_load_cores);
        steal.add(met.steal_share);
    }
    std::vector<BlockState> states;
    states.reserve(means.size());
    for (const auto& [block, mean] : means)
        states.push_back({block, {mean.first.value(), mean.second.value()}});
    return states;
}

void mark_disturbed(std::vector<Trial>& trials, std::uint32_t block, const DisturbanceLimits& limits) {
    const auto states = block_states(trials);
    const auto state = std::find_if(states.begin(), states.end(),
                                    [&](const BlockState& each) { return each.block == block; });
    if (state == states.end()) return;
    const std::vector<Warning> warnings = disturbances(state->load, "the block", limits);
    for (Trial& trial : trials) {
        if (trial.repetition != block || !trial.failure.empty()) continue;
        std::erase_if(trial.warnings, [](const Warning& warning) { return is_of_the_machine(warning.code); });
        trial.warnings.insert(trial.warnings.end(), warnings.begin(), warnings.end());
    }
}

std::vector<std::uint32_t> clear_blocks(const std::vector<Trial>& trials) {
    const std::set<std::uint32_t> incomplete = blocks_with_a_loss(trials);
    std::vector<std::uint32_t> clear;
    for (const BlockState& state : block_states(trials))
        if (!state.load.is_busy() && !incomplete.contains(state.block)) clear.push_back(state.block);
    return clear;
}

}  // namespace asyncbench
