#include "harness/work/units.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "async/errors.hpp"
#include "harness/work/random.hpp"

namespace asyncbench::units_tests {

using namespace std::chrono_literals;

TEST(ParseDuration, KnowsEveryUnit) {
    EXPECT_EQ(parse_duration("7ns"), 7ns);
    EXPECT_EQ(parse_duration("500us"), 500us);
    EXPECT_EQ(parse_duration("20ms"), 20ms);
    EXPECT_EQ(parse_duration("1.5s"), 1500ms);
    EXPECT_EQ(parse_duration("3m"), 3min);
    EXPECT_EQ(parse_duration("2h"), 2h);
}

TEST(ParseRate, KnowsThousandsAndMillions) {
    for (const auto& [text, rate] : {std::pair{"2000", 2000.0},
                                     {"2k", 2e3},
                                     {"1.5K", 1500},
                                     {"2m", 2e6},
                                     {"3M/s", 3e6},
                                     {"0.1/s", 0.1},
                                     {"1.001k", 1001}}) {
        EXPECT_EQ(parse_rate(text, any_number), rate) << text;
    }
    for (const char* text : {"", "k", "/s", "2kk", "2g", "-2", "1e3", "2 k", "2/m", "inf"})
        EXPECT_THROW(parse_rate(text, any_number), UsageError) << text;
    EXPECT_THROW(parse_rate("2k", Limits<double>{0, 1999, "less"}), UsageError);
}

TEST(ParseShare, IsAPartOfOneOrAPercentage) {
    for (const auto& [text, share] :
         {std::pair{"0.05", 0.05}, {"5%", 0.05}, {"0.7%", 0.007}, {"100%", 1.0}, {"0", 0.0}})
        EXPECT_EQ(parse_share(text, "share"), share) << text;
    for (const char* text : {"", "%", "5", "101%", "-1%", "5 %", "5%%", "nan"})
        EXPECT_THROW(parse_share(text, "share"), UsageError) << text;
}

TEST(ParseDuration, AddsUpSeveralUnits) {
    EXPECT_EQ(parse_duration("1m30s"), 90s);
    EXPECT_EQ(parse_duration("1h2m3s4ms5us6ns"), 1h + 2min + 3s + 4ms + 5us + 6ns);
}

TEST(ParseDuration, RefusesABareNumberThatCouldBeAnyUnit) {
    for (const char* text : {"20", "0.25", "1e3"}) EXPECT_THROW(parse_duration(text), UsageError) << text;
    EXPECT_EQ(parse_duration("0"), 0ns);
    try {
        parse_duration("20");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_STREQ(error.what(), "'20' has no unit; write 20ms or 20s.");
    }
}

TEST(ParseDuration, RoundsToTheNearestNanosecond) {
    EXPECT_EQ(parse_duration("1.4ns"), 1ns);
    EXPECT_EQ(parse_duration("1.6ns"), 2ns);
    EXPECT_EQ(parse_duration("0.0000001ms"), 0ns);
}

TEST(ParseDuration, EndsAtAThousandHours) {
    EXPECT_EQ(parse_duration("1000h"), 1000h);
    EXPECT_THROW(parse_duration("1001h"), UsageError);
    EXPECT_THROW(parse_duration("999h61m"), UsageError);
}

TEST(ParseDuration, EndsWhereItsTextEndsAndNotAtAZeroByte) {
    EXPECT_THROW(parse_duration(std::string_view("1s\0", 3)), UsageError);
}

class NoDuration : public testing::TestWithParam<std::string> {};

TEST_P(NoDuration, IsRefusedInAWholeSentenceThatNamesIt) {
    try {
        parse_duration(GetParam());
        FAIL() << GetParam();
    } catch (const UsageError& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find("'" + GetParam() + "'"), std::string::npos);
        EXPECT_TRUE(message.ends_with("."));
    }
}

INSTANTIATE_TEST_SUITE_P(Texts, NoDuration,
                         testing::Values("", " ", "s", "ms", "20 ms", " 20ms", "20ms ", "-1s", "-0s", "+1s",
                                         "1x", "1d", "1S", "1MS", "1e3s", "1e3", "inf", "nan", "infs",
                                         "0x10s", "1,5s", "1m30", "30 1m", "1..5s", ".", "1s,2s", "1s\n",
                                         "99999999999999999999999h", "\xff\xfe", "1\xc2\xb5s"));

TEST(ParseSize, KnowsPowersOf1000AndOf1024) {
    EXPECT_EQ(parse_size("0"), 0u);
    EXPECT_EQ(parse_size("512"), 512u);
    EXPECT_EQ(parse_size("512B"), 512u);
    EXPECT_EQ(parse_size("4KiB"), 4096u);
    EXPECT_EQ(parse_size("4Ki"), 4096u);
    EXPECT_EQ(parse_size("4k"), 4000u);
    EXPECT_EQ(parse_size("4KB"), 4000u);
    EXPECT_EQ(parse_size("1MB"), 1'000'000u);
    EXPECT_EQ(parse_size("1MiB"), 1'048'576u);
    EXPECT_EQ(parse_size("1G"), 1'000'000'000u);
    EXPECT_EQ(parse_size("1GiB"), 1'073'741'824u);
    EXPECT_EQ(parse_size("1.5KiB"), 1536u);
}

TEST(ParseSize, TakesDecimalFractionsThatAreWholeBytes) {
    for (int bytes = 1000; bytes < 10000; ++bytes) {
        const std::string text =
            std::to_string(bytes / 1000) + "." + std::to_string(1000 + bytes % 1000).substr(1);
        EXPECT_EQ(parse_size(text + "k"), static_cast<std::uint64_t>(bytes)) << text;
    }
}

TEST(ParseCount, KnowsThousandsAndMillions) {
    EXPECT_EQ(parse_count("64"), 64u);
    EXPECT_EQ(parse_count("10k"), 10'000u);
    EXPECT_EQ(parse_count("1m"), 1'000'000u);
    EXPECT_EQ(parse_count("2.5M"), 2'500'000u);
}

TEST(ParseCount, TakesAll64Bits) {
    EXPECT_EQ(parse_count("18446744073709551615"), 18446744073709551615u);
}

TEST(Limits, HoldTheirEndsAndAreNamedWhereTheyDoNotHold) {
    constexpr Limits<std::uint64_t> limits{1, 1000, "from 1 to 1000"};
    EXPECT_EQ(parse_count("1", limits), 1u);
    EXPECT_EQ(parse_count("1k", limits), 1000u);
    try {
        parse_count("1.001k", limits);
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_STREQ(error.what(), "'1.001k' is out of range; it must be from 1 to 1000.");
    }
}

TEST(NumberText, IsReadBackWhateverTheNumber) {
    for (const double number : {0.0, 0.05, 1e-5, 5e-324, 123456.789, 1e300})
        EXPECT_EQ(parse_number(number_text(number), "number"), number);
}

TEST(ParseSizeAndCount, RefuseEverythingElse) {
    for (const char* text : {"",
                             " ",
                             "k",
                             "-1",
                             "-0",
                             "+1",
                             "1.5",
                             "1.0001k",
                             "0.5",
                             "1e3",
                             "inf",
                             "nan",
                             "0x10",
                             "1 k",
                             "1k ",
                             "1kk",
                             "1TB",
                             "1kib",
                             "9999999999999999999999",
                             "1k1"}) {
        EXPECT_THROW(parse_size(text), UsageError) << text;
        EXPECT_THROW(parse_count(text), UsageError) << text;
    }
    EXPECT_THROW(parse_count("1Ki"), UsageError);
    EXPECT_THROW(parse_count("1B"), UsageError);
}

TEST(ParseNumber, TakesPlainNumbersThatAreNotNegative) {
    EXPECT_EQ(parse_number("0.05", "share"), 0.05);
    EXPECT_EQ(parse_number("12", "share"), 12);
    for (const char* text : {"", "-1", "-0", "+1", "1e-3", "inf", "nan", "0.5x", " 1", "1 ", "5%"}) {
        EXPECT_THROW(parse_number(text, "share"), UsageError) << text;
    }
}

TEST(ParseNumber, NamesWhatItWasFor) {
    try {
        parse_number("x", "error rate");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("error rate"), std::string::npos);
    }
}

TEST(DurationText, IsShort) {
    EXPECT_EQ(to_text(0ns), "0s");
    EXPECT_EQ(to_text(7ns), "7ns");
    EXPECT_EQ(to_text(500us), "500us");
    EXPECT_EQ(to_text(20ms), "20ms");
    EXPECT_EQ(to_text(1500ms), "1.5s");
    EXPECT_EQ(to_text(1h), "3600s");
}

TEST(DurationText, IsReadBackToTheSameValue) {
    for (std::uint64_t i = 0; i < 200'000; ++i) {
        // All magnitudes alike, from a nanosecond to 1000 hours.
        const auto bits = random_bits(1, i, 0);
        const Nanoseconds value{static_cast<std::int64_t>((bits >> (bits & 63)) % 3'600'000'000'000'001u)};
        ASSERT_EQ(parse_duration(to_text(value)), value) << to_text(value);
    }
}

}  // namespace asyncbench::units_tests
