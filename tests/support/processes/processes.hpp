#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "async/clock.hpp"
#include "tests/support/eventually.hpp"

namespace asyncbench::test {

inline TimePoint in(Nanoseconds time) {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now()) + time;
}

/// Neither there nor a zombie that waits for its parent.
bool has_ended(pid_t process);

/// The children of `parent`, in any of its threads, whose command line holds `text` as an argument.
std::vector<pid_t> children_with(pid_t parent, std::string_view text);

}  // namespace asyncbench::test
