#include "harness/engine/rate_stage.hpp"

#include <gtest/gtest.h>

#include "async/errors.hpp"

namespace asyncbench::rate_stage_tests {

using namespace std::chrono_literals;

TEST(Stages, AreARateOrARampEachAndItsTime) {
    const std::vector<RateStage> stages = parse_stages("0:1k@30s,1000@2m,1k/s:0@500ms");
    const std::vector<RateStage> meant{{0, 1000, 30s}, {1000, 1000, 2min}, {1000, 0, 500ms}};
    EXPECT_EQ(stages, meant);
    EXPECT_EQ(duration_of(stages), 150s + 500ms);
    EXPECT_EQ(most_rps(stages), 1000);
    EXPECT_DOUBLE_EQ(mean_rps(stages) * 150.5, 15'000 + 120'000 + 250);
}

TEST(Stages, AreWrittenAsTheyAreRead) {
    for (const char* text : {"0:1000@30s", "1.5@60s,2@1ms,3:4.25@3600s"})
        EXPECT_EQ(text_of(parse_stages(text)), text);
}

TEST(Stages, RefuseWhatSendsNothingOrIsNoStage) {
    for (const char* wrong :
         {"", "10", "10@", "@10s", "10@10", "-1@1s", "1:2:3@1s", "10@1s,", "0@10s", "0:0@1s", "1@0s"})
        EXPECT_THROW(parse_stages(wrong), UsageError) << wrong;
}

}  // namespace asyncbench::rate_stage_tests
