#include "async/timeout.hpp"

#include <fmt/format.h>

namespace asyncbench {

TimeoutError::TimeoutError(Nanoseconds limit)
    : Error(fmt::format(
          "A task did not end within its {} ms and was cancelled; allow more time, or find what it "
          "waited for.",
          static_cast<double>(limit.count()) / 1e6)),
      limit_(limit) {}

namespace detail {

Deadline::Deadline(CancellationSource& source, Nanoseconds limit)
    : timer_(Loop::require_current("with_timeout")) {
    if (limit <= Nanoseconds::zero()) {
        reached_ = true;
        source.cancel();
        return;
    }
    timer_.at(Clock::now() + limit, [this, &source] {
        reached_ = true;
        source.cancel();
    });
}

}  // namespace detail
}  // namespace asyncbench
