#include "analysis/scalability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/sample_run.hpp"

namespace asyncbench::scalability_tests {

TEST(Scalability, IsFittedToThoseMeasuredAtEachConcurrency) {
    for (const StrategyScalability& each : scalability_of(sample::clean_run()))
        EXPECT_TRUE(each.fit) << each.strategy.text() << ": " << each.why_none;
}

TEST(Scalability, IsNoneWhereOneMeasurementStandsForAllConcurrencies) {
    RunResult run = sample::clean_run();
    for (Cell& cell : run.summary) cell.every_level = cell.strategy.name == "sequential";
    for (const StrategyScalability& each : scalability_of(run)) {
        EXPECT_EQ(each.fit.has_value(), each.strategy.name != "sequential");
        if (!each.fit) {
            EXPECT_THAT(each.why_none, testing::HasSubstr("one request in flight"));
        }
    }
}

}  // namespace asyncbench::scalability_tests
