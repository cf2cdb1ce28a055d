#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::json_report_tests {

using testing::AllOf;
using testing::HasSubstr;

std::string why_refused(const std::string& text) {
    try {
        read_json_report(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

struct Broken {
    std::string names;  ///< what the reader's message must name
    std::function<void(Json&)> breaks;
};

/// Each is refused by our reader and by validators that are not ours.
std::vector<Broken> broken_by_shape() {
    return {
        {"schema", [](Json& run) { run["schema"] = "asyncbench.result/3"; }},
        {"'command' is missing", [](Json& run) { run.erase("command"); }},
        {"\"extra\"", [](Json& run) { run["extra"] = 1; }},
        {"tool.name", [](Json& run) { run["tool"]["name"] = "wrk"; }},
        {"interrupted", [](Json& run) { run["interrupted"] = "no"; }},
        {"environment.facts", [](Json& run) { run["environment"]["facts"] = Json::array(); }},
        {"scenario.plan", [](Json& run) { run["scenario"]["plan"] = "ramp"; }},
        {"scenario.repetitions", [](Json& run) { run["scenario"]["repetitions"] = 0; }},
        {"\"scenario.sede\"", [](Json& run) { run["scenario"]["sede"] = 1; }},
        {"trials", [](Json& run) { run["trials"] = nullptr; }},
        {"trials[0].strategy", [](Json& run) { run["trials"][0]["strategy"] = 5; }},
        {"trials[1].client.fingerprint",
         [](Json& run) { run["trials"][1]["client"]["fingerprint"] = "xyz"; }},
        {"trials[1].errors.timeout", [](Json& run) { run["trials"][1]["errors"]["timeout"] = -1; }},
        {"trials[2].metrics.throughput_rps",
         [](Json& run) { run["trials"][2]["metrics"]["throughput_rps"] = "fast"; }},
        {"trials[2].spec.plan.kind", [](Json& run) { run["trials"][2]["spec"]["plan"]["kind"] = "x"; }},
        {"trials[2].service_time", [](Json& run) { run["trials"][2]["service_time"]["raw"] = 1; }},
        {"trials[3].warnings", [](Json& run) { run["trials"][3]["warnings"] = {{{"code", "Not A Code"}}}; }},
        {"trials[3].target.metrics",
         [](Json& run) { run["trials"][3]["target"]["metrics"] = Json::object(); }},
        {"summary[0].metrics.throughput_rps.low",
         [](Json& run) { run["summary"][0]["metrics"]["throughput_rps"].erase("low"); }},
        {"summary[0].metrics.throughput_rps.confidence",
         [](Json& run) { run["summary"][0]["metrics"]["throughput_rps"]["confidence"] = 95; }},
        {"summary[0].concurrency", [](Json& run) { run["summary"][0]["concurrency"] = 1.5; }},
        {"comparisons[0].separated", [](Json& run) { run["comparisons"][0].erase("separated"); }},
    };
}

/// Right in shape, but contradicting itself: only our reader sees it.
std::vector<Broken> broken_in_meaning() {
    return {
        {"'usable'", [](Json& run) { run["usable"] = !run["usable"].get<bool>(); }},
        {"summary[0]", [](Json& run) { run["summary"][0]["trials"] = 6; }},
        {"summary[0]", [](Json& run) { run["summary"][0]["strategy"] = "other"; }},
        {"summary[1]", [](Json& run) { run["summary"][1]["concurrency"] = 77; }},
        {"summary[2]", [](Json& run) { run["summary"][2] = run["summary"][1]; }},
        {"summary[0]", [](Json& run) { run["trials"] = Json::array(); }},
        {"'summary' lacks", [](Json& run) { run["summary"].erase(3); }},
        {"].repetition",
         [](Json& run) {
             for (Json& trial : run["trials"]) trial["repetition"] = 0;
         }},
        {"'trials' hold", [](Json& run) { run["scenario"]["strategies"] = {"callback"}; }},
        {"comparisons[1]", [](Json& run) { run["comparisons"][1]["head"] = "other"; }},
        {"comparisons[1]", [](Json& run) { run["comparisons"][1]["concurrency"] = 77; }},
        {"comparisons[2]", [](Json& run) { run["comparisons"][2]["ratio"]["value"] = 9; }},
        {"summary[0].metrics.throughput_rps",
         [](Json& run) { run["summary"][0]["metrics"]["throughput_rps"]["value"] = 999999; }},
        {"summary[1].metrics.service_p99_ns",
         [](Json& run) { run["summary"][1]["metrics"]["service_p99_ns"]["low"] = 1; }},
        {"trials[4].metrics.requests", [](Json& run) { run["trials"][4]["metrics"]["requests"] = -5; }},
        {"trials[0].standing", [](Json& run) { run["trials"][0]["standing"] = "lost"; }},
        {"summary[0].standing", [](Json& run) { run["summary"][0]["standing"] = "wrong"; }},
        {"ranking.orders[0]",
         [](Json& run) {
             run["ranking"]["orders"][0]["ratio"]["value"] = 9;
             run["ranking"]["orders"][0]["ratio"]["high"] = 9;
         }},
        {"spec.address", [](Json& run) { run["trials"][0]["spec"]["address"] = "svc.test"; }},
        {"trials[0].concurrency", [](Json& run) { run["trials"][0]["concurrency"] = 77; }},
        {"trials[0].strategy", [](Json& run) { run["trials"][0]["strategy"] = "other"; }},
        {"summary[0].used_trials", [](Json& run) { run["summary"][0]["used_trials"] = 99; }},
        {"summary[0].metrics.throughput_rps.high",
         [](Json& run) { run["summary"][0]["metrics"]["throughput_rps"]["high"] = 0; }},
        {"trials[0].unknown.instructions_per_request",
         [](Json& run) { run["trials"][0]["unknown"].erase("instructions_per_request"); }},
        {"trials[0].service_time.hdr", [](Json& run) { run["trials"][0]["service_time"]["hdr"] = "AAAA"; }},
    };
}

Json broken(const Broken& how) {
    static const Json whole = Json::parse(json_report(sample::clean_run()));
    Json run = whole;
    how.breaks(run);
    return run;
}

/// Of a server that a URL gave by its name.
RunResult run_by_name() {
    RunResult run = sample::clean_run();
    for (Trial& trial : run.trials) {
        trial.spec.base_url = "http://svc.test/";
        trial.spec.address = "2001:db8::7";
    }
    return run;
}

struct Sample {
    const char* name;
    RunResult (*make)();
};

class EverySample : public testing::TestWithParam<Sample> {};

TEST_P(EverySample, ComesBackAsItWas) {
    const std::string text = json_report(GetParam().make());
    EXPECT_EQ(json_report(read_json_report(text)), text);
}

INSTANTIATE_TEST_SUITE_P(JsonReport, EverySample,
                         testing::Values(Sample{"clean", sample::clean_run}, Sample{"by_name", run_by_name},
                                         Sample{"troubled", sample::troubled_run},
                                         Sample{"diagnosed", sample::diagnosed_run},
                                         Sample{"hostile", sample::hostile_run}),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(JsonReport, KeepsWhatWasMeasured) {
    const RunResult run = sample::troubled_run();
    const RunResult back = read_json_report(json_report(run));
    EXPECT_TRUE(back.interrupted);
    EXPECT_FALSE(back.usable());
    EXPECT_EQ(back.environment, run.environment);
    EXPECT_EQ(back.warnings, run.warnings);
    ASSERT_EQ(back.trials.size(), run.trials.size());
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        EXPECT_EQ(back.trials[i].metrics, run.trials[i].metrics);
        EXPECT_EQ(back.trials[i].failure, run.trials[i].failure);
        EXPECT_EQ(back.trials[i].service_time_ns, run.trials[i].service_time_ns);
        EXPECT_EQ(back.trials[i].target.has_value(), run.trials[i].target.has_value());
        EXPECT_EQ(back.trials[i].timeline.size(), run.trials[i].timeline.size());
    }
    ASSERT_EQ(back.summary.size(), run.summary.size());
    EXPECT_EQ(back.summary[0].response_time_ns, run.summary[0].response_time_ns);
    EXPECT_EQ(back.summary[0].unknown, run.summary[0].unknown);
}

TEST(JsonReport, KeepsTheAddressThatWasMeasured) {
    EXPECT_EQ(read_json_report(json_report(run_by_name())).trials.at(0).spec.address, "2001:db8::7");
}

TEST(JsonReport, KeepsWhatTheDetectorsFound) {
    const RunResult back = read_json_report(json_report(sample::diagnosed_run()));
    EXPECT_TRUE(back.scenario.diagnose);
    std::uint64_t calls = 0;
    for (const Trial& trial : back.trials) {
        ASSERT_TRUE(trial.diagnosis);
        EXPECT_TRUE(trial.spec.diagnose);
        EXPECT_EQ(trial.diagnosis->lag_ns.count(), 1u);
        calls += trial.diagnosis->count_of(Finding::Kind::blocking_call);
        if (trial.diagnosis->clean()) continue;
        const Finding& finding = trial.diagnosis->findings[0].first;
        EXPECT_EQ(finding.function, "poll");
        EXPECT_EQ(finding.created, "rows.cpp:17");
        EXPECT_EQ(finding.duration, std::chrono::milliseconds{300});
        EXPECT_EQ(finding.backtrace.size(), 3u);
        EXPECT_EQ(trial.diagnosis->suppressed, 2u);
    }
    EXPECT_EQ(calls, 15u);
}

TEST(JsonReport, RefusesAFindingOfAnUnknownKind) {
    Json run = Json::parse(json_report(sample::diagnosed_run()));
    for (Json& trial : run["trials"]) {
        for (Json& finding : trial["diagnosis"]["findings"]) finding["kind"] = "gremlin";
    }
    EXPECT_THAT(why_refused(run.dump()), AllOf(HasSubstr("findings[0].kind"), HasSubstr("'gremlin'")));
}

TEST(JsonReport, SaysFirstWhatItIs) {
    EXPECT_THAT(json_report(sample::clean_run()),
                testing::StartsWith("{\n \"schema\": \"asyncbench.result/2\",\n \"tool\""));
}

TEST(JsonReport, BrokenDocumentsAreRefusedByName) {
    for (const auto& cases : {broken_by_shape(), broken_in_meaning()}) {
        for (const Broken& how : cases) {
            EXPECT_THAT(why_refused(broken(how).dump()), AllOf(testing::StartsWith("The result"),
                                                               HasSubstr(how.names), testing::EndsWith(".")));
        }
    }
    EXPECT_THAT(why_refused(""), HasSubstr("no JSON"));
    EXPECT_THAT(why_refused("[]"), HasSubstr("must be a JSON object"));
    EXPECT_THAT(why_refused("{}"), HasSubstr("'schema' is missing"));
}

std::vector<test::SchemaCase> schema_cases() {
    std::vector<test::SchemaCase> cases{{json_report(RunResult{}), true}};
    for (const auto& make :
         {sample::clean_run, run_by_name, sample::troubled_run, sample::diagnosed_run, sample::hostile_run}) {
        cases.push_back({json_report(make()), true});
    }
    for (const Broken& how : broken_by_shape()) cases.push_back({broken(how).dump(), false});
    return cases;
}

TEST(ResultSchema, AjvAgreesWithTheWriterAndTheReader) {
    test::expect_validator_agrees(test::Validator::ajv, "result-2.schema.json", schema_cases());
}

TEST(ResultSchema, PythonsJsonschemaAgreesWithTheWriterAndTheReader) {
    test::expect_validator_agrees(test::Validator::python_jsonschema, "result-2.schema.json", schema_cases());
}

TEST(ResultSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field("result-2.schema.json");
}

}  // namespace asyncbench::json_report_tests
