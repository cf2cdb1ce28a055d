#pragma once

#include <vector>

#include "harness/trial/warning.hpp"

namespace asyncbench {

/// The first twenty of each code and kind, in their order. The others of each are counted in one more: a file may
/// have as many as benchmarks.
std::vector<Warning> few_of_each(std::vector<Warning> warnings);

}  // namespace asyncbench
