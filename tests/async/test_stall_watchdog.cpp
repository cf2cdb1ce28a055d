#include "async/detect/stall_watchdog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "async/detect/blocking_calls.hpp"
#include "async/detect/collected_findings.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::stall_watchdog_tests {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::run_task;

constexpr StallOptions after_10_ms{.threshold = 10ms};

// Signals arrive late under TSan, so that it sees no coroutine and no backtrace.
#if defined(__SANITIZE_THREAD__)
constexpr bool sees_inside = false;
#else
constexpr bool sees_inside = true;
#endif

/// Blocks the loop until `enough`, and so proves that what it waits for came meanwhile.
void park_until(const std::function<bool()>& enough) {
    const AllowBlocking parking;
    const auto end = Clock::now() + 20s;
    while (!enough() && Clock::now() < end) std::this_thread::sleep_for(2ms);
}
void compute_until(const std::function<bool()>& enough) {
    const auto end = Clock::now() + 20s;
    while (!enough() && Clock::now() < end) {
    }
}

// No optimisation may make their frames disappear.
[[gnu::noinline]] Task<void> parked(const CollectedFindings& findings, std::size_t reports,
                                    Site /*site*/ = Site::here()) {
    park_until([&] { return findings.all().size() >= reports; });
    co_await resume_on(*Loop::current());
}
[[gnu::noinline]] Task<void> computing(const CollectedFindings& findings, Site /*site*/ = Site::here()) {
    compute_until([&] { return !findings.all().empty(); });
    co_return;
}

TEST(StallWatchdog, ReportsAParkedStepWhileItLasts) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    const int line = __LINE__ + 1;
    run_task(parked(findings, 1));
    const Finding finding = findings.all().at(0);
    EXPECT_EQ(finding.kind, Finding::Kind::stall);
    EXPECT_GE(finding.duration.value(), 10ms);
    EXPECT_THAT(finding.message, HasSubstr("parked"));
    if (sees_inside) {
        EXPECT_THAT(finding.coroutine, HasSubstr("parked"));
        EXPECT_EQ(finding.created, std::string(__FILE__) + ":" + std::to_string(line));
        EXPECT_THAT(finding.backtrace, Contains(HasSubstr("sleep")));
        EXPECT_THAT(finding.backtrace, Contains(HasSubstr("parked")));
        EXPECT_THAT(finding.backtrace, Not(Contains(HasSubstr("scheduler"))));
    }
}

TEST(StallWatchdog, ReportsAComputingStepWhileItLasts) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    run_task(computing(findings));
    const Finding finding = findings.all().at(0);
    EXPECT_EQ(finding.kind, Finding::Kind::stall);
    EXPECT_THAT(finding.message, HasSubstr("computes"));
    if (sees_inside) {
        EXPECT_THAT(finding.coroutine, HasSubstr("computing"));
        EXPECT_THAT(finding.backtrace, Contains(HasSubstr("compute_until")));
    }
}

TEST(StallWatchdog, ReportsAgainEachTimeAStallHasDoubled) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    run_task(parked(findings, 3));
    const auto all = findings.all();
    ASSERT_GE(all.size(), 3U);
    EXPECT_GE(all[1].duration.value(), 20ms);
    EXPECT_GE(all[2].duration.value(), 40ms);
}

TEST(StallWatchdog, CountsWhatItDoesNotReport) {
    const CollectedFindings findings;
    StallOptions options = after_10_ms;
    options.reports_per_minute = 1;
    const StallWatchdog watchdog(options);
    run_task([](const StallWatchdog& stalls) -> Task<void> {
        park_until([&] { return stalls.suppressed() >= 2; });
        co_return;
    }(watchdog));
    EXPECT_EQ(findings.all().size(), 1U);
    EXPECT_GE(watchdog.suppressed(), 2U);
}

TEST(StallWatchdog, KeepsAHistogramOfStalls) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    EXPECT_TRUE(watchdog.stalls_ns().empty());
    run_task(parked(findings, 1));
    const Histogram stalls = watchdog.stalls_ns();
    EXPECT_GE(stalls.count(), 1U);
    EXPECT_GE(stalls.max(), 10'000'000);
}

TEST(StallWatchdog, TakesManyShortStepsForNoStall) {
    const CollectedFindings findings;
    StallOptions options = after_10_ms;
    options.threshold = 50ms;
    const StallWatchdog watchdog(options);
    // Longer than the threshold without the loop ever waiting.
    run_task([]() -> Task<void> {
        const auto end = Clock::now() + 100ms;
        while (Clock::now() < end) co_await resume_on(*Loop::current());
    }());
    EXPECT_TRUE(findings.all().empty());
}

TEST(StallWatchdog, TakesALongWaitForNoStall) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    run_task([]() -> Task<void> { co_await sleep_for(50ms); }());
    EXPECT_TRUE(findings.all().empty());
}

TEST(StallWatchdog, MeasuresHowLateALoopRunsWhatIsReady) {
    const CollectedFindings findings;
    StallOptions options;
    options.lag_interval = 1ms;
    const StallWatchdog watchdog(options);
    run_task([](const StallWatchdog& lag) -> Task<void> {
        while (lag.lag_ns().count() < 3) co_await sleep_for(1ms);
        const auto end = Clock::now() + 30ms;  // shorter than a stall
        compute_until([&] { return Clock::now() > end; });
        const auto before = lag.lag_ns().count();
        while (lag.lag_ns().count() == before) co_await sleep_for(1ms);
    }(watchdog));
    EXPECT_GE(watchdog.lag_ns().max(), 10'000'000);
}

TEST(StallWatchdog, WatchesSeveralLoopsAtOnce) {
    const CollectedFindings findings;
    const StallWatchdog watchdog(after_10_ms);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            run_task([](const CollectedFindings& reported) -> Task<void> {
                park_until([&] { return reported.all().size() >= 3; });
                co_return;
            }(findings));
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(findings.count(Finding::Kind::stall), 3U);
}

TEST(StallWatchdog, MayEndBeforeTheLoopItWatches) {
    const CollectedFindings findings;
    Loop loop;
    {
        std::thread thread;
        {
            const StallWatchdog watchdog(after_10_ms);
            thread = std::thread([&] { loop.run(); });
            while (watchdog.lag_ns().empty()) std::this_thread::sleep_for(1ms);
        }
        loop.post([&] { loop.stop(); });
        thread.join();
    }
    EXPECT_TRUE(findings.all().empty());
}

TEST(StallWatchdog, GivesWayToAnInnerOne) {
    const CollectedFindings findings;
    const StallWatchdog outer({.threshold = 5ms});
    {
        const StallWatchdog inner(after_10_ms);
        run_task(parked(findings, 1));
        EXPECT_FALSE(inner.stalls_ns().empty());
    }
    EXPECT_TRUE(outer.stalls_ns().empty());
    run_task(parked(findings, findings.all().size() + 1));
    EXPECT_FALSE(outer.stalls_ns().empty());
}

TEST(StallWatchdog, RefusesAThresholdThatItCannotKeep) {
    EXPECT_THROW(StallWatchdog({.threshold = 100us}), UsageError);
}

TEST(LoopStats, CountStretchesByTheirDuration) {
    Loop loop;
    loop.post([&] {
        const auto end = Clock::now() + 3ms;
        compute_until([&] { return Clock::now() > end; });
        loop.stop();
    });
    loop.run();
    const LoopStats stats = loop.stats();
    std::uint64_t long_ones = 0;
    std::uint64_t all = 0;
    for (std::size_t power = 0; power < stats.stretches.size(); ++power) {
        all += stats.stretches[power];
        if (power >= 11) long_ones += stats.stretches[power];  // 2^11 us = 2 ms and longer
    }
    EXPECT_EQ(long_ones, 1U);
    EXPECT_GE(all, 1U);
}

TEST(LoopStats, TellHowLateATimerCame) {
    Loop loop;
    run(loop, []() -> Task<void> {
        co_await sleep_for(1ms);
        co_return;
    }());
    EXPECT_GE(loop.stats().longest_lag, 0ns);
    loop.reset_stats();
    EXPECT_EQ(loop.stats().longest_lag, 0ns);
    Timer timer(loop);
    timer.at(Clock::now() - 5ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_GE(loop.stats().longest_lag, 5ms);
}

}  // namespace asyncbench::stall_watchdog_tests
