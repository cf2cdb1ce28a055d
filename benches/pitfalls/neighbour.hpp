#pragma once

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "async/task.hpp"

namespace asyncbench {

/// How often the neighbour wants its turn.
inline constexpr Nanoseconds neighbour_period = std::chrono::milliseconds{5};

/// Awaits `work` on the current loop beside an innocent neighbour: another
/// coroutine that wants a turn every neighbour_period, by a schedule that
/// stands before, and records how late it got each. One that was kept waiting
/// for a second thus counts 200 turns, as in an open loop: a single late turn
/// would say nothing of the others that fell into the same second. Throws what
/// `work` throws, after the neighbour has ended.
Task<> beside_neighbour(Task<> work, Histogram& delay_ns);

}  // namespace asyncbench
