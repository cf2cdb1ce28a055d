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

}  // namespace asyncbench::testing
