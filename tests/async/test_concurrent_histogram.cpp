#include "async/concurrent_histogram.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

namespace asyncbench::concurrent_histogram_tests {

/// Spread over all magnitudes, the same for the same number.
std::int64_t value_of(std::uint64_t number) {
    const std::uint64_t mixed = number * 0x9E3779B97F4A7C15U;
    return static_cast<std::int64_t>((mixed >> 22) >> (number % 40));
}

TEST(ConcurrentHistogram, IsEmptyAtFirst) {
    EXPECT_EQ(ConcurrentHistogram{}.snapshot(), Histogram{});
}

TEST(ConcurrentHistogram, CountsLikeAHistogram) {
    ConcurrentHistogram concurrent;
    Histogram plain;
    for (std::uint64_t number = 0; number < 10'000; ++number) {
        concurrent.record(value_of(number));
        plain.record(value_of(number));
    }
    EXPECT_EQ(concurrent.snapshot(), plain);
}

TEST(ConcurrentHistogram, ClampsLikeAHistogram) {
    ConcurrentHistogram concurrent;
    Histogram plain;
    for (const auto value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                             std::int64_t{1} << 42, std::numeric_limits<std::int64_t>::max()}) {
        concurrent.record(value);
        plain.record(value);
    }
    EXPECT_EQ(concurrent.snapshot(), plain);
}

TEST(ConcurrentHistogram, LosesNoValueOfManyThreads) {
    constexpr std::uint64_t threads = 4;
    constexpr std::uint64_t each = 20'000;
    ConcurrentHistogram concurrent;
    std::vector<std::thread> recorders;
    for (std::uint64_t thread = 0; thread < threads; ++thread) {
        // All threads record the same values: they meet at the same counters.
        recorders.emplace_back([&concurrent] {
            for (std::uint64_t number = 0; number < each; ++number) concurrent.record(value_of(number));
        });
    }
    for (auto& recorder : recorders) recorder.join();
    Histogram plain;
    for (std::uint64_t number = 0; number < each; ++number) plain.record(value_of(number), threads);
    EXPECT_EQ(concurrent.snapshot(), plain);
}

TEST(ConcurrentHistogram, SnapshotWhileRecordingHoldsWhatWasRecordedBefore) {
    ConcurrentHistogram concurrent;
    std::atomic<std::uint64_t> recorded = 0;
    std::thread recorder([&] {
        for (std::uint64_t number = 0; number < 20'000; ++number) {
            concurrent.record(value_of(number));
            recorded.fetch_add(1, std::memory_order_release);
        }
    });
    std::uint64_t before = 0;
    while (before < 20'000) {
        before = recorded.load(std::memory_order_acquire);
        ASSERT_GE(concurrent.snapshot().count(), before);
    }
    recorder.join();
    EXPECT_EQ(concurrent.snapshot().count(), 20'000U);
}

}  // namespace asyncbench::concurrent_histogram_tests
