#include "harness/engine/load_stage.hpp"

#include <gtest/gtest.h>

#include "async/errors.hpp"

namespace asyncbench::load_stage_tests {

using namespace std::chrono_literals;

TEST(Stages, AreARateOrARampEachAndItsTime) {
    const std::vector<LoadStage> stages = parse_stages("0:1k@30s,1000@2m,1k/s:0@500ms");
    const std::vector<LoadStage> meant{{0, 1000, 30s}, {1000, 1000, 2min}, {1000, 0, 500ms}};
    EXPECT_EQ(stages, meant);
    EXPECT_EQ(duration_of(stages), 150s + 500ms);
    EXPECT_EQ(highest(stages), 1000);
    EXPECT_DOUBLE_EQ(mean(stages) * 150.5, 15'000 + 120'000 + 250);
}

TEST(Stages, AreWrittenAsTheyAreRead) {
    for (const char* text : {"0:1000@30s", "1.5@60s,2@1ms,3:4.25@3600s"})
        EXPECT_EQ(text_of(parse_stages(text)), text);
}

TEST(Stages, OfConnectionsAreWholeNumbers) {
    const std::vector<LoadStage> meant{{0, 500, 30s}, {500, 500, 2min}};
    EXPECT_EQ(parse_connection_stages("0:500@30s,500@2m"), meant);
    for (const char* wrong : {"", "5", "1.5@1s", "0@1s", "1000001@1s", "1:2:3@1s"})
        EXPECT_THROW(parse_connection_stages(wrong), UsageError) << wrong;
}

TEST(Stages, HaveAValueAtEachTime) {
    const std::vector<LoadStage> stages = parse_stages("0:100@10s,40@10s");
    EXPECT_DOUBLE_EQ(value_at(stages, 5s), 50);
    EXPECT_DOUBLE_EQ(value_at(stages, 10s), 40);
    EXPECT_DOUBLE_EQ(value_at(stages, 1min), 40) << "after the last one";
}

TEST(Stages, RefuseWhatSendsNothingOrIsNoStage) {
    for (const char* wrong :
         {"", "10", "10@", "@10s", "10@10", "-1@1s", "1:2:3@1s", "10@1s,", "0@10s", "0:0@1s", "1@0s"})
        EXPECT_THROW(parse_stages(wrong), UsageError) << wrong;
}

}  // namespace asyncbench::load_stage_tests
