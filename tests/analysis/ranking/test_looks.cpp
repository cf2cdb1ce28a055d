#include "analysis/ranking/looks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/support/runs/made_run.hpp"

namespace asyncbench::looks_tests {

using test::scenario_of;

const std::vector<std::string> two{"callback", "coroutine"};
const std::vector<std::string> four{"sequential", "thread-pool", "callback", "coroutine"};
const std::vector<std::string> seven{"sequential",    "thread-pool",    "callback",          "coroutine",
                                     "callback-poll", "coroutine-asio", "thread-per-request"};

TEST(Questions, AreEveryPairBySpeedAndTheConcurrentOnesByCpuAndMemory) {
    EXPECT_EQ(questions_of(scenario_of(two)), 1 + 2 * 1);
    EXPECT_EQ(questions_of(scenario_of(four)), 6 + 2 * 3);
    EXPECT_EQ(questions_of(scenario_of(seven)), 21 + 2 * 15);
    EXPECT_EQ(questions_of(scenario_of({"sequential", "callback"})), 1);
}

TEST(Questions, AreNoneOfOneStrategy) {
    EXPECT_EQ(questions_of(scenario_of({"callback"})), 0U);
    EXPECT_EQ(questions_of(scenario_of({})), 0U);
}

TEST(Questions, AreAsManyAsTheRankingAnswers) {
    for (const auto& strategies : {two, four, seven}) {
        const RunResult run =
            test::run_of(strategies, 3, [](std::size_t, std::uint32_t) { return test::Measured{}; });
        EXPECT_EQ(test::judged(run).orders.size(), questions_of(run.scenario));
    }
}

TEST(FirstLook, NeedsEightTenAndTwelveBlocks) {
    EXPECT_EQ(blocks_of_first_look(questions_of(scenario_of(two))), 8U);
    EXPECT_EQ(blocks_of_first_look(questions_of(scenario_of(four))), 10U);
    EXPECT_EQ(blocks_of_first_look(questions_of(scenario_of(seven))), 12U);
}

TEST(FirstLook, HasTheFewestBlocksWhoseAgreementIsEnoughForHolmsFirstStep) {
    const auto least_p = [](std::uint32_t blocks) { return std::pow(2.0, 1.0 - blocks); };
    for (std::size_t questions = 1; questions < 200; ++questions) {
        const std::uint32_t blocks = blocks_of_first_look(questions);
        EXPECT_LE(static_cast<double>(questions) * least_p(blocks), alpha_of_look[0]) << questions;
        EXPECT_GT(static_cast<double>(questions) * least_p(blocks - 1), alpha_of_look[0]) << questions;
    }
    EXPECT_EQ(blocks_of_first_look(0), blocks_of_first_look(1)) << "there is nothing to ask, and no infinity";
}

TEST(FurtherLooks, ComeAfterTwiceAndFourTimesAsManyBlocks) {
    EXPECT_EQ(blocks_of_look(10, 1), 10U);
    EXPECT_EQ(blocks_of_look(10, 2), 20U);
    EXPECT_EQ(blocks_of_look(10, 3), 40U);
}

TEST(FurtherLooks, SpendTheErrorRateOfTheRunTogether) {
    EXPECT_DOUBLE_EQ(std::accumulate(alpha_of_look.begin(), alpha_of_look.end(), 0.0), alpha_of_run);
}

}  // namespace asyncbench::looks_tests
