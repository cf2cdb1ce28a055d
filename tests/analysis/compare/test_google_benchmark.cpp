#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "analysis/compare/measured_values.hpp"
#include "async/errors.hpp"
#include "harness/trial/metric.hpp"
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
        {"[]", "must be a JSON object"},
        {"{}", "neither a result of asyncbench nor JSON of Google Benchmark"},
        {R"({"context": 1, "benchmarks": []})", "'context'"},
        {R"({"context": {}, "benchmarks": 3})", "'benchmarks'"},
        {file_of("3"), "benchmarks[0]"},
        {file_of(R"({"real_time": 1})"), "benchmarks[0].name"},
        {file_of(R"({"name": "a", "cpu_time": 1})"), "benchmarks[0].real_time"},
        {file_of(R"({"name": "a", "real_time": 1, "cpu_time": 1, "time_unit": "h"})"), "time_unit"},
        {file_of(R"({"name": "a", "error_occurred": 1})"), "error_occurred"},
        {R"({"context": {}, "benchmarks": [Infinity)", "no JSON"},
    };
    for (const auto& [text, names] : wrong) {
        EXPECT_THAT(why_refused(text), testing::AllOf(HasSubstr(names), testing::EndsWith("."))) << text;
    }
}

}  // namespace asyncbench::google_benchmark_tests
