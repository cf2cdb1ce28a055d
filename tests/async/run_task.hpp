#pragma once

#include <utility>

#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/task.hpp"

namespace asyncbench::testing {

/// Runs `task` on a loop of its own.
template <class T>
T run_task(Task<T> task) {
    Loop loop;
    return run(loop, std::move(task));
}

// Optimised builds turn the transfer from one coroutine to the next into a jump; -O0, -O1 and the sanitizers
// leave a stack frame for each, so that there a long chain of awaits that never suspend needs a small bound.
#if defined(__OPTIMIZE__) && defined(NDEBUG)
inline constexpr int many_awaits = 1'000'000;
#else
inline constexpr int many_awaits = 1'000;
#endif

}  // namespace asyncbench::testing
