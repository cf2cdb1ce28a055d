#include "benches/pitfalls/neighbour.hpp"

#include <exception>
#include <utility>

#include "async/sleep.hpp"
#include "async/task_group.hpp"

namespace asyncbench {
namespace {

struct WorkState {
    bool done = false;
};

Task<> neighbour(Histogram& delay_ns, const WorkState& work) {
    TimePoint turn = steady_now() + neighbour_period;
    while (true) {
        co_await sleep_until(turn);
        // Turns that it missed while the work went on count, those after its
        // end were never wanted.
        const auto delay = steady_now() - turn;
        delay_ns.record(delay.count());
        if (work.done && delay < neighbour_period) co_return;
        turn += neighbour_period;
    }
}

}  // namespace

Task<> beside_neighbour(Task<> work, Histogram& delay_ns) {
    WorkState state;
    std::exception_ptr failure;
    TaskGroup group;
    group.spawn(neighbour(delay_ns, state));
    try {
        co_await std::move(work);
    } catch (...) {
        failure = std::current_exception();
    }
    state.done = true;
    co_await group.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace asyncbench
