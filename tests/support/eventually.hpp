#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "async/clock.hpp"

namespace asyncbench::test {

/// Whether `condition` holds within some seconds: for what another thread or process does soon.
inline bool eventually(const std::function<bool()>& condition) {
    const auto deadline = Clock::now() + std::chrono::seconds{20};
    while (!condition()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

}  // namespace asyncbench::test
