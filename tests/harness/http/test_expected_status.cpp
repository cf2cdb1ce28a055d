#include "harness/http/expected_status.hpp"

#include <gtest/gtest.h>

#include "async/errors.hpp"

namespace asyncbench::expected_status_tests {

TEST(ExpectedStatus, IsBelow400WhereNothingIsSaid) {
    EXPECT_TRUE(ExpectedStatus().holds(200));
    EXPECT_TRUE(ExpectedStatus().holds(399));
    EXPECT_FALSE(ExpectedStatus().holds(400));
}

TEST(ExpectedStatus, IsOneOfThoseThatAreNamed) {
    const auto expected = ExpectedStatus::parse("2xx,304,503");
    for (const int right : {200, 299, 304, 503}) EXPECT_TRUE(expected.holds(right)) << right;
    for (const int wrong : {199, 300, 303, 305, 500}) EXPECT_FALSE(expected.holds(wrong)) << wrong;
    EXPECT_EQ(expected.text(), "2xx,304,503");
}

TEST(ExpectedStatus, RefusesWhatIsNoStatus) {
    for (const char* wrong : {"", "20", "2000", "xx2", "2x0", "099", "200,", ",200", "200 ", "-20"})
        EXPECT_THROW(ExpectedStatus::parse(wrong), UsageError) << wrong;
}

}  // namespace asyncbench::expected_status_tests
