#include "analysis/ranking/block_schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "analysis/ranking/looks.hpp"
#include "harness/trial/experiment.hpp"
#include "tests/support/runs/made_run.hpp"

namespace asyncbench::block_schedule_tests {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Two strategies: looks are due after 8, 16 and 32 clear blocks.
Scenario two_strategies(Nanoseconds budget, std::uint32_t repetitions = 0) {
    Scenario scenario = test::scenario_of({"callback", "coroutine"});
    scenario.budget = budget;
    scenario.repetitions = repetitions;
    return scenario;
}

/// Runs a schedule with made-up blocks of one second.
struct Played {
    std::vector<JudgedBlocks> looks;
    std::optional<JudgedBlocks> at_end;
    std::uint32_t blocks = 0;
};

struct Machine {
    /// Whether a block is clear.
    bool (*is_clear)(std::uint32_t block) = [](std::uint32_t) { return true; };
    /// Questions that the look leaves open.
    std::size_t (*open)(std::uint32_t look) = [](std::uint32_t) -> std::size_t { return 1; };
};

Played play(const Scenario& scenario, const Machine& machine) {
    BlockSchedule schedule(scenario);
    Played played;
    std::vector<std::uint32_t> clear;
    std::size_t open = 0;
    while (schedule.wants_block()) {
        if (machine.is_clear(schedule.done())) clear.push_back(schedule.done());
        if (const auto look = schedule.block_ended(clear)) {
            played.looks.push_back(*look);
            open = machine.open(look->look);
        }
        schedule.plan_on(open, schedule.done() * 1s);
    }
    played.blocks = schedule.done();
    played.at_end = schedule.judgement_at_end();
    return played;
}

bool every_second(std::uint32_t block) {
    return block % 2 == 0;
}
bool never(std::uint32_t) {
    return false;
}
std::size_t nothing_open(std::uint32_t) {
    return 0;
}

TEST(BlockSchedule, StopsAfterTheFirstLookWhereNothingIsOpen) {
    const Played played = play(two_strategies(1h), {.open = nothing_open});
    EXPECT_EQ(played.blocks, 8U);
    ASSERT_THAT(played.looks, SizeIs(1));
    EXPECT_THAT(played.looks[0].blocks, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    EXPECT_EQ(played.looks[0].alpha, 0.03);
    EXPECT_EQ(played.looks[0].look, 1U);
    EXPECT_FALSE(played.at_end) << "the look has spent its share";
}

TEST(BlockSchedule, GoesOnWhileAQuestionIsOpenAndTheBudgetHoldsTheNextLook) {
    const Played played = play(two_strategies(1h), {});
    EXPECT_EQ(played.blocks, 32U);
    ASSERT_THAT(played.looks, SizeIs(3));
    EXPECT_THAT(played.looks[1].blocks, SizeIs(16));
    EXPECT_EQ(played.looks[1].alpha, 0.01);
    EXPECT_EQ(played.looks[1].look, 2U);
    EXPECT_THAT(played.looks[2].blocks, SizeIs(32));
    EXPECT_EQ(played.looks[2].alpha, 0.01);
}

TEST(BlockSchedule, StopsAfterTheLookThatLeavesNothingOpen) {
    const Played played =
        play(two_strategies(1h), {.open = [](std::uint32_t look) -> std::size_t { return look < 2; }});
    EXPECT_EQ(played.blocks, 16U);
    EXPECT_THAT(played.looks, SizeIs(2));
}

TEST(BlockSchedule, DoesNotBeginALookThatTheBudgetCannotHold) {
    EXPECT_EQ(play(two_strategies(15s), {}).blocks, 8U);
    EXPECT_EQ(play(two_strategies(16s), {}).blocks, 16U);
    EXPECT_EQ(play(two_strategies(31s), {}).blocks, 16U);
    EXPECT_EQ(play(two_strategies(32s), {}).blocks, 32U);
}

TEST(BlockSchedule, MeasuresWhatTheBudgetHoldsWhereThatIsNotTheFirstLook) {
    Scenario scenario = two_strategies(1h);
    scenario.budget = 3 * expected_block_time(scenario);
    EXPECT_EQ(least_blocks(scenario), 3U) << "and not a fourth";
    scenario.budget = expected_block_time(scenario) / 100;
    EXPECT_EQ(least_blocks(scenario), 1U);
    const Played played = play(scenario, {});
    EXPECT_THAT(played.looks, IsEmpty());
    ASSERT_TRUE(played.at_end);
    EXPECT_THAT(played.at_end->blocks, SizeIs(played.blocks));
}

TEST(BlockSchedule, TakesAQuarterMoreThanTheBudgetForTheFirstLook) {
    Scenario scenario = two_strategies(1h);
    scenario.budget = 8 * expected_block_time(scenario) * 10 / 12;
    EXPECT_EQ(least_blocks(scenario), 8U);
}

TEST(BlockSchedule, RepeatsDisturbedBlocksWhileTheBudgetLasts) {
    const Played played = play(two_strategies(1min), {.is_clear = every_second, .open = nothing_open});
    EXPECT_EQ(played.blocks, 15U);
    ASSERT_THAT(played.looks, SizeIs(1));
    EXPECT_THAT(played.looks[0].blocks, ElementsAre(0, 2, 4, 6, 8, 10, 12, 14));
    EXPECT_FALSE(played.at_end);
}

TEST(BlockSchedule, ReckonsWithTheShareOfBlocksThatAreClear) {
    // After 15 blocks and 8 clear ones, 8 more need about 15 blocks.
    EXPECT_EQ(play(two_strategies(29s), {.is_clear = every_second}).blocks, 15U);
    EXPECT_GT(play(two_strategies(31s), {.is_clear = every_second}).blocks, 15U);
}

TEST(BlockSchedule, JudgesAllBlocksOnceWhereTooFewAreClear) {
    const Played played = play(two_strategies(12s), {.is_clear = every_second});
    EXPECT_EQ(played.blocks, 12U);
    EXPECT_THAT(played.looks, IsEmpty());
    ASSERT_TRUE(played.at_end);
    EXPECT_THAT(played.at_end->blocks, SizeIs(12));
    EXPECT_EQ(played.at_end->alpha, 0.05);
    EXPECT_EQ(played.at_end->look, 0U);
}

TEST(BlockSchedule, GivesUpAMachineThatIsNeverClearAtTheBlocksOfTheLastLook) {
    const Played played = play(two_strategies(1h), {.is_clear = never});
    EXPECT_EQ(played.blocks, 32U);
    ASSERT_TRUE(played.at_end);
    EXPECT_THAT(played.at_end->blocks, SizeIs(32));
}

TEST(BlockSchedule, OfANumberOfRepetitionsJudgesThemAllOnce) {
    for (const std::uint32_t repetitions : {3U, 40U}) {
        const Played played = play(two_strategies(1s, repetitions), {.is_clear = every_second});
        EXPECT_EQ(played.blocks, repetitions);
        EXPECT_THAT(played.looks, IsEmpty());
        ASSERT_TRUE(played.at_end);
        EXPECT_THAT(played.at_end->blocks, SizeIs(repetitions));
        EXPECT_EQ(played.at_end->alpha, alpha_of_run);
    }
}

TEST(BlockSchedule, OfNoBlockJudgesNothing) {
    EXPECT_FALSE(BlockSchedule(two_strategies(1h)).judgement_at_end());
}

TEST(BlockSchedule, SaysWhatTheRestCanTake) {
    BlockSchedule fixed(two_strategies(1h, 10));
    EXPECT_EQ(fixed.most_left(0s), 0s) << "nothing is known before the first block";
    fixed.block_ended({0});
    EXPECT_EQ(fixed.most_left(2s), 18s);

    BlockSchedule open(two_strategies(1min));
    open.block_ended({0});
    EXPECT_EQ(open.most_left(2s), 58s);
    EXPECT_EQ(open.most_left(50s), 350s) << "the blocks of the first look come whatever the budget";
}

TEST(BlockSchedule, PlansTheFirstLookOrTheRepetitions) {
    EXPECT_EQ(least_blocks(two_strategies(1h)), 8U);
    EXPECT_EQ(least_blocks(two_strategies(1h, 5)), 5U);
    EXPECT_EQ(BlockSchedule(two_strategies(1h)).planned(), 8U);
}

}  // namespace asyncbench::block_schedule_tests
