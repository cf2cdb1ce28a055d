#pragma once

#include <cstddef>
#include <string>

#include "harness/measure/clock.hpp"

namespace asyncbench {

/// `about 1m02s left`, where `done` of `total` equal steps took `elapsed`; empty where none is done.
std::string time_left(Nanoseconds elapsed, std::size_t done, std::size_t total);

}  // namespace asyncbench
