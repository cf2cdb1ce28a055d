// `compare` and the gate's shape of two files: nothing is measured here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "analysis/summary.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/report.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::compare_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

const std::string google_base =
    test::source_dir() + "/tests/analysis/compare/data/google-benchmark-base.json";
const std::string google_head =
    test::source_dir() + "/tests/analysis/compare/data/google-benchmark-head.json";

/// MADE UP: a result of coroutine and callback at 8, of ten trials each, whose p50 are `factor` times a
/// millisecond.
struct Told {
    std::uint64_t requests = 100;
    std::uint32_t crashed = 0;  ///< so many trials of the first strategy
    std::string first = "coroutine";
};

std::string result_of(double factor, const Told& told = {}) {
    const std::uint64_t requests = told.requests;
    RunResult run;
    run.tool_version = "0.0.0";
    run.started_utc = "2000-01-01T00:00:00Z";
    run.scenario.strategies = {StrategySpec::parse(told.first), StrategySpec::parse("callback")};
    run.scenario.concurrency = {8};
    run.scenario.repetitions = 10;
    run.scenario.plan.kind = PlanKind::batch;
    run.scenario.plan.requests = requests;
    for (std::uint32_t i = 0; i < 10; ++i) {
        for (const StrategySpec& strategy : run.scenario.strategies) {
            Trial& trial = run.trials.emplace_back();
            trial.spec.trial = "made-up-" + std::to_string(run.trials.size());
            trial.spec.base_url = "http://127.0.0.1:1";
            trial.spec.strategy = strategy;
            trial.spec.plan = run.scenario.plan;
            trial.spec.plan.concurrency = 8;
            trial.repetition = i;
            trial.started_utc = run.started_utc;
            if (i < told.crashed && strategy.name != "callback") {
                trial.failure = "It was ended by signal 11.";
                continue;
            }
            for (std::uint64_t id = 0; id < requests; ++id) trial.client.add(id);
            const double own = strategy.name == "callback" ? 1.5 : 1;
            trial.metrics["requests"] = {static_cast<double>(requests), {}};
            trial.metrics["service_p50_ns"] = {1e6 * factor * own * (1 + 0.001 * i), {}};
            trial.metrics["throughput_rps"] = {1000 / factor / own * (1 + 0.001 * i), {}};
        }
    }
    run.summary = summarize(run.scenario, run.trials);
    return json_report(run);
}

TEST(Compare, ShowsWhatChangedBetweenTwoResults) {
    const Folder folder;
    const Outcome outcome = run_program(
        {"compare", folder.write("base.json", result_of(1)), folder.write("head.json", result_of(1.2))});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("1.200× [1.196–1.204]  worse"));
    EXPECT_THAT(outcome.out, HasSubstr("two-runs"));
}

TEST(Compare, ComparesEachFurtherFileWithTheFirst) {
    const Folder folder;
    const std::string base = folder.write("base.json", result_of(1));
    const Outcome outcome =
        run_program({"compare", base, base, folder.write("head.json", result_of(2)), "--format", "json"});
    const Json document = Json::parse(outcome.out);
    ASSERT_EQ(document["comparisons"].size(), 2U);
    EXPECT_EQ(document["comparisons"][0]["rows"][0]["change"], "none-shown");
    EXPECT_EQ(document["comparisons"][1]["rows"][0]["change"], "worse");
}

TEST(Compare, ComparesStrategiesOfOneResultByBlock) {
    const Folder folder;
    const std::string file = folder.write("a.json", result_of(1));
    const Outcome first = run_program({"compare", "--by", "strategy", file, "--metric", "p50"});
    EXPECT_EQ(first.status, 0) << first.err;
    EXPECT_THAT(first.out, AllOf(HasSubstr("base coroutine, head callback"), HasSubstr("1.500×")));
    EXPECT_THAT(first.out, testing::Not(HasSubstr("throughput")));
    const Outcome chosen =
        run_program({"compare", "--by", "strategy", file, "--base", "callback", "--format", "csv"});
    EXPECT_THAT(chosen.out, HasSubstr("callback,coroutine,at 8,service_p50_ns,ns,"));
}

TEST(Compare, ReadsGoogleBenchmark) {
    const Outcome outcome = run_program({"compare", google_base, google_head, "--format", "markdown"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("| real time | base | head |"), HasSubstr("BM\\_Sum/64"),
                                   HasSubstr("BM\\_Fails of"), HasSubstr("no \"server\" answers")));
}

/// MADE UP: as Google Benchmark writes it: ten repetitions of each of two benchmarks of one name, the second of
/// which takes `factor` microseconds.
std::string two_of_one_name(double factor) {
    Json rows = Json::array();
    for (const int family : {0, 1}) {
        for (int i = 0; i < 10; ++i) {
            const double time = (family == 0 ? 10 : 1000 * factor) * (1 + 0.001 * i);
            rows.push_back({{"name", "BM_Copy"},
                            {"family_index", family},
                            {"repetition_index", i},
                            {"real_time", time},
                            {"cpu_time", time},
                            {"time_unit", "ns"}});
        }
    }
    return Json{{"context", {{"num_cpus", 4}}}, {"benchmarks", rows}}.dump(2);
}

TEST(Compare, TellsBenchmarksOfOneNameApart) {
    const Folder folder;
    const Outcome outcome =
        run_program({"compare", folder.write("base.json", two_of_one_name(1)),
                     folder.write("head.json", two_of_one_name(1.3)), "--format", "json"});
    const Json comparison = Json::parse(outcome.out)["comparisons"][0];
    ASSERT_EQ(comparison["rows"].size(), 4U);
    EXPECT_EQ(comparison["rows"][0]["subject"], "BM_Copy (1 of 2)");
    EXPECT_EQ(comparison["rows"][0]["change"], "none-shown");
    EXPECT_EQ(comparison["rows"][2]["subject"], "BM_Copy (2 of 2)");
    EXPECT_EQ(comparison["rows"][2]["change"], "worse");
    EXPECT_THAT(comparison["warnings"].dump(), HasSubstr("same-name"));
}

TEST(Compare, StaysShortWhereABenchmarkSaysMuch) {
    const Folder folder;
    Json rows = Json::array();
    for (int i = 0; i < 3; ++i) {
        rows.push_back({{"name", "BM"},
                        {"repetition_index", i},
                        {"error_occurred", true},
                        {"error_message", std::to_string(i) + std::string(20'000, 'e')}});
    }
    const std::string file = folder.write("a.json", Json{{"context", Json::object()}, {"benchmarks", rows}}.dump());
    for (const char* command : {"compare", "gate"}) {
        const Outcome outcome = run_program({command, file, file});
        EXPECT_LT(outcome.out.size() + outcome.err.size(), 4000U);
        EXPECT_THAT(outcome.out, HasSubstr("(20001 bytes)"));
    }
}

struct Refused {
    std::vector<std::string> arguments;
    int status;
    std::string names;
};

TEST(Compare, SaysInASentenceWhatItCannotDo) {
    const Folder folder;
    const std::string good = folder.write("good.json", result_of(1));
    const std::string other = folder.write("other.json", result_of(1, {.requests = 200}));
    const std::string broken =
        folder.write("broken.json", R"({"schema": "asyncbench.result/1", "trials": 3})");
    const std::string nothing = folder.write("nothing.json", "");
    const Refused wrong[] = {
        {{good, other}, 1, "did different work"},
        {{good, google_base}, 1, "did different work"},
        {{good, broken}, 1, "broken.json: The result cannot be used"},
        {{good, nothing}, 1, "no JSON"},
        {{good, folder.path("missing.json")}, 1, "cannot be read"},
        {{"--by", "strategy", google_base}, 1, "fewer than two strategies"},
        {{good}, 64, "two files"},
        {{good, good, "--base", "callback"}, 64, "--by strategy"},
        {{"--by", "strategy", good, "--base", "nobody"}, 64, "no strategy 'nobody'"},
        {{"--by", "strategy", good, good}, 64, "one file"},
        {{good, good, "--metric", "nonsense"}, 64, "no metric 'nonsense'"},
        {{good, good, "--format", "xml"}, 64, "--format"},
    };
    for (const Refused& refused : wrong) {
        std::vector<std::string> arguments{"compare"};
        arguments.insert(arguments.end(), refused.arguments.begin(), refused.arguments.end());
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, refused.status) << refused.names << outcome.err;
        EXPECT_THAT(outcome.err, AllOf(testing::StartsWith("asyncbench: "), HasSubstr(refused.names)));
        EXPECT_EQ(outcome.out, "") << refused.names;
    }
}

TEST(GateOfFiles, HasTheStatusOfItsVerdict) {
    const Folder folder;
    const std::string base = folder.write("base.json", result_of(1));
    const std::string slower = folder.write("slower.json", result_of(1.2));
    const Outcome same = run_program({"gate", base, base});
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_THAT(same.out, AllOf(testing::StartsWith("PASS: "), HasSubstr("not-paired")));
    const Outcome worse = run_program({"gate", base, slower});
    EXPECT_EQ(worse.status, 2) << worse.err;
    EXPECT_THAT(worse.out, testing::StartsWith("FAIL: "));
    EXPECT_EQ(run_program({"gate", slower, base}).status, 0);
    EXPECT_EQ(run_program({"gate", base, slower, "--metric", "p50=30%", "--metric", "throughput=30%"}).status,
              0);
}

TEST(GateOfFiles, GatesGoogleBenchmarkByItsTimes) {
    const Folder folder;
    const std::string json = folder.path("gate.json");
    const Outcome outcome = run_program(
        {"gate", google_base, google_head, "--strict", "--budget", "cpu-time<1us", "--json", json});
    EXPECT_EQ(outcome.status, 4) << "a benchmark failed: " << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("BM_Sum/64"), HasSubstr("cpu time"), HasSubstr("real time"),
                                   HasSubstr("cpu-time<1us"), HasSubstr("cell-wrong")));
    const Json document = Json::parse(test::read_file(json));
    EXPECT_THAT(document["warnings"].dump(), HasSubstr(R"(failed: no \"server\" answers)"));
    EXPECT_EQ(document["shape"], "files");
    EXPECT_EQ(document["verdict"], "INCONCLUSIVE");
    EXPECT_EQ(document["lines"].size(), 8U);
}

TEST(GateOfFiles, SeesOneOfTwoBenchmarksOfOneNameGetSlower) {
    const Folder folder;
    const std::string base = folder.write("base.json", two_of_one_name(1));
    const Outcome worse = run_program({"gate", base, folder.write("head.json", two_of_one_name(1.3))});
    EXPECT_EQ(worse.status, 2) << worse.out;
    EXPECT_THAT(worse.out, AllOf(HasSubstr("BM_Copy (2 of 2)"), HasSubstr("same-name")));
    EXPECT_EQ(run_program({"gate", base, base}).status, 0);
}

TEST(GateOfFiles, OfBenchmarksThatNothingTellsApartIsWrong) {
    const Folder folder;
    const std::string file = folder.write("mixed.json", R"([{"name": "BM", "real_time": 1}, {"name": "BM_Other",
        "real_time": 1}, {"name": "BM", "real_time": 9}])");
    const Outcome outcome = run_program({"gate", file, file});
    EXPECT_EQ(outcome.status, 4) << outcome.out;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("cell-wrong"), ContainsRegex("nothing\\s+in\\s+its\\s+rows\\s+tells\\s+them\\s+apart")));
    EXPECT_THAT(run_program({"compare", file, file}).out,
                ContainsRegex("nothing\\s+in\\s+its\\s+rows\\s+tells\\s+them\\s+apart"));
}

TEST(FilesOfBenchmarks, AreKnownFromResultsOfAsyncbenchWhereverTheirKeysStand) {
    const Folder folder;
    const Json result = Json::parse(result_of(1));
    Json sorted = Json::object();  // as jq -S writes it
    std::map<std::string, Json> keys;
    for (const auto& item : result.items()) keys.emplace(item.key(), item.value());
    for (const auto& [key, value] : keys) sorted[key] = value;
    const std::string own = folder.write("own.json", sorted.dump());
    EXPECT_EQ(run_program({"compare", own, own}).status, 0);
    const std::string google = folder.write(
        "google.json", R"({"context": {"executable": "asyncbench.x", "schema_of": "asyncbench."}, "benchmarks": []})");
    EXPECT_EQ(run_program({"compare", google, google}).status, 0);
}

TEST(FilesOfBenchmarks, ThatAreNoJsonAreNamedWhoeverReadsThem) {
    const Folder folder;
    const std::string good = folder.write("good.json", result_of(1));
    const std::string whole = result_of(1);
    const std::pair<std::string, std::string> cases[] = {
        {folder.write("cut.json", whole.substr(0, whole.size() / 2)), "it ends in the middle"},
        {folder.write("log.json", whole + "done\n"), "is text after the JSON: `done`"},
        {folder.write("twice.json", whole + whole), "a second document begins"},
        {folder.write("empty.json", ""), "it is empty"},
        {folder.write("page.json", "<html></html>"), "HTML or XML"},
    };
    for (const auto& [file, says] : cases) {
        for (const std::vector<std::string>& arguments :
             {std::vector<std::string>{"compare", good, file}, {"gate", file, good}, {"report", file}}) {
            const Outcome outcome = run_program(arguments);
            EXPECT_EQ(outcome.status, 1) << outcome.out;
            EXPECT_THAT(outcome.err, AllOf(HasSubstr(says), HasSubstr(file), testing::Not(HasSubstr("syntax error"))));
        }
    }
}

TEST(GateOfFiles, NeverPassesACellInWhichTrialsCrashed) {
    const Folder folder;
    const std::string good = folder.write("good.json", result_of(1));
    const std::string bad = folder.write("bad.json", result_of(1, {.crashed = 4}));
    for (const auto& [base, head] : {std::pair{good, bad}, {bad, good}}) {
        const Outcome outcome = run_program({"gate", base, head});
        EXPECT_EQ(outcome.status, 4) << outcome.out;
        EXPECT_THAT(outcome.out, AllOf(HasSubstr("4 of 10 trials"), HasSubstr("signal 11")));
    }
    EXPECT_THAT(run_program({"compare", good, bad}).out, HasSubstr("4 of 10 trials"));
}

TEST(GateOfFiles, WritesNothingOverItsInputsNorTwoDocumentsIntoOneFile) {
    const Folder folder;
    const std::string base = folder.write("base.json", result_of(1));
    const std::string rules = folder.write("rules.json", R"({"schema": "asyncbench.gate-config/1"})");
    const std::string link = folder.path("link.json");
    std::filesystem::create_symlink(base, link);
    const std::string text = test::read_file(base);
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{"--json", base}, "is read, and would be written over"},
        {{"--markdown", link}, "is read, and would be written over"},
        {{"--config", rules, "--junit", rules}, "is read, and would be written over"},
        {{"--json", folder.path("new"), "--markdown", folder.path("./new")}, "would be written twice"},
        {{"-o", folder.path("d"), "--markdown", folder.path("d/gate.json")}, "would be written twice"},
    };
    for (const auto& [more, says] : cases) {
        std::vector<std::string> arguments{"gate", base, base};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, 64) << outcome.out;
        EXPECT_THAT(outcome.err, HasSubstr(says));
    }
    EXPECT_EQ(test::read_file(base), text);
    EXPECT_FALSE(std::filesystem::exists(folder.path("new")));
    EXPECT_EQ(run_program({"gate", base, base, "--json", "/dev/null", "--markdown", "/dev/null"}).status, 0);
}

TEST(ReportOfAFile, LeavesTheFileAsItIs) {
    const Folder folder;
    const std::string result = folder.write("result.json", result_of(1) + "\n");
    const std::string text = test::read_file(result);
    EXPECT_EQ(run_program({"report", result, "--json", result}).status, 64);
    EXPECT_EQ(run_program({"report", result, "--format", "csv", "-o", result}).status, 64);
    EXPECT_EQ(run_program({"report", result, "-o", folder.path("")}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(folder.path("report.html")));
    EXPECT_EQ(test::read_file(result), text);
}

TEST(GateOfABaseline, RunsNoProgramThatAFileNames) {
    const Folder folder;
    const std::string touched = folder.path("touched");
    const std::string stored = folder.write("stored.json", result_of(1, {.first = "exec:touch " + touched}));
    const Outcome outcome = run_program({"gate", "--baseline", stored});
    EXPECT_EQ(outcome.status, 64) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("a program that a file names is not run"));
    EXPECT_FALSE(std::filesystem::exists(touched));
}

TEST(GateOfFiles, SaysInASentenceWhatItCannotDo) {
    const Folder folder;
    const std::string good = folder.write("good.json", result_of(1));
    const std::string other = folder.write("other.json", result_of(1, {.requests = 200}));
    const std::string nothing = folder.write("nothing.json", "");
    const Refused wrong[] = {
        {{good, other}, 1, "did different work"},
        {{good, nothing}, 1, "no JSON"},
        {{good, folder.path("missing.json")}, 1, "cannot be read"},
        {{"--baseline", folder.path("missing.json")}, 1, "cannot be read"},
        {{"--baseline", google_base}, 1, "no JSON"},
        {{good}, 64, "two files"},
        {{good, good, good}, 64, "two files"},
        {{good, good, "--baseline", good}, 64, "give one of these"},
        {{"--base", "true", "--baseline", good}, 64, "give one of these"},
        {{"--different-machine"}, 64, "--different-machine"},
        {{good, good, "-c", "8"}, 64, "measured already"},
        {{good, good, "--patience", "3s"}, 64, "measured already"},
        {{good, good, "--looks", "20"}, 64, "--looks and --no-confirm are for pairs"},
        {{good, good, "--no-confirm"}, 64, "--looks and --no-confirm are for pairs"},
        {{"--baseline", good, "--looks", "20"}, 64, "--looks and --no-confirm are for pairs"},
        {{"--baseline", good, "--no-confirm"}, 64, "--looks and --no-confirm are for pairs"},
    };
    for (const Refused& refused : wrong) {
        std::vector<std::string> arguments{"gate"};
        arguments.insert(arguments.end(), refused.arguments.begin(), refused.arguments.end());
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, refused.status) << refused.names << outcome.err;
        EXPECT_THAT(outcome.err, AllOf(testing::StartsWith("asyncbench: "), HasSubstr(refused.names)));
    }
}

TEST(GateOfABaseline, OfAnotherMachineOrWithOtherCellsIsRefusedBeforeAnythingIsMeasured) {
    const Folder folder;
    Json stored = Json::parse(result_of(1));
    stored["environment"]["facts"]["cpu_model"] = "a CPU that nobody makes";
    const std::string elsewhere = folder.write("elsewhere.json", stored.dump());
    const std::string here = folder.write("here.json", result_of(1));
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{elsewhere}, "elsewhere.json and the fresh run come from two machines"},
        {{here, "-c", "3"}, "here.json and the fresh run have nothing in common"},
        {{here, "--latency", "3ms"}, "here.json and the fresh run did different work"},
    };
    for (const auto& [more, says] : cases) {
        std::vector<std::string> arguments{"gate", "--baseline"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, 1) << outcome.out;
        EXPECT_THAT(outcome.err, AllOf(HasSubstr(says), testing::Not(HasSubstr("Block"))));
    }
}

TEST(GateOfABaseline, MeasuresItsScenarioOnceMore) {
    const Folder folder;
    const std::string stored = folder.path("stored.json");
    const std::vector<std::string> run{"run", "-s",      "callback", "-c",        "8",   "-n",
                                       "64",  "-r",      "1",        "--latency", "5ms", "--warmup",
                                       "0",   "--quiet", "--json",   stored};
    ASSERT_THAT(run_program(run).status, testing::AnyOf(0, 4));  // 4: the machine was busy
    const std::string json = folder.path("gate.json");
    const Outcome outcome = run_program({"gate", "--baseline", stored, "--quiet", "--json", json});
    EXPECT_THAT(outcome.err, HasSubstr("Wrote")) << outcome.out;
    const Json document = Json::parse(test::read_file(json));
    EXPECT_EQ(document["shape"], "stored");
    EXPECT_EQ(document["scenario"]["requests"], 64);
    EXPECT_EQ(document["scenario"]["repetitions"], 10);
    EXPECT_EQ(document["environment_differences"].size(), 0U);
    EXPECT_NE(document["verdict"], "PASS") << "one stored value bounds nothing";
}

}  // namespace asyncbench::compare_tests
