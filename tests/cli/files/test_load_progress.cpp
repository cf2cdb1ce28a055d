#include "cli/load_progress.hpp"

#include <gtest/gtest.h>

namespace asyncbench::load_progress_tests {

LoadSoFar some_seconds() {
    LoadSoFar so_far;
    so_far.second = {.second = 11, .answered = 1998, .p50_ns = 6'400'000, .p99_ns = 101'000'000};
    so_far.response_time_ns.record(6'300'000, 98);
    so_far.response_time_ns.record(98'000'000, 2);
    return so_far;
}

Scenario of_30_seconds() {
    Scenario scenario;
    scenario.plan.duration = std::chrono::seconds{30};
    return scenario;
}

TEST(LoadProgressLine, HasTheLastSecondAllOfThemAndTheTimeThatIsLeft) {
    EXPECT_EQ(load_progress_line(of_30_seconds(), some_seconds(), 79),
              "12 s: 1,998/s, p50 6.40 ms, p99 101 ms; all p50 6.30 ms, p99 98.0 ms; 18 s left");
}

TEST(LoadProgressLine, CountsErrorsOfAllSeconds) {
    LoadSoFar so_far = some_seconds();
    so_far.errors.timeout = 3;
    EXPECT_EQ(load_progress_line(of_30_seconds(), so_far, 200),
              "12 s: 1,998/s, p50 6.40 ms, p99 101 ms; all p50 6.30 ms, p99 98.0 ms, 3 errors; 18 s left");
}

TEST(LoadProgressLine, LeavesOutWhatHasNoRoom) {
    EXPECT_EQ(load_progress_line(of_30_seconds(), some_seconds(), 60),
              "12 s: 1,998/s, p50 6.40 ms, p99 101 ms; 18 s left");
    EXPECT_EQ(load_progress_line(of_30_seconds(), some_seconds(), 45),
              "12 s: 1,998/s, p50 6.40 ms, p99 101 ms");
    EXPECT_EQ(load_progress_line(of_30_seconds(), some_seconds(), 12), "12 s: 1,998/");
}

TEST(LoadProgressLine, KnowsNoTimeLeftOfANumberOfRequestsAndNoTimesWithoutAnswers) {
    Scenario batch;
    batch.plan.kind = PlanKind::batch;
    LoadSoFar nothing;
    EXPECT_EQ(load_progress_line(batch, nothing, 79), "1 s: 0/s, p50 –, p99 –");
}

}  // namespace asyncbench::load_progress_tests
