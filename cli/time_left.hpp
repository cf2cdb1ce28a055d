#pragma once

#include <cstddef>
#include <string>

#include "async/clock.hpp"

namespace asyncbench {

/// `45s`, `1m05s`, `2h10m`: rounded up to what a person waits for.
std::string in_words(Nanoseconds time);

/// `about 1m05s left`, by what the part that is done took; empty where nothing is done yet.
std::string time_left(Nanoseconds elapsed, std::size_t done, std::size_t total);

}  // namespace asyncbench
