#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/text/wrapped.hpp"

namespace asyncbench::wrapped_tests {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Wrapped, BreaksAtSpacesSoThatNoLineIsWider) {
    EXPECT_THAT(wrapped("one two three four", 9), ElementsAre("one two", "three", "four"));
    EXPECT_THAT(wrapped("one two three four", 10), ElementsAre("one two", "three four"));
    EXPECT_THAT(wrapped("one", 80), ElementsAre("one"));
    EXPECT_THAT(wrapped("", 80), IsEmpty());
}

TEST(Wrapped, IndentsTheFirstLineAndLaterOnesAsTold) {
    EXPECT_THAT(wrapped("one two three", 9, 4, 2), ElementsAre("  one two", "    three"));
}

TEST(Wrapped, LeavesAWordWholeThatIsWiderThanALine) {
    EXPECT_THAT(wrapped("see /a/long/path now", 8), ElementsAre("see", "/a/long/path", "now"));
}

TEST(Wrapped, CountsColumnsAndNotBytes) {
    EXPECT_THAT(wrapped("µµµ µµµ µµµ", 7), ElementsAre("µµµ µµµ", "µµµ"));
}

}  // namespace asyncbench::wrapped_tests
