// docs/target-contract.md: the replies that it gives to try an implementation are those that we draw.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "harness/work/reply.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::target_contract_tests {

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::size_t begin = line.find('|');
    for (std::size_t end = 0; (end = line.find('|', begin + 1)) != std::string::npos; begin = end) {
        std::string cell = line.substr(begin + 1, end - begin - 1);
        std::erase_if(cell, [](char c) { return c == ' ' || c == '`'; });
        cells.push_back(std::move(cell));
    }
    return cells;
}

/// The table that begins with the columns `seed` and `k`; its first row is the header.
std::vector<std::vector<std::string>> table_of_replies() {
    std::ifstream contract(test::source_dir() + "/docs/target-contract.md");
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(contract, line);) {
        if (rows.empty() ? line.starts_with("| seed | k |") : line.starts_with("|")) {
            if (!line.starts_with("|--")) rows.push_back(cells_of(line));
        } else if (!rows.empty()) {
            break;
        }
    }
    return rows;
}

std::string name_of(const Reply& reply) {
    switch (reply.fault) {
        case Fault::close:
            return "close";
        case Fault::truncate:
            return "truncate";
        case Fault::stall:
            return "stall";
        case Fault::dribble:
            return "dribble";
        case Fault::none:
            break;
    }
    return reply.status == 500 ? "error_rate" : "none";
}

TEST(TargetContract, GivesTheRepliesThatAreDrawn) {
    const auto rows = table_of_replies();
    ASSERT_GE(rows.size(), 7U);
    for (std::size_t row = 1; row < rows.size(); ++row) {
        ASSERT_EQ(rows[row].size(), rows[0].size());
        ASSERT_EQ(rows[row].size(), 8U);
        const std::uint64_t seed = std::stoull(rows[row][0]);
        const std::uint64_t id = std::stoull(rows[row][1]);
        Profile profile;
        profile.error_rate = 0.15;
        profile.faults = FaultShares::parse("close:0.15,truncate:0.15,stall:0.15,dribble:0.15");
        for (std::size_t column = 2; column < 6; ++column) {
            profile.delay = DelaySpec::parse(rows[0][column]);
            EXPECT_NEAR(static_cast<double>(reply_for(profile, seed, id).delay.count()),
                        std::stod(rows[row][column]), 1)
                << seed << ' ' << id << ' ' << rows[0][column];
        }
        EXPECT_EQ(name_of(reply_for(profile, seed, id)), rows[row][6]) << seed << ' ' << id;
        EXPECT_EQ(content_tag(seed, id), rows[row][7]) << seed << ' ' << id;
    }
}

}  // namespace asyncbench::target_contract_tests
