#pragma once

#include <source_location>

namespace asyncbench {

/// Where a task was created. A coroutine that wants its callers named takes one as its last parameter:
///
///     Task<int> count(std::string text, Site site = Site::here());
///
/// The promise finds it among the arguments. Without such a parameter a task's site is the coroutine itself:
/// its name, and in its file the line where g++ 12 places a promise's default arguments, the closing one.
struct Site {
    std::source_location where;

    static constexpr Site here(std::source_location where = std::source_location::current()) {
        return Site{where};
    }
};

}  // namespace asyncbench
