#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/measure/clock.hpp"

namespace asyncbench::test {

inline TimePoint in(Nanoseconds time) {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now()) + time;
}

/// Whether `condition` holds within some seconds: for what another process does soon.
inline bool eventually(const std::function<bool()>& condition) {
    const auto deadline = Clock::now() + std::chrono::seconds{20};
    while (!condition()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

/// Neither there nor a zombie that waits for its parent.
bool has_ended(pid_t process);

/// The children of `parent`, in any of its threads, whose command line holds `text` as an argument.
std::vector<pid_t> children_with(pid_t parent, std::string_view text);

}  // namespace asyncbench::test
