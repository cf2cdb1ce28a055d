#include "harness/measure/system_usage.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "async/errors.hpp"

namespace asyncbench::system_usage_tests {

TEST(SystemUsage, ReadsTheLineOfAllCpusAndLeavesGuestTimeOut) {
    const SystemUsage usage = parse_system_usage(
        "cpu  100 20 30 4000 500 6 7 80 90 10\n"
        "cpu0 1 1 1 1 1 1 1 1 1 1\n");
    EXPECT_EQ(usage, (SystemUsage{4743, 163, 80}));
}

TEST(SystemUsage, RefusesTextThatIsNotThatOfTheKernel) {
    EXPECT_THROW(parse_system_usage(""), Error);
    EXPECT_THROW(parse_system_usage("intr 1 2 3\n"), Error);
    EXPECT_THROW(parse_system_usage("cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7 8\n"), Error);
    EXPECT_THROW(parse_system_usage("cpu  1 2 3 4 5 6 7 x\n"), Error);
}

TEST(SystemUsage, OfThisMachineHasBusyWithinTotal) {
    const SystemUsage usage = read_system_usage();
    EXPECT_GT(usage.busy_ticks, 0U);
    EXPECT_LE(usage.busy_ticks + usage.steal_ticks, usage.total_ticks);
}

TEST(StealShare, IsThePartOfTheTimeInBetweenThatWasStolen) {
    const SystemUsage before{1'000, 400, 50};
    const SystemUsage after{1'200, 440, 60};
    EXPECT_EQ(steal_share(before, after), 0.05);
    EXPECT_EQ(busy_share(before, after), 0.2);
}

TEST(StealShare, IsUnknownWhereNoTimeWentBy) {
    const SystemUsage usage{1'000, 400, 50};
    EXPECT_EQ(steal_share(usage, usage), std::nullopt);
    EXPECT_EQ(steal_share({1'001, 400, 50}, usage), std::nullopt);
}

TEST(StealShare, IsZeroWhereNothingWasStolen) {
    EXPECT_EQ(steal_share({1'000, 400, 50}, {1'100, 500, 50}), 0.0);
    EXPECT_EQ(busy_seconds({1'000, 400, 50}, {1'100, 399, 50}), 0.0);
    EXPECT_DOUBLE_EQ(busy_seconds({1'000, 400, 50}, {1'200, 500, 50}),
                     100.0 / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

}  // namespace asyncbench::system_usage_tests
