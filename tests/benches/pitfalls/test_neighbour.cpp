#include "benches/pitfalls/neighbour.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "async/detect/collected_findings.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"

namespace asyncbench::neighbour_tests {

using namespace std::chrono_literals;

Task<> wait_politely() {
    co_await sleep_for(22ms);
}

Task<> block_the_thread() {
    co_await sleep_for(1ms);
    std::this_thread::sleep_for(42ms);
}

Task<> fail() {
    co_await sleep_for(1ms);
    throw std::runtime_error("the work failed");
}

TEST(Neighbour, HasATurnEachPeriodWhileTheWorkWaits) {
    Loop loop;
    Histogram delay_ns;
    run(loop, beside_neighbour(wait_politely(), delay_ns));
    EXPECT_GE(delay_ns.count(), 4U);
}

TEST(Neighbour, CountsEachTurnThatItMissed) {
    const CollectedFindings expected;  // that the thread was blocked
    Loop loop;
    Histogram delay_ns;
    run(loop, beside_neighbour(block_the_thread(), delay_ns));
    // Those due 5, 10, ... 40 ms after the start were all late, by less and less.
    EXPECT_GE(delay_ns.count(), 8U);
    EXPECT_GE(delay_ns.max(), Nanoseconds{37ms}.count());
    EXPECT_LT(delay_ns.min(), delay_ns.max() / 2);
}

TEST(Neighbour, EndsWithWorkThatFails) {
    Loop loop;
    Histogram delay_ns;
    EXPECT_THROW(run(loop, beside_neighbour(fail(), delay_ns)), std::runtime_error);
    EXPECT_FALSE(delay_ns.empty());
}

}  // namespace asyncbench::neighbour_tests
