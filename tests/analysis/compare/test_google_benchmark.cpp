#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "analysis/compare/google_benchmark.hpp"
#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/trial/metric.hpp"
#include "tests/support/mutations/mutations.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::google_benchmark_tests {

using testing::HasSubstr;

/// What Google Benchmark 1.7.1 (Debian 12) wrote with --benchmark_format=json, for four benchmarks made for
/// this: one with a counter, one whose counters are NaN and -Infinity, and one that calls SkipWithError();
/// the host's name was changed.
std::string real_output() {
    std::ifstream file(test::source_dir() + "/tests/analysis/compare/data/google-benchmark-base.json");
    return {std::istreambuf_iterator<char>(file), {}};
}

MeasuredValues read(const std::string& text) {
    return google_benchmark_values(text, "base.json");
}

std::string why_refused(const std::string& text) {
    try {
        read(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

const MeasuredCell& subject(const MeasuredValues& measured, const std::string& name) {
    const auto found = std::find_if(measured.cells.begin(), measured.cells.end(),
                                    [&](const MeasuredCell& each) { return each.name == name; });
    return found == measured.cells.end() ? throw Error("no subject " + name) : *found;
}

CellValues metric(const MeasuredCell& subject, const std::string& name) {
    const std::vector<std::string> names = metrics_of(subject);
    return std::find(names.begin(), names.end(), name) == names.end() ? throw Error("no metric " + name)
                                                                      : values_of(subject, name);
}

/// A file of one benchmark, whose rows are given.
std::string file_of(const std::string& rows) {
    return R"({"context": {"num_cpus": 2}, "benchmarks": [)" + rows + "]}";
}

TEST(GoogleBenchmark, ReadsRepetitionsAndNeverAggregates) {
    const MeasuredValues measured = read(real_output());
    ASSERT_EQ(measured.cells.size(), 4U);
    const CellValues time = metric(subject(measured, "BM_Sum/64"), "real_time_ns");
    EXPECT_EQ(time.values.size(), 4U);
    EXPECT_NEAR(time.values[0], 27.008185323679360, 1e-12);
    EXPECT_EQ(metric_kind("real_time_ns").better, Better::lower);
    EXPECT_EQ(time.repetitions, (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

TEST(GoogleBenchmark, ReadsCountersWithWhatTheirNamesSay) {
    const MeasuredCell sum = subject(read(real_output()), "BM_Sum/64");
    EXPECT_EQ(metric(sum, "switches").values, (std::vector<double>{3, 3, 3, 3}));
    EXPECT_EQ(metric_kind("switches").better, Better::neither);
    EXPECT_EQ(metric_kind("items_per_second").better, Better::higher);
}

TEST(GoogleBenchmark, BareNumbersThatNoJsonHasAreUnknown) {
    const MeasuredCell subject_with_nan = subject(read(real_output()), "BM_Nan");
    for (const char* name : {"quotient", "limit"}) {
        EXPECT_TRUE(metric(subject_with_nan, name).values.empty()) << name;
        EXPECT_FALSE(subject_with_nan.measured.at(0).metrics.at(name).reason.empty()) << name;
    }
    EXPECT_EQ(metric(subject_with_nan, "real_time_ns").values.size(), 2U);
}

TEST(GoogleBenchmark, LeavesNamesThatLookLikeBareNumbersAlone) {
    const MeasuredValues measured = read(file_of(
        R"({"name": "NaN \"Infinity", "real_time": -NaN, "cpu_time": 2, "time_unit": "us", "NaN": 1})"));
    const MeasuredCell& only = subject(measured, "NaN \"Infinity");
    EXPECT_TRUE(metric(only, "real_time_ns").values.empty());
    EXPECT_EQ(metric(only, "cpu_time_ns").values, std::vector<double>{2000});
    EXPECT_EQ(metric(only, "NaN").values, std::vector<double>{1});
}

TEST(GoogleBenchmark, TellsOfRepetitionsWithoutATime) {
    const MeasuredValues measured =
        read(file_of(R"({"name": "BM", "real_time": NaN, "cpu_time": NaN, "time_unit": "ns"},
                        {"name": "BM", "real_time": 1, "cpu_time": 2, "time_unit": "ns"},
                        {"name": "BM", "real_time": NaN, "cpu_time": 3, "time_unit": "ns"})"));
    const MeasuredCell& only = subject(measured, "BM");
    EXPECT_EQ(only.used_trials, 3U);
    EXPECT_EQ(metric(only, "real_time_ns").repetitions, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(metric(only, "cpu_time_ns").repetitions, (std::vector<std::uint32_t>{1, 2}));
    ASSERT_EQ(only.warnings.size(), 1U);
    EXPECT_EQ(only.warnings[0].code, "values-left-out");
    EXPECT_EQ(
        only.warnings[0].message,
        "BM of base.json: 2 of 3 repetitions tell no finite number for real_time_ns, and are left out.");
}

TEST(GoogleBenchmark, WhatFailedIsWrongAndSaysWhy) {
    const MeasuredCell failed = subject(read(real_output()), "BM_Fails");
    EXPECT_FALSE(failed.usable());
    ASSERT_EQ(failed.warnings.size(), 1U);
    EXPECT_EQ(failed.warnings[0].code, "benchmark-error");
    EXPECT_EQ(failed.warnings[0].message, "BM_Fails of base.json failed: no \"server\" answers.");
}

TEST(GoogleBenchmark, WhatFailedOnceIsWrongWhateverItsOtherRepetitionsTell) {
    std::string rows = R"({"name": "BM", "error_occurred": true, "error_message": "no server"})";
    for (int i = 0; i < 20; ++i) rows += R"(, {"name": "BM", "real_time": 1, "cpu_time": 1})";
    const MeasuredValues measured = read(file_of(rows));
    EXPECT_EQ(subject(measured, "BM").standing(), Standing::wrong);
    EXPECT_EQ(subject(measured, "BM").reason()->code, "benchmark-error");
}

TEST(GoogleBenchmark, TimesThatNoNumberHoldsAreUnknown) {
    const MeasuredValues measured =
        read(file_of(R"({"name": "BM", "real_time": 1e300, "cpu_time": 1, "time_unit": "s"})"));
    EXPECT_TRUE(metric(subject(measured, "BM"), "real_time_ns").values.empty());
    EXPECT_EQ(metric(subject(measured, "BM"), "cpu_time_ns").values, std::vector<double>{1e9});
}

TEST(GoogleBenchmark, SkippedRowsAreAWarning) {
    const MeasuredValues measured =
        read(file_of(R"({"name": "BM", "skipped": true, "skip_message": "no GPU"})"));
    EXPECT_TRUE(measured.cells.empty());
    ASSERT_EQ(measured.warnings.size(), 1U);
    EXPECT_EQ(measured.warnings[0].message, "BM of base.json was skipped: no GPU.");
}

TEST(GoogleBenchmark, AggregatesAloneAreAWarning) {
    const MeasuredValues measured = read(file_of(
        R"({"name": "BM_mean", "run_name": "BM", "run_type": "aggregate", "aggregate_name": "mean", "real_time": 1})"));
    EXPECT_TRUE(measured.cells.empty());
    ASSERT_EQ(measured.warnings.size(), 1U);
    EXPECT_EQ(measured.warnings[0].code, "only-aggregates");
}

TEST(GoogleBenchmark, TimesAreNanosecondsWhateverTheirUnit) {
    const MeasuredValues measured =
        read(file_of(R"({"name": "a", "real_time": 2, "cpu_time": 1, "time_unit": "ms"},
                                                    {"name": "b", "real_time": 2, "cpu_time": 1, "time_unit": "s"})"));
    EXPECT_EQ(metric(subject(measured, "a"), "real_time_ns").values, std::vector<double>{2e6});
    EXPECT_EQ(metric(subject(measured, "b"), "cpu_time_ns").values, std::vector<double>{1e9});
}

TEST(GoogleBenchmark, KnowsTheMachineButNotItsName) {
    const MeasuredValues measured = read(real_output());
    ASSERT_NE(measured.environment.find("cpus_online"), nullptr);
    EXPECT_EQ(measured.environment.find("cpus_online")->value, "2");
    EXPECT_NE(measured.environment.find("caches"), nullptr);
    EXPECT_EQ(measured.environment.find("host_name"), nullptr);
}

TEST(GoogleBenchmark, WhatItCannotReadIsToldInASentence) {
    const std::pair<std::string, std::string> wrong[] = {
        {"", "no JSON"},
        {"{}", "neither a result of asyncbench nor JSON of Google Benchmark"},
        {"3", "neither a result of asyncbench nor JSON of Google Benchmark"},
        {R"({"context": {}, "benchmarks": 3})",
         "neither a result of asyncbench nor JSON of Google Benchmark"},
        {R"({"context": {}, "benchmarks": {"name": "a"}})", "neither a result of asyncbench nor JSON"},
        {file_of("3"), "'benchmarks[0]' must be an object, and is 3"},
        {file_of(R"({"real_time": 1})"), "benchmarks[0]: 'name' is missing"},
        {file_of(R"({"name": 3, "real_time": 1})"), "benchmarks[0]: 'name' must be text"},
        {file_of(R"({"name": "a"})"), "benchmarks[0] (a): 'real_time' is missing"},
        {file_of(R"({"name": "a", "real_time": "1"})"), "'real_time' must be a number, and is \"1\""},
        {file_of(R"({"name": "a", "real_time": 1, "cpu_time": 1, "time_unit": "h"})"), "time_unit"},
        {file_of(R"({"name": "a", "error_occurred": 1})"), "error_occurred"},
        {R"([{"context": {}, "benchmarks": []}, {"context": {}, "benchmarks": []}])", "jq -s"},
        {R"({"context": {}, "benchmarks": [Infinity)", "no JSON, as it ends in the middle"},
    };
    for (const auto& [text, names] : wrong) {
        EXPECT_THAT(why_refused(text), testing::AllOf(HasSubstr(names), testing::EndsWith("."))) << text;
    }
}

const Warning& note_of(const MeasuredValues& measured, const std::string& code) {
    const auto found = std::find_if(measured.warnings.begin(), measured.warnings.end(),
                                    [&](const Warning& each) { return each.code == code; });
    return found == measured.warnings.end() ? throw Error("no note " + code) : *found;
}

std::vector<std::string> names_of(const MeasuredValues& measured) {
    std::vector<std::string> names;
    for (const MeasuredCell& cell : measured.cells) names.push_back(cell.name);
    return names;
}

std::vector<double> real_times(const MeasuredValues& measured, const std::string& name) {
    return metric(subject(measured, name), "real_time_ns").values;
}

/// A row with a time, and with `more` behind it.
std::string row_of(const std::string& name, double time, const std::string& more = "") {
    return fmt::format(R"({{"name": "{}", "real_time": {}, "cpu_time": {}, "time_unit": "ns"{}{}}})", name,
                       time, time, more.empty() ? "" : ", ", more);
}

std::string joined(const std::vector<std::string>& rows) {
    return fmt::format("{}", fmt::join(rows, ", "));
}

// Each row by itself.

class NumberThatIsNone : public testing::TestWithParam<std::string> {};

TEST_P(NumberThatIsNone, IsUnknownWhateverWroteIt) {
    const MeasuredValues measured =
        read(file_of(joined({row_of("BM", 1, "\"ratio\": " + GetParam()), row_of("BM", 2, "\"ratio\": 3")})));
    EXPECT_EQ(metric(subject(measured, "BM"), "ratio").values, std::vector<double>{3});
    EXPECT_EQ(real_times(measured, "BM"), (std::vector<double>{1, 2}));
}

INSTANTIATE_TEST_SUITE_P(GoogleBenchmark, NumberThatIsNone,
                         testing::Values("NaN", "-NaN", "nan", "-nan", "nan(snan)", "-nan(ind)", "NAN",
                                         "Infinity", "-Infinity", "inf", "-inf", "INF", "1.#INF", "-1.#IND",
                                         "1.#QNAN0", "1e999", "-1.5E+400", "null"));

TEST(GoogleBenchmarkRows, TakesNumbersThatADoubleHoldsAsTheyAre) {
    const MeasuredValues measured =
        read(file_of(row_of("BM", 1, R"("a": 1e308, "b": -1e-400, "c": 1e-300, "d": 1E+100)")));
    const MeasuredCell& only = subject(measured, "BM");
    EXPECT_EQ(metric(only, "a").values, std::vector<double>{1e308});
    EXPECT_EQ(metric(only, "b").values, std::vector<double>{0});
    EXPECT_EQ(metric(only, "c").values, std::vector<double>{1e-300});
    EXPECT_EQ(metric(only, "d").values, std::vector<double>{1e100});
}

TEST(GoogleBenchmarkRows, LeavesOutWhatCannotBeUsedAndNamesIt) {
    const MeasuredValues measured = read(file_of(
        joined({row_of("BM_Good", 1), "3", R"({"name": "BM_Hours", "real_time": 1, "time_unit": "h"})",
                R"({"real_time": 1})", R"(["BM_List"])", R"({"name": "BM_Text", "real_time": "1"})",
                row_of("BM_Last", 2)})));
    EXPECT_EQ(names_of(measured), (std::vector<std::string>{"BM_Good", "BM_Last"}));
    EXPECT_EQ(note_of(measured, "rows-left-out").message,
              "5 of 7 rows of base.json cannot be used and are left out: 'benchmarks[1]' must be an object, "
              "and is 3; "
              "benchmarks[2] (BM_Hours): 'time_unit' must be ns, us, ms or s, and is \"h\"; benchmarks[3]: "
              "'name' is "
              "missing; and 2 more.");
}

TEST(GoogleBenchmarkRows, WithOneOfTheTimesAreRead) {
    const MeasuredValues measured = read(file_of(R"({"name": "BM", "cpu_time": 5})"));
    EXPECT_EQ(metrics_of(subject(measured, "BM")), std::vector<std::string>{"cpu_time_ns"});
}

TEST(GoogleBenchmarkRows, OfComplexityAreNoBenchmarks) {
    // As 1.4 and 1.7 write them.
    const MeasuredValues measured = read(file_of(joined(
        {row_of("BM_Sort/8", 1), row_of("BM_Sort/64", 2),
         R"({"name": "BM_Sort_BigO", "cpu_coefficient": 5.4, "real_coefficient": 5.5, "big_o": "NlgN", "time_unit": "ns"})",
         R"({"name": "BM_Sort_RMS", "rms": 0.06})",
         R"({"name": "BM_Sort_BigO", "run_name": "BM_Sort", "run_type": "aggregate", "aggregate_name": "BigO", "big_o": "N"})",
         R"({"name": "BM_Sort_RMS", "run_name": "BM_Sort", "run_type": "aggregate", "aggregate_name": "RMS", "rms": 1})"})));
    EXPECT_EQ(names_of(measured), (std::vector<std::string>{"BM_Sort/8", "BM_Sort/64"}));
    EXPECT_TRUE(measured.warnings.empty()) << measured.warnings.front().message;
}

/// As versions before 1.5 write three repetitions and what they make of them.
std::string old_aggregates_of(const std::string& name) {
    return joined({row_of(name + "_mean", 2), row_of(name + "_median", 2), row_of(name + "_stddev", 1)});
}

TEST(GoogleBenchmarkRows, OfOldVersionsAreAggregatesByTheirNames) {
    const MeasuredValues measured = read(file_of(joined(
        {row_of("BM_A/8", 1), row_of("BM_A/8", 2), row_of("BM_A/8", 3), old_aggregates_of("BM_A/8"),
         row_of("BM_B/repeats:2", 4), row_of("BM_B/repeats:2", 5), old_aggregates_of("BM_B/repeats:2")})));
    EXPECT_EQ(names_of(measured), (std::vector<std::string>{"BM_A/8", "BM_B"}));
    EXPECT_EQ(real_times(measured, "BM_A/8"), (std::vector<double>{1, 2, 3}));
    EXPECT_THAT(
        note_of(measured, "aggregates-by-name").message,
        HasSubstr("6 of 11 rows of base.json are aggregates by their names, and left out; the first is "
                  "BM_A/8_mean."));
}

TEST(GoogleBenchmarkRows, OfOldVersionsMayBeAggregatesAlone) {
    const MeasuredValues measured = read(file_of(old_aggregates_of("BM_A")));
    EXPECT_TRUE(measured.cells.empty());
    EXPECT_THAT(note_of(measured, "only-aggregates").message, testing::StartsWith("BM_A of base.json"));
}

TEST(GoogleBenchmarkRows, OfBenchmarksThatAreCalledLikeAggregatesAreBenchmarks) {
    const MeasuredValues measured =
        read(file_of(joined({row_of("compute", 1), row_of("compute_mean", 2), row_of("compute_stddev", 3),
                             row_of("find_max", 4)})));
    EXPECT_EQ(names_of(measured),
              (std::vector<std::string>{"compute", "compute_mean", "compute_stddev", "find_max"}));
    const MeasuredValues said = read(file_of(joined({row_of("x", 1), row_of("x", 1), row_of("x", 1),
                                                     row_of("x_mean", 2, R"("run_type": "iteration")")})));
    EXPECT_EQ(names_of(said), (std::vector<std::string>{"x", "x_mean"}));
}

TEST(GoogleBenchmarkRows, HaveTheirOwnFieldsFirstWhereACounterHasTheName) {
    const MeasuredValues measured = read(file_of(
        joined({row_of("BM_Pool", 7,
                       R"("threads": 1, "iterations": 10, "threads": 8.0, "real_time": 99, "name": 5)"),
                row_of("BM_Other", 3, R"("hits": 1, "hits": 2, "misses": 4)")})));
    EXPECT_EQ(real_times(measured, "BM_Pool"), std::vector<double>{7});
    const MeasuredCell& other = subject(measured, "BM_Other");
    EXPECT_FALSE(other.measured[0].metrics.contains("hits"));
    EXPECT_EQ(metric(other, "misses").values, std::vector<double>{4});
    EXPECT_THAT(
        note_of(measured, "keys-twice").message,
        testing::StartsWith("base.json has keys that stand twice in one object, 4 in all: 'name' of "
                            "benchmarks[0] (BM_Pool); 'real_time' of benchmarks[0] (BM_Pool); 'threads' of "
                            "benchmarks[0] (BM_Pool); and 1 more."));
}

TEST(GoogleBenchmarkRows, KeepTheirTimesWhereACounterIsCalledLikeTheMetric) {
    const MeasuredValues measured =
        read(file_of(row_of("BM", 7, R"("real_time_ns": 1e9, "cpu_time_ns": 1e9)")));
    EXPECT_EQ(real_times(measured, "BM"), std::vector<double>{7});
    EXPECT_THAT(note_of(measured, "keys-twice").message, HasSubstr("'real_time_ns' of benchmarks[0] (BM)"));
}

TEST(GoogleBenchmarkRows, OfACounterCalledSkippedAreNotSkipped) {
    EXPECT_EQ(metric(subject(read(file_of(row_of("BM", 7, R"("skipped": 3.0)"))), "BM"), "skipped").values,
              std::vector<double>{3});
}

TEST(GoogleBenchmarkFile, ReadsTheFirstOfKeysThatStandTwiceInIt) {
    const MeasuredValues measured =
        read(R"({"context": {"num_cpus": 2, "num_cpus": "8"}, "benchmarks": [)" + row_of("BM", 1) +
             R"(], "benchmarks": [)" + row_of("BM_Other", 1) + R"(, 3, [4]], "context": 5})");
    EXPECT_EQ(names_of(measured), std::vector<std::string>{"BM"});
    EXPECT_EQ(measured.environment.find("cpus_online")->value, "2");
    EXPECT_THAT(note_of(measured, "keys-twice").message,
                HasSubstr("3 in all: 'num_cpus'; 'benchmarks'; 'context'."));
}

TEST(GoogleBenchmarkFile, NeedsNoContext) {
    for (const std::string& text :
         {R"({"benchmarks": [)" + row_of("BM", 1) + "]}", "[" + row_of("BM", 1) + "]",
          R"({"context": 1, "benchmarks": [)" + row_of("BM", 1) + "]}"}) {
        const MeasuredValues measured = read(text);
        EXPECT_EQ(real_times(measured, "BM"), std::vector<double>{1}) << text;
        EXPECT_EQ(note_of(measured, "no-context").message,
                  "base.json has no context, so that nothing is known of its machine.");
    }
}

TEST(GoogleBenchmarkFile, MayHaveItsKeysInAnyOrder) {
    const MeasuredValues measured =
        read(R"({"benchmarks": [)" + row_of("BM", 1) + R"(], "context": {"num_cpus": 2}})");
    EXPECT_EQ(names_of(measured), std::vector<std::string>{"BM"});
    EXPECT_NE(measured.environment.find("cpus_online"), nullptr);
    EXPECT_TRUE(measured.warnings.empty());
}

TEST(GoogleBenchmarkFile, MayHoldBytesThatAreNoUtf8) {
    const MeasuredValues measured = read(file_of(row_of("BM_\xe4", 1)));
    EXPECT_EQ(names_of(measured), std::vector<std::string>{"BM_\xef\xbf\xbd"}) << "the quotation mark stays";
}

TEST(GoogleBenchmarkFile, OfAnotherKindIsNamed) {
    const std::string whole = file_of(row_of("BM", 1));
    std::string wide = "\xff\xfe";
    for (const char c : whole) wide += {c, '\0'};
    const std::pair<std::string, std::string> kinds[] = {
        {wide, "UTF-16"},
        {"\x1f\x8b\x08rest", "compressed (gzip)"},
        {whole + std::string(10, '\0'), "NUL bytes, the first in line 1"},
        {"name,iterations,real_time,cpu_time\n\"BM\",1,1,1\n", "CSV"},
        {whole + "\n" + whole, "a second document begins in line 2"},
        {"Running ./bench\n" + whole, "line 1 is text before the JSON, which begins in line 2"},
        {whole.substr(0, whole.size() - 1), "it ends in the middle"},
    };
    for (const auto& [text, names] : kinds)
        EXPECT_THAT(
            why_refused(text),
            testing::AllOf(testing::StartsWith("The result base.json cannot be read: "), HasSubstr(names)));
}

TEST(GoogleBenchmarkFile, MayHoldControlsThatOldVersionsDoNotEscape) {
    const MeasuredValues measured =
        read(file_of(R"({"name": "BM", "error_occurred": true, "error_message": "a)"
                     "\n\tb\x1b[31m\"}"));
    EXPECT_EQ(subject(measured, "BM").warnings.at(0).message, "BM of base.json failed: a\n\tb\x1b[31m.");
}

TEST(GoogleBenchmarkFile, MayBeNestedWithoutEnd) {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    std::string objects;
    for (int i = 0; i < 50'000; ++i) objects += R"({"a":)";
    objects += "1" + std::string(50'000, '}');
    const MeasuredValues measured =
        read(fmt::format(R"({{"context": {{"a": {}, "num_cpus": 2}}, "benchmarks": [{}, {}]}})", deep,
                         row_of("BM", 1, "\"x\": " + deep + ", \"y\": " + objects), deep));
    EXPECT_EQ(real_times(measured, "BM"), std::vector<double>{1});
    EXPECT_NE(measured.environment.find("cpus_online"), nullptr);
}

// What is shown stays short.

TEST(GoogleBenchmarkText, CutsNamesThatAreTooLongAndStillTellsThemApart) {
    const std::string prefix = "BM_" + std::string(5000, 'x');
    const MeasuredValues measured =
        read(file_of(joined({row_of(prefix + "/1", 1), row_of(prefix + "/2", 2)})));
    ASSERT_EQ(measured.cells.size(), 2U);
    EXPECT_NE(measured.cells[0].name, measured.cells[1].name);
    EXPECT_EQ(measured.cells[0].name, read(file_of(row_of(prefix + "/1", 9))).cells[0].name)
        << "joins base and head";
    EXPECT_LT(measured.cells[0].name.size(), 300U);
    EXPECT_THAT(measured.cells[0].name, HasSubstr("xxx… (5005 bytes, "));
}

TEST(GoogleBenchmarkText, CutsReasonsThatAreTooLong) {
    const std::string reason(20'000, 'e');
    const MeasuredValues measured = read(
        file_of(joined({R"({"name": "BM", "error_occurred": true, "error_message": "1 )" + reason + "\"}",
                        R"({"name": "BM", "error_occurred": true, "error_message": "2 )" + reason + "\"}",
                        R"({"name": "BM_Skipped", "skipped": true, "skip_message": ")" + reason + "\"}"})));
    const MeasuredCell& failed = subject(measured, "BM");
    ASSERT_EQ(failed.warnings.size(), 1U) << "the first says why";
    EXPECT_LT(failed.warnings[0].message.size(), 400U);
    EXPECT_THAT(failed.warnings[0].message, testing::EndsWith("eee… (20002 bytes)."));
    EXPECT_LT(note_of(measured, "benchmark-skipped").message.size(), 400U);
}

TEST(GoogleBenchmarkText, CutsNoCharacterInTwo) {
    std::string umlauts;
    for (int i = 0; i < 500; ++i) umlauts += "ä";
    for (const std::string shift : {"", "x"}) {
        const MeasuredValues measured = read(file_of(
            R"({"name": "BM", "error_occurred": true, "error_message": ")" + shift + umlauts + "\"}"));
        const std::string& message = subject(measured, "BM").warnings.at(0).message;
        EXPECT_EQ(as_utf8(message), message);
    }
}

TEST(GoogleBenchmarkText, CutsFactsThatAreTooLongAndStillTellsThemApart) {
    const auto flags_of = [](const std::string& last) {
        const MeasuredValues measured = read(fmt::format(
            R"({{"context": {{"flags": "{}{}"}}, "benchmarks": []}})", std::string(20'000, 'f'), last));
        return measured.environment.find("flags")->value.value();
    };
    EXPECT_LT(flags_of("1").size(), 400U);
    EXPECT_NE(flags_of("1"), flags_of("2"));
}

TEST(GoogleBenchmarkText, TellsOfManyThatWereSkippedInFewWords) {
    std::vector<std::string> rows;
    for (int i = 0; i < 400; ++i)
        rows.push_back(fmt::format(R"({{"name": "BM/{}", "skipped": true, "skip_message": "no GPU"}})", i));
    const MeasuredValues measured = read(file_of(joined(rows)));
    ASSERT_EQ(measured.warnings.size(), 21U);
    EXPECT_EQ(measured.warnings.back().message, "There are 380 more of these.");
}

// Benchmarks of one name.

std::string repetition(const std::string& name, double time, int index, const std::string& more = "") {
    return row_of(name, time,
                  fmt::format(R"("run_type": "iteration", "repetition_index": {}{})", index, more));
}

TEST(GoogleBenchmarkNames, AreToldApartByTheirFamilies) {
    std::vector<std::string> rows;
    for (const int family : {0, 1}) {
        for (const int index : {0, 1})
            rows.push_back(
                repetition("BM_Copy", 10 * family + index, index,
                           fmt::format(R"(, "family_index": {}, "per_family_instance_index": 0)", family)));
    }
    const MeasuredValues measured = read(file_of(joined(rows)));
    EXPECT_EQ(names_of(measured), (std::vector<std::string>{"BM_Copy (1 of 2)", "BM_Copy (2 of 2)"}));
    EXPECT_EQ(real_times(measured, "BM_Copy (1 of 2)"), (std::vector<double>{0, 1}));
    EXPECT_EQ(real_times(measured, "BM_Copy (2 of 2)"), (std::vector<double>{10, 11}));
    EXPECT_THAT(
        note_of(measured, "same-name").message,
        testing::StartsWith("2 benchmarks of base.json have the same name BM_Copy. They are told apart"));
}

TEST(GoogleBenchmarkNames, AreToldApartByTheirFamiliesWhereEachWasMeasuredOnce) {
    const MeasuredValues measured = read(
        file_of(joined({repetition("BM", 1, 0, R"(, "family_index": 4, "per_family_instance_index": 0)"),
                        repetition("BM", 2, 0, R"(, "family_index": 4, "per_family_instance_index": 1)"),
                        repetition("BM", 3, 0, R"(, "family_index": 2, "per_family_instance_index": 0)")})));
    EXPECT_EQ(real_times(measured, "BM (1 of 3)"), std::vector<double>{1});
    EXPECT_EQ(real_times(measured, "BM (2 of 3)"), std::vector<double>{2});
    EXPECT_EQ(real_times(measured, "BM (3 of 3)"), std::vector<double>{3});
}

TEST(GoogleBenchmarkNames, AreToldApartWhereRepetitionsBeginAnew) {
    const MeasuredValues measured =
        read(file_of(joined({repetition("BM", 1, 0), repetition("BM", 2, 1), repetition("BM_Other", 9, 0),
                             repetition("BM", 3, 0), repetition("BM", 4, 1), repetition("BM", 5, 2)})));
    EXPECT_EQ(names_of(measured), (std::vector<std::string>{"BM (1 of 2)", "BM (2 of 2)", "BM_Other"}));
    EXPECT_EQ(real_times(measured, "BM (1 of 2)"), (std::vector<double>{1, 2}));
    EXPECT_EQ(real_times(measured, "BM (2 of 2)"), (std::vector<double>{3, 4, 5}));
}

TEST(GoogleBenchmarkNames, OfRepetitionsInAnyOrderStandForOneBenchmark) {
    const MeasuredValues measured =
        read(file_of(joined({repetition("BM", 1, 2), repetition("BM", 2, 0), repetition("BM", 3, 1)})));
    EXPECT_EQ(real_times(measured, "BM"), (std::vector<double>{1, 2, 3}));
    EXPECT_TRUE(measured.warnings.empty());
}

TEST(GoogleBenchmarkNames, AreWrongWhereNothingTellsThemApart) {
    const std::vector<std::string> mixed[] = {
        // The repetitions of two, shuffled.
        {repetition("BM", 1, 0), repetition("BM", 2, 0), repetition("BM", 3, 1), repetition("BM", 4, 1)},
        // Old rows of which another benchmark's stand between.
        {row_of("BM", 1), row_of("BM", 2), row_of("BM_Other", 3), row_of("BM", 4), row_of("BM", 5)},
        // Old rows, each with its aggregates.
        {row_of("BM", 1), row_of("BM", 2), old_aggregates_of("BM"), row_of("BM", 4), row_of("BM", 5),
         old_aggregates_of("BM")},
    };
    for (const std::vector<std::string>& rows : mixed) {
        const MeasuredCell cell = subject(read(file_of(joined(rows))), "BM");
        EXPECT_FALSE(cell.usable());
        EXPECT_TRUE(cell.measured.empty());
        EXPECT_EQ(cell.warnings.at(0).message,
                  "BM stands for several benchmarks of base.json, and nothing in its rows tells them apart. "
                  "Give each a "
                  "name of its own.");
    }
}

TEST(GoogleBenchmarkMutations, AreReadOrRefused) {
    const std::string by_hand =
        R"({"context": {"num_cpus": 2, "caches": [{"size": 1}]}, "benchmarks": [)" +
        joined(
            {repetition("BM", 1, 0, R"(, "family_index": 0, "threads": 1, "threads": 8.0, "x": -nan(ind))"),
             repetition("BM", 1, 0, R"(, "family_index": 1)"), old_aggregates_of("BM_Old"),
             R"({"name": "BM_Sort_BigO", "big_o": "N"})",
             R"({"name": "BM_Fails", "error_occurred": true, "error_message": "why"})"}) +
        "]}";
    test::read_mutations({real_output(), by_hand}, [](const std::string& text) {
        for (const Warning& warning : read(text).warnings)
            EXPECT_EQ(as_utf8(warning.message), warning.message);
    });
}

}  // namespace asyncbench::google_benchmark_tests
