#include "async/would_deadlock.hpp"

#include <fmt/format.h>

#include "async/detect/task_faults.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"

namespace asyncbench::detail {

void throw_would_deadlock(const std::string& message, const char* what, const Site& site) {
    const Error error(
        fmt::format("{} ({} of {}:{})", message, what, site.where.file_name(), site.where.line()));
    report_waits_for_own_loop(error.what());
    throw error;
}

void require_not_on_loop(const char* what, const Site& site) {
    if (Loop::current() != nullptr) {
        throw_would_deadlock(
            fmt::format("You cannot use {} in the same thread as an async event loop - just await the async "
                        "function directly.",
                        what),
            what, site);
    }
}

}  // namespace asyncbench::detail
