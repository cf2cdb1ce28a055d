#include "async/detect/diagnose.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "async/sleep.hpp"
#include "async/task.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::diagnose_tests {

using namespace std::chrono_literals;
using testing::run_task;
using Kind = Finding::Kind;

Task<int> answer() {
    co_return 42;
}

TEST(Diagnose, FindsNothingInCorrectCode) {
    const Diagnose diagnose;
    run_task([]() -> Task<void> {
        co_await sleep_for(1ms);
        EXPECT_EQ(co_await answer(), 42);
    }());
    EXPECT_TRUE(diagnose.report().clean());
}

TEST(Diagnose, HasEveryDetectorOn) {
    const Diagnose diagnose({.stalls = {.threshold = 10ms}});
    run_task([](const Diagnose& diagnosing) -> Task<void> {
        for (int i = 0; i < 2; ++i) {
            const Task<int> forgotten = answer();
        }
        usleep(1000);
        const AllowBlocking stalling;
        while (diagnosing.report().count_of(Kind::stall) == 0) std::this_thread::sleep_for(1ms);
        co_return;
    }(diagnose));
    const Diagnosis found = diagnose.report();
    EXPECT_FALSE(found.clean());
    EXPECT_EQ(found.count_of(Kind::never_awaited), 2U);
    EXPECT_EQ(found.count_of(Kind::blocking_call), blocking_calls_are_detectable() ? 1U : 0U);
    EXPECT_GE(found.count_of(Kind::stall), 1U);
    EXPECT_GE(found.stalls_ns.count(), 1U);
}

TEST(Diagnose, MeasuresLag) {
    const Diagnose diagnose;
    run_task([](const Diagnose& diagnosing) -> Task<void> {
        while (diagnosing.report().lag_ns.empty()) co_await sleep_for(1ms);
    }(diagnose));
    EXPECT_FALSE(diagnose.report().lag_ns.empty());
}

}  // namespace asyncbench::diagnose_tests
