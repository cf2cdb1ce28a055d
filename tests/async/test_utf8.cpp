#include "async/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace asyncbench::utf8_tests {

const std::string replacement = "\xef\xbf\xbd";

TEST(AsUtf8, LeavesUtf8AsItIs) {
    for (const std::string& text : {std::string(), std::string("a\0b\n", 4), std::string("ä€😀\u202e")})
        EXPECT_EQ(as_utf8(text), text);
}

TEST(AsUtf8, ReplacesEachByteThatIsNone) {
    EXPECT_EQ(as_utf8("\xe4"), replacement);
    EXPECT_EQ(as_utf8("a\xff\xfe"
                      "b"),
              "a" + replacement + replacement + "b");
    EXPECT_EQ(as_utf8("\xed\xa0\x80"), replacement + replacement + replacement) << "a surrogate";
    EXPECT_EQ(as_utf8("\xc0\xaf"), replacement + replacement) << "too long a form of '/'";
    EXPECT_EQ(as_utf8("\xf4\x90\x80\x80"), replacement + replacement + replacement + replacement) << "beyond the last";
}

TEST(AsUtf8, LeavesWhatFollowsACharacterThatIsCutOff) {
    EXPECT_EQ(as_utf8("\xe4\"x"), replacement + "\"x") << "Latin-1 before a quotation mark";
    EXPECT_EQ(as_utf8("\xe2\x82"
                      "ä"),
              replacement + replacement + "ä");
}

TEST(Excerpt, IsTheTextOrItsBeginningAndHowLongItIs) {
    EXPECT_EQ(excerpt("abc", 3), "abc");
    EXPECT_EQ(excerpt("abcd", 3), "abc… (4 bytes)");
    EXPECT_EQ(excerpt("ää", 3), "ä… (4 bytes)") << "no half character";
    EXPECT_EQ(excerpt("😀😀", 3), "… (8 bytes)");
}

TEST(DistinctExcerpt, DiffersWhereTheTextsDo) {
    EXPECT_EQ(distinct_excerpt("abc", 3), "abc");
    const std::string begin(1000, 'x');
    EXPECT_NE(distinct_excerpt(begin + "1", 10), distinct_excerpt(begin + "2", 10));
    // FNV-1a of "foobar", as in the test vectors of its authors.
    EXPECT_EQ(distinct_excerpt("foobar", 3), "foo… (6 bytes, 85944171f73967e8)");
}

}  // namespace asyncbench::utf8_tests
