#include "harness/trial/blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace asyncbench::blocks_tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Trial trial(std::uint32_t block, std::optional<double> load, std::optional<double> steal = 0.0) {
    Trial result;
    result.repetition = block;
    result.metrics["other_load_cores"] = load ? MetricValue{load, {}} : MetricValue::unknown("too short");
    result.metrics["steal_share"] = steal ? MetricValue{steal, {}} : MetricValue::unknown("too short");
    return result;
}

Trial lost(std::uint32_t block) {
    Trial result;
    result.repetition = block;
    result.failure = "It died.";
    return result;
}

std::vector<std::string> codes(const Trial& trial) {
    std::vector<std::string> codes;
    for (const Warning& warning : trial.warnings) codes.push_back(warning.code);
    return codes;
}

TEST(Blocks, HaveTheMeanLoadOfTheirTrials) {
    const auto states = block_states({trial(1, 0.1), trial(0, 0.9, 0.2), trial(1, 0.3, 0.1)});
    ASSERT_THAT(states, SizeIs(2));
    EXPECT_EQ(states[0].block, 0U);
    EXPECT_EQ(states[1].block, 1U);
    EXPECT_DOUBLE_EQ(states[0].load.other_load_cores.value(), 0.9);
    EXPECT_DOUBLE_EQ(states[1].load.other_load_cores.value(), 0.2);
    EXPECT_DOUBLE_EQ(states[1].load.steal_share.value(), 0.05);
}

TEST(Blocks, AreDisturbedByTheMeanAndNotByOneTrial) {
    EXPECT_THAT(clear_blocks({trial(0, 0.7), trial(0, 0), trial(0, 0), trial(1, 0.26), trial(1, 0.26)}),
                ElementsAre(0));
}

TEST(Blocks, AreDisturbedByOtherProgramsOrTheHypervisor) {
    EXPECT_THAT(clear_blocks({trial(0, 0.25, 0.05), trial(1, 0.26, 0), trial(2, 0, 0.06)}), ElementsAre(0));
}

TEST(Blocks, LeaveAnUnknownLoadOutOfTheMean) {
    const auto states = block_states({trial(0, 0.4), trial(0, std::nullopt), lost(0)});
    ASSERT_THAT(states, SizeIs(1));
    EXPECT_DOUBLE_EQ(states[0].load.other_load_cores.value(), 0.4);
}

TEST(Blocks, OfWhichNothingIsKnownAreNotCalledDisturbed) {
    const auto states = block_states({trial(0, std::nullopt, std::nullopt), lost(0)});
    ASSERT_THAT(states, SizeIs(1));
    EXPECT_FALSE(states[0].load.other_load_cores);
    EXPECT_FALSE(states[0].load.steal_share);
    EXPECT_FALSE(states[0].load.is_busy());
}

TEST(MarkedBlocks, GiveEachTrialTheFindingOfTheBlock) {
    std::vector<Trial> trials{trial(0, 0), trial(0, 0.9), trial(1, 0.9)};
    mark_disturbed(trials, 0);
    EXPECT_THAT(codes(trials[0]), ElementsAre("machine-busy"));
    EXPECT_THAT(codes(trials[1]), ElementsAre("machine-busy"));
    EXPECT_TRUE(trials[0].disturbed());
    EXPECT_THAT(trials[0].warnings[0].message, HasSubstr("0.45 cores of this machine during the block"));
    EXPECT_THAT(codes(trials[2]), IsEmpty()) << "it is of another block";
}

TEST(MarkedBlocks, TakeBackWhatOneTrialAloneMet) {
    std::vector<Trial> trials{trial(0, 0.5, 0.09), trial(0, 0), trial(0, 0)};
    trials[0].warnings = disturbances(machine_load(trials[0]), "the trial");
    trials[0].warnings.push_back({"rate-not-held", "It was not held.", WarningKind::note});
    ASSERT_THAT(codes(trials[0]), ElementsAre("machine-busy", "steal", "rate-not-held"));
    mark_disturbed(trials, 0);
    EXPECT_THAT(codes(trials[0]), ElementsAre("rate-not-held"));
    EXPECT_FALSE(trials[0].disturbed());
}

TEST(MarkedBlocks, SayTheSameTwiceOnlyOnce) {
    std::vector<Trial> trials{trial(0, 0.9, 0.9)};
    mark_disturbed(trials, 0);
    mark_disturbed(trials, 0);
    EXPECT_THAT(codes(trials[0]), ElementsAre("machine-busy", "steal"));
}

TEST(MarkedBlocks, LeaveALostTrialAsItIs) {
    std::vector<Trial> trials{trial(0, 0.9), lost(0)};
    mark_disturbed(trials, 0);
    EXPECT_THAT(trials[1].warnings, IsEmpty());
}

TEST(MarkedBlocks, WithoutATrialChangeNothing) {
    std::vector<Trial> trials{trial(0, 0.9)};
    mark_disturbed(trials, 7);
    EXPECT_THAT(trials[0].warnings, IsEmpty());
}

TEST(ClearBlocks, LackNoTrialOfACellThatIsUsableAllTheSame) {
    std::vector<Trial> trials{lost(3)};
    for (std::uint32_t block = 0; block < 10; ++block)
        if (block != 3) trials.push_back(trial(block, 0));
    EXPECT_THAT(clear_blocks(trials), ElementsAre(0, 1, 2, 4, 5, 6, 7, 8, 9));
    trials.push_back(lost(9));
    EXPECT_THAT(clear_blocks(trials), SizeIs(10))
        << "two in eleven: the cell is wrong, and no block can be whole";
}

}  // namespace asyncbench::blocks_tests
