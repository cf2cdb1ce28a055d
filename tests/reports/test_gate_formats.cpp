#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "harness/trial/json_fields.hpp"
#include "reports/formats/xml.hpp"
#include "reports/gate_report.hpp"
#include "tests/reports/sample_gate.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::gate_formats_tests {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

TEST(EscapeXml, LeavesNeitherMarkupNorCharactersThatXmlForbids) {
    EXPECT_EQ(escape_xml("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    EXPECT_EQ(escape_xml("a\x01\n\xff\xef\xbf\xbf"), "a\\x01\\n\xef\xbf\xbd\xef\xbf\xbd");
}

/// What Python's XML parser reads of the report.
std::string read_junit(const GateResult& result) {
    const test::TemporaryDirectory directory;
    const auto file = directory.path() / "gate.xml";
    test::write_file(file, gate_junit_report(result));
    const test::CommandResult read = test::run_command("/usr/bin/python3 '" + test::source_dir() +
                                                       "/tests/reports/junit/read.py' " + file.string());
    EXPECT_EQ(read.status, 0);
    return read.output;
}

TEST(GateJunit, FailuresFailAndWhatIsOpenIsSkipped) {
    EXPECT_EQ(read_junit(sample::failing_gate()),
              "failure coroutine at 64 / service_p50_ns: It is 21 % worse, at least 19 %, and a fresh batch "
              "confirms it: 20 %.\n"
              "skipped coroutine at 64 / throughput_rps: INCONCLUSIVE: After 80 pairs the interval still "
              "reaches from -2 % to +11 %.\n"
              "passed coroutine at 64 / instructions_per_request: \n"
              "failure coroutine at 64 / p99<50ms: 81 ms is above 50 ms.\n"
              "passed thread-pool:threads=16 at 64 / service_p50_ns: \n"
              "passed thread-pool:threads=16 at 64 / throughput_rps: \n"
              "passed thread-pool:threads=16 at 64 / instructions_per_request: \n"
              "passed thread-pool:threads=16 at 64 / p99<50ms: \n");
}

TEST(GateJunit, WhatCouldNotBeMeasuredIsAnError) {
    EXPECT_EQ(read_junit(sample::failed_gate()),
              "error measurement / compared: The head program ended with status 127 before its first trial; "
              "check its command.\n");
    GateResult result = sample::passing_gate();
    result.warnings = {{"work-mismatch", "Client and target disagree.", WarningKind::wrong}};
    result.interrupted = true;
    EXPECT_THAT(read_junit(result),
                testing::StartsWith("error measurement / work-mismatch: Client and target disagree.\n"
                                    "error measurement / whole: "));
}

TEST(GateJunit, StaysWellFormedWhateverNamesHold) {
    GateResult result = sample::hostile_gate();
    result.lines[0].reason += "\x01\xff]]>\n";
    const std::string read = read_junit(result);
    EXPECT_THAT(read, HasSubstr("failure </script><script>window.hostile=1"));
    EXPECT_THAT(read, Not(HasSubstr("wrong")));
}

TEST(GateAnnotations, TellErrorsAndWarningsAndNothingThatPasses) {
    EXPECT_EQ(
        gate_github_annotations(sample::failing_gate()),
        "::error title=FAIL coroutine at 64%3A service p50 1.200× [1.192–1.217]::It is 21 %25 worse, at "
        "least 19 %25, and a fresh batch confirms it: 20 %25.\n"
        "::warning title=INCONCLUSIVE coroutine at 64%3A throughput 0.990× [0.983–1.004]::After 80 "
        "pairs the interval still reaches from -2 %25 to +11 %25.\n"
        "::error title=FAIL coroutine at 64%3A p99<50ms::81 ms is above 50 ms.\n");
    EXPECT_EQ(gate_github_annotations(sample::passing_gate()), "");
    EXPECT_THAT(gate_github_annotations(sample::failed_gate()),
                testing::StartsWith("::error title=asyncbench gate::The head program ended"));
}

TEST(GateAnnotations, NoTextStartsACommandOfItsOwn) {
    GateResult result = sample::failing_gate();
    result.lines[0].reason = "a\r\n::set-env name=PATH::/evil";
    result.subjects[0].name = "x,file=y::z\n::error::";
    const auto lines = lines_of(gate_github_annotations(result));
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_THAT(lines[0], HasSubstr("::a%0D%0A::set-env name=PATH::/evil"));
    EXPECT_THAT(lines[0], testing::StartsWith("::error title=FAIL x%2Cfile=y%3A%3Az%0A%3A%3Aerror%3A%3A"));
}

TEST(GateActionBenchmark, ListsSmallerAndBiggerApart) {
    const Json smaller = Json::parse(gate_action_benchmark(sample::passing_gate(), true));
    const Json bigger = Json::parse(gate_action_benchmark(sample::passing_gate(), false));
    ASSERT_EQ(smaller.size(), 6U);
    ASSERT_EQ(bigger.size(), 2U);
    EXPECT_EQ(smaller[0]["name"], "coroutine at 64: service p50");
    EXPECT_EQ(smaller[0]["unit"], "ns");
    EXPECT_EQ(smaller[0]["value"], sample::passing_gate().lines[0].head.value);
    EXPECT_EQ(bigger[0]["name"], "coroutine at 64: throughput");
    EXPECT_THAT(bigger[0]["extra"].get<std::string>(), testing::EndsWith("to base: PASS"));
}

TEST(GateActionBenchmark, LeavesOutWhatIsNotKnown) {
    EXPECT_EQ(Json::parse(gate_action_benchmark(sample::files_gate(), true)).size(), 1U);
}

/// Names and values of benchmark lines, read as the format's specification says.
struct BenchLine {
    std::string name;
    std::map<std::string, double> values;
};

std::vector<BenchLine> read_benchfmt(const std::string& text) {
    const auto heading =
        testing::MatchesRegex("Unit [^ ]+ better=(lower|higher)|[a-z][^[:space:][:upper:]]*: .+");
    std::vector<BenchLine> benchmarks;
    for (const std::string& line : lines_of(text)) {
        if (testing::Value(line, heading)) continue;
        std::istringstream words(line);
        BenchLine read;
        long iterations = 0;
        words >> read.name >> iterations;
        EXPECT_THAT(read.name, testing::MatchesRegex("Benchmark[A-Z].*"));
        EXPECT_GT(iterations, 0) << line;
        double value = 0;
        for (std::string name; words >> value >> name;) read.values[name] = value;
        EXPECT_TRUE(words.eof()) << line;
        EXPECT_FALSE(read.values.empty()) << line;
        benchmarks.push_back(read);
    }
    return benchmarks;
}

TEST(GateBenchfmt, HasALineForEachTrialWithItsArm) {
    const GateResult result = sample::passing_gate();
    const auto lines = read_benchfmt(gate_benchfmt(result));
    ASSERT_EQ(lines.size(), result.samples.size());
    EXPECT_EQ(lines[0].name, "BenchmarkGate/strategy=coroutine/concurrency=64/arm=base");
    EXPECT_EQ(lines[1].name, "BenchmarkGate/strategy=coroutine/concurrency=64/arm=head");
    EXPECT_EQ(lines[0].values.at("service-p50-ns"),
              value_of(result.samples[0].metrics, "service_p50_ns").value());
    EXPECT_EQ(lines[0].values.count("instructions-per-request"), 0U) << "counted in trials of their own";
}

TEST(GateBenchfmt, LeavesOutTrialsThatFailed) {
    const GateResult result = sample::failing_gate();
    EXPECT_EQ(read_benchfmt(gate_benchfmt(result)).size(), result.samples.size() - 1);
}

TEST(GateBenchfmt, LeavesOutTrialsThatErredOrDidOtherWork) {
    for (const char* code : {"unforeseen-errors", "work-mismatch", "crashed-at-exit"}) {
        GateResult result = sample::passing_gate();
        result.samples[0].warnings.push_back({code, "It did not do the work.", WarningKind::wrong});
        EXPECT_EQ(read_benchfmt(gate_benchfmt(result)).size(), result.samples.size() - 1) << code;
    }
}

TEST(GateBenchfmt, KeepsTrialsThatTheMachineDisturbed) {
    GateResult result = sample::passing_gate();
    result.samples[0].warnings.push_back({"target-late", "The target answered late.", WarningKind::wrong});
    EXPECT_EQ(read_benchfmt(gate_benchfmt(result)).size(), result.samples.size());
}

TEST(GateBenchfmt, NoNameEndsALineOrAWord) {
    GateResult result = sample::passing_gate();
    result.subjects[0].strategy = "exec:/bin/a b\nBenchmarkEvil 1 1 ns";
    result.base.program = "a\nBenchmarkEvil 1 1 ns";
    const auto lines = read_benchfmt(gate_benchfmt(result));
    EXPECT_EQ(lines.size(), result.samples.size());
    EXPECT_THAT(lines[0].name, HasSubstr("/strategy=exec:_bin_a_b\\nBenchmarkEvil_1_1_ns/concurrency=64/"));
}

// What benchstat of golang.org/x/perf (bedb9135df6d, 2024-05-10, with go-moremath f10218a38794) says of
// golden/gate.benchfmt is kept in golden/gate.benchstat:
//     benchstat -col /arm -row .name,/strategy,/concurrency gate.benchfmt
TEST(GateBenchfmt, IsWhatBenchstatHasRead) {
    test::expect_golden("gate.benchfmt", gate_benchfmt(sample::failing_gate()));
    const std::string said = test::read_file(test::source_dir() + "/tests/reports/golden/gate.benchstat");
    EXPECT_THAT(said, HasSubstr("service-p50-sec"));
    EXPECT_THAT(said, HasSubstr("+19.84% (p=0.000 n=20+19)"));
}

}  // namespace asyncbench::gate_formats_tests
