#include "harness/measure/perf_counters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <thread>

namespace asyncbench::perf_counters_tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// At least `steps` instructions, whatever the compiler does.
void work(std::uint64_t steps) {
    volatile std::uint64_t sum = 0;
    for (std::uint64_t step = 0; step < steps; ++step) sum = sum + step;
}

void expect_value_or_reason(const CounterValue& counter) {
    EXPECT_NE(counter.value.has_value(), !counter.reason.empty()) << counter.reason;
}

TEST(PerfCounters, HaveAReasonUntilTheyAreStopped) {
    PerfCounters counters;
    EXPECT_FALSE(counters.values().instructions.value.has_value());
    EXPECT_NE(counters.values().instructions.reason, "");
    counters.stop();
    EXPECT_FALSE(counters.values().instructions.value.has_value());
    EXPECT_NE(counters.values().cycles.reason, "");
}

TEST(PerfCounters, HaveAValueOrAReasonAfterwardsAndNeverAZero) {
    PerfCounters counters;
    counters.start();
    work(100'000);
    counters.stop();
    expect_value_or_reason(counters.values().instructions);
    expect_value_or_reason(counters.values().cycles);
    EXPECT_NE(counters.values().instructions.value, std::uint64_t{0});
}

TEST(PerfCounters, CountTheInstructionsOfThreadsStartedLater) {
    PerfCounters counters;
    counters.start();
    std::thread([] { work(1'000'000); }).join();
    counters.stop();
    const CounterValue& instructions = counters.values().instructions;
    if (!instructions.value) GTEST_SKIP() << instructions.reason;
    EXPECT_GE(*instructions.value, 1'000'000U);
}

TEST(PerfCounters, CountFromZeroAtEachStart) {
    PerfCounters counters;
    counters.start();
    std::thread([] { work(5'000'000); }).join();
    counters.stop();
    counters.start();
    work(1'000);
    counters.stop();
    const CounterValue& instructions = counters.values().instructions;
    if (!instructions.value) GTEST_SKIP() << instructions.reason;
    EXPECT_LT(*instructions.value, 5'000'000U);
}

TEST(PerfRefusal, SaysWhichSettingForbidsIt) {
    EXPECT_THAT(perf_refusal(EACCES, "3"), HasSubstr("kernel.perf_event_paranoid is 3"));
    EXPECT_THAT(perf_refusal(EPERM, std::nullopt), HasSubstr("not readable"));
    // What is set already is not what is to be set.
    for (const char* setting : {"2", "1", "-1"})
        EXPECT_THAT(perf_refusal(EACCES, setting), AllOf(HasSubstr("seccomp"), Not(HasSubstr("sysctl"))));
}

TEST(PerfRefusal, SaysThatTheMachineHasNoCounters) {
    for (const int error : {ENOENT, ENODEV, EOPNOTSUPP}) {
        EXPECT_THAT(perf_refusal(error, "2"), HasSubstr("no hardware performance counters"));
    }
}

TEST(PerfRefusal, NamesAnyOtherError) {
    EXPECT_THAT(perf_refusal(EMFILE, "2"), HasSubstr("Too many open files"));
    EXPECT_THAT(perf_refusal(ENOSYS, "2"), HasSubstr("without perf_event_open"));
}

}  // namespace asyncbench::perf_counters_tests
