#include "cli/gate/block_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace asyncbench::block_order_tests {

const std::vector<std::size_t> subjects{0, 2, 5};

/// `ABBA` for each subject, in the order of the block.
std::vector<std::string> arms_of(const std::vector<BlockTrial>& block, std::size_t trials_of_subject) {
    std::vector<std::string> arms;
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (i % trials_of_subject == 0) arms.emplace_back();
        arms.back() += block[i].arm == Arm::base ? 'A' : 'B';
        EXPECT_EQ(block[i].subject, block[i - i % trials_of_subject].subject);
    }
    return arms;
}

TEST(BlockOrder, IsAbbaOrBaabForEachSubject) {
    std::set<std::string> seen;
    std::set<std::size_t> first;
    for (std::uint64_t number = 0; number < 50; ++number) {
        const auto block = block_order(subjects, 4, 2, 1, number);
        ASSERT_EQ(block.size(), 12U);
        for (const std::string& arms : arms_of(block, 4)) seen.insert(arms);
        first.insert(block.front().subject);
        std::multiset<std::size_t> all;
        for (const BlockTrial& trial : block) all.insert(trial.subject);
        EXPECT_THAT(all, testing::ElementsAre(0, 0, 0, 0, 2, 2, 2, 2, 5, 5, 5, 5));
    }
    EXPECT_THAT(seen, testing::ElementsAre("ABBA", "BAAB"));
    EXPECT_THAT(first, testing::ElementsAre(0, 2, 5));
}

TEST(BlockOrder, PairsWhatStandsTogether) {
    const auto block = block_order(subjects, 4, 2, 1, 0);
    for (std::size_t i = 0; i < block.size(); ++i) EXPECT_EQ(block[i].pair, i % 4 < 2 ? 4U : 5U);
}

TEST(BlockOrder, HoldsOnePairWhereOneIsLeft) {
    std::set<std::string> seen;
    for (std::uint64_t number = 0; number < 50; ++number) {
        for (const std::string& arms : arms_of(block_order(subjects, 6, 1, 1, number), 2)) seen.insert(arms);
    }
    EXPECT_THAT(seen, testing::ElementsAre("AB", "BA"));
}

TEST(BlockOrder, FollowsFromTheSeed) {
    const auto of_seed = [](std::uint64_t seed) {
        std::vector<BlockTrial> trials;
        for (std::uint64_t number = 0; number < 10; ++number) {
            for (const BlockTrial& trial : block_order(subjects, 0, 2, seed, number)) trials.push_back(trial);
        }
        return trials;
    };
    EXPECT_EQ(of_seed(1), of_seed(1));
    EXPECT_NE(of_seed(1), of_seed(2));
}

}  // namespace asyncbench::block_order_tests
