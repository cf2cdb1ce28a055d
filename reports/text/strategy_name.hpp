#pragma once

#include <string>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// The strategy's name in a sentence: the middle of a long command is left out, of all names of the run by
/// the same length, and by no more than leaves any two of them different. Tables have it in full.
std::string name_in_text(const RunResult& run, const StrategySpec& strategy);

}  // namespace asyncbench
