#pragma once

#include "harness/load/strategy.hpp"

namespace asyncbench {

/// The asyncbench command with the given strategies: reads the arguments, does the subcommand and returns the
/// exit status of the contract (0 done, 1 failed, 2 regression, 3 inconclusive, 4 wrong, 64 usage, 130
/// interrupted). A program that adds a strategy of its own calls this from its main().
int command_line(int argc, char** argv, const StrategyRegistry& strategies);

}  // namespace asyncbench
