#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// From here on a block counts as disturbed.
struct DisturbanceLimits {
    double other_load_cores = 0.25;
    double steal_share = 0.05;
};

/// What others had of the machine during a trial, or the mean of it over the trials of a block.
struct MachineLoad {
    std::optional<double> other_load_cores;  ///< none where it could not be read
    std::optional<double> steal_share;

    bool is_busy(const DisturbanceLimits& limits = {}) const;
};
MachineLoad machine_load(const Trial& trial);

/// Whether `code` is of a warning that `disturbances()` makes.
bool is_of_the_machine(std::string_view code);

/// What of it disturbs, as warnings that speak of `period`: `the block`, `the trial`.
std::vector<Warning> disturbances(const MachineLoad& load, std::string_view period,
                                  const DisturbanceLimits& limits = {});

struct BlockState {
    std::uint32_t block = 0;
    MachineLoad load;
};

/// One for each block of which there are trials, ascending.
std::vector<BlockState> block_states(const std::vector<Trial>& trials);

/// Sets on every trial of `block` what the block as a whole met, in place of what each trial met alone: a
/// disturbance of one trial that made its value an outlier would otherwise choose the blocks by their values.
void mark_disturbed(std::vector<Trial>& trials, std::uint32_t block, const DisturbanceLimits& limits = {});

/// The blocks that are not disturbed and lack no trial of a usable cell, ascending.
std::vector<std::uint32_t> clear_blocks(const std::vector<Trial>& trials);

}  // namespace asyncbench
