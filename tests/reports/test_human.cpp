#include <gtest/gtest.h>

#include <limits>

#include "reports/text/human.hpp"

namespace asyncbench::human_tests {

TEST(HumanNumber, HasThreeDigitsOrIsWhole) {
    EXPECT_EQ(human_number(0), "0");
    EXPECT_EQ(human_number(0.012345), "0.0123");
    EXPECT_EQ(human_number(0.9994), "0.999");
    EXPECT_EQ(human_number(0.9996), "1.00");
    EXPECT_EQ(human_number(9.994), "9.99");
    EXPECT_EQ(human_number(9.996), "10.0");
    EXPECT_EQ(human_number(99.94), "99.9");
    EXPECT_EQ(human_number(99.96), "100");
    EXPECT_EQ(human_number(1234567.8), "1,234,568");
    EXPECT_EQ(human_number(-1234), "-1,234");
    EXPECT_EQ(human_number(-123), "-123");
    EXPECT_EQ(human_number(0.0000012), "1.20e-06");
    EXPECT_EQ(human_number(std::numeric_limits<double>::infinity()), "unknown");
}

TEST(HumanCount, SetsThousandsApart) {
    EXPECT_EQ(human_count(0), "0");
    EXPECT_EQ(human_count(999), "999");
    EXPECT_EQ(human_count(1000), "1,000");
    EXPECT_EQ(human_count(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(HumanTime, TakesTheLargestUnitThatFits) {
    EXPECT_EQ(human_time(0), "0 ns");
    EXPECT_EQ(human_time(850), "850 ns");
    EXPECT_EQ(human_time(999.7), "1.00 µs");
    EXPECT_EQ(human_time(20'100'000), "20.1 ms");
    EXPECT_EQ(human_time(1.5e9), "1.50 s");
    EXPECT_EQ(human_time(3600e9), "3,600 s");
}

TEST(HumanBytes, AreInPowersOfAThousand) {
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(92'000), "92.0 kB");
    EXPECT_EQ(human_bytes(6'512'345), "6.51 MB");
}

TEST(HumanMetric, HasTheUnitOfTheCatalogue) {
    EXPECT_EQ(human_metric("throughput_rps", 12'700), "12,700/s");
    EXPECT_EQ(human_metric("service_p50_ns", 20'100'000), "20.1 ms");
    EXPECT_EQ(human_metric("cpu_us_per_request", 41.3), "41.3 µs");
    EXPECT_EQ(human_metric("peak_rss_bytes", 6.5e6), "6.50 MB");
    EXPECT_EQ(human_metric("efficiency", 0.984), "98.4 %");
    EXPECT_EQ(human_metric("some_metric_of_a_foreign_program", 5), "5.00");
}

TEST(HumanEstimate, WritesTheIntervalInTheValuesUnit) {
    EXPECT_EQ(human_estimate("throughput_rps", {12'700, 12'500, 12'800, 0.9375}), "12,700/s [12,500–12,800]");
    EXPECT_EQ(human_estimate("service_p99_ns", {1.01e6, 0.99e6, 1.2e6, 0.9375}), "1.01 ms [0.990–1.20]");
    EXPECT_EQ(human_ratio({63.9, 63.1, 64.5, 0.9375}), "63.9× [63.1–64.5]");
}

TEST(HumanEstimate, TakesTheUnitOfTheUpperEndWhereTheValueIsZero) {
    EXPECT_EQ(human_estimate("service_p99_ns", {0, 0, 8.89e6, 0.95}), "0 ms [0–8.89]");
}

TEST(HumanEstimate, ShowsNoIntervalOfLessThan90PercentConfidence) {
    EXPECT_EQ(human_estimate("throughput_rps", {12'700, 12'700, 12'700, 0}), "12,700/s");
    EXPECT_EQ(human_ratio({1.02, 0.99, 1.05, 0.75}), "1.02×") << "of three trials";
}

TEST(Shortened, CutsBetweenCharactersAndSaysSo) {
    EXPECT_EQ(shortened("coroutine", 9), "coroutine");
    EXPECT_EQ(shortened("coroutine", 5), "coro…");
    EXPECT_EQ(shortened("µµµµ", 3), "µµ…");
    EXPECT_EQ(columns_of("63.9×"), 5U);
}

TEST(Printable, LeavesNoControlCharacters) {
    EXPECT_EQ(printable("a\nb\x1b[31mc\x7f"), "a\\nb\\x1b[31mc\\x7f");
    EXPECT_EQ(printable("20 µs"), "20 µs");
    EXPECT_EQ(printable("a\xc2\x9b"
                        "b"),
              "a\\u009bb");
}

TEST(Printable, LeavesNothingThatReordersText) {
    EXPECT_EQ(printable("a\u202e\u2066b\u200f"), "a\\u202e\\u2066b\\u200f");
    EXPECT_EQ(printable("\u202a\u2069\u200e"), "\\u202a\\u2069\\u200e");
    EXPECT_EQ(printable("\u202f…–\u2065"), "\u202f…–\u2065");
}

TEST(Printable, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(printable("a\xff"
                        "b"),
              "a\ufffdb");
    EXPECT_EQ(printable("caf\xe9"), "caf\ufffd") << "Latin-1";
    EXPECT_EQ(printable("\xc0\xaf"), "\ufffd\ufffd") << "a slash, longer than it needs to be";
    EXPECT_EQ(printable("\xed\xa0\x80"), "\ufffd\ufffd\ufffd") << "a surrogate";
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd") << "beyond U+10FFFF";
    EXPECT_EQ(printable("\xe2\x80"), "\ufffd\ufffd") << "cut off";
    EXPECT_EQ(printable("ä€😀\uffff"), "ä€😀\uffff");
}

TEST(Printable, LeavesNoCommandOfACiSystem) {
    EXPECT_EQ(printable("a ##[stop-commands]x"), "a #\\x23[stop-commands]x");
    EXPECT_EQ(printable("###[x"), "##\\x23[x");
    EXPECT_EQ(printable("#[x] ## [y]"), "#[x] ## [y]");
}

TEST(WithoutCommand, LeavesNoneAtTheBeginningOfALine) {
    EXPECT_EQ(without_command("::stop-commands::x"), "\\x3a:stop-commands::x");
    EXPECT_EQ(without_command("  \u00a0::error::x"), "  \u00a0\\x3a:error::x")
        << "the runner trims Unicode's spaces";
    EXPECT_EQ(without_command("std::map ::x"), "std::map ::x");
    EXPECT_EQ(without_command(""), "");
}

TEST(HumanDeviation, KeepsTwoDigits) {
    EXPECT_EQ(human_deviation(0.002), "0.20 %");
    EXPECT_EQ(human_deviation(0.0021), "0.21 %");
    EXPECT_EQ(human_deviation(0.00998), "1.0 %");
    EXPECT_EQ(human_deviation(0.05), "5.0 %");
    EXPECT_EQ(human_deviation(0.0996), "10 %");
    EXPECT_EQ(human_deviation(0.000312), "0.031 %");
    EXPECT_EQ(human_deviation(0), "0 %");
}

TEST(ShortenedInside, KeepsBothEnds) {
    EXPECT_EQ(shortened_inside("abcdefghij", 10), "abcdefghij");
    EXPECT_EQ(shortened_inside("abcdefghijk", 5), "ab…jk");
    EXPECT_EQ(shortened_inside("ääbbccddöö", 5), "ää…öö");
}

}  // namespace asyncbench::human_tests
