#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "harness/trial/scenario_json.hpp"

namespace asyncbench::scenario_json_tests {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string why_refused(const std::string& text) {
    try {
        scenario_from_json(text, "slow.json");
    } catch (const UsageError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(ScenarioJson, SaysInHumanUnitsWhatTheFlagsSay) {
    const Scenario scenario = scenario_from_json(
        R"({"name": "gateway", "question": "How many?", "strategies": ["sequential", "thread-pool:threads=16"],
            "concurrency": [1, "1k"], "plan": "closed", "duration": "1m30s", "latency": "lognormal:20ms,80ms",
            "payload": "4KiB", "error_rate": 0.01, "faults": "stall:0.001", "compute": "50us",
            "target": "blocking", "repetitions": 7, "budget": "90s", "one_in_flight": ["sequential"], "warmup": "500ms", "timeout": "3s", "seed": 9, "pin": true,
            "diagnose": true, "stall_threshold": "5ms"})",
        "gateway.json");
    EXPECT_EQ(scenario.name, "gateway");
    EXPECT_EQ(scenario.question, "How many?");
    ASSERT_EQ(scenario.strategies.size(), 2U);
    EXPECT_EQ(scenario.strategies[1].options.at("threads"), "16");
    EXPECT_THAT(scenario.concurrency, ElementsAre(1, 1000));
    EXPECT_EQ(scenario.plan.kind, PlanKind::closed);
    EXPECT_EQ(scenario.plan.duration, std::chrono::seconds{90});
    EXPECT_EQ(scenario.profile.delay.text(), "lognormal:20ms,80ms");
    EXPECT_EQ(scenario.profile.payload_bytes, 4096U);
    EXPECT_EQ(scenario.profile.error_rate, 0.01);
    EXPECT_EQ(scenario.profile.faults.stall, 0.001);
    EXPECT_EQ(scenario.profile.compute, std::chrono::microseconds{50});
    EXPECT_EQ(scenario.target, "blocking");
    EXPECT_EQ(scenario.repetitions, 7U);
    EXPECT_EQ(scenario.budget, std::chrono::seconds{90});
    EXPECT_THAT(scenario.one_in_flight, ElementsAre("sequential"));
    EXPECT_EQ(scenario.warmup, std::chrono::milliseconds{500});
    EXPECT_EQ(scenario.timeout, std::chrono::seconds{3});
    EXPECT_EQ(scenario.seed, 9U);
    EXPECT_TRUE(scenario.pin);
    EXPECT_TRUE(scenario.diagnose);
    EXPECT_EQ(scenario.stall_threshold, std::chrono::milliseconds{5});
}

TEST(ScenarioJson, WhatIsLeftOutKeepsItsValue) {
    Scenario base;
    base.repetitions = 11;
    base.concurrency = {64};
    const Scenario scenario = scenario_from_json(R"({"latency": "5ms"})", "x.json", base);
    EXPECT_EQ(scenario.repetitions, 11U);
    EXPECT_THAT(scenario.concurrency, ElementsAre(64));
    EXPECT_EQ(scenario.profile.delay.text(), "5ms");
}

TEST(ScenarioJson, ABudgetAloneAsksForAsManyBlocksAsItTakes) {
    Scenario base;
    base.repetitions = 11;
    const Scenario scenario = scenario_from_json(R"({"budget": "5m"})", "x.json", base);
    EXPECT_EQ(scenario.repetitions, 0U);
    EXPECT_EQ(scenario.budget, std::chrono::minutes{5});
    EXPECT_EQ(scenario_from_json(R"({"strategies": "callback"})", "x.json").repetitions, 0U);
}

TEST(ScenarioJson, AListOfOneNeedsNoBrackets) {
    const Scenario scenario =
        scenario_from_json(R"({"strategies": "callback", "concurrency": "10k"})", "x.json");
    ASSERT_EQ(scenario.strategies.size(), 1U);
    EXPECT_EQ(scenario.strategies[0].name, "callback");
    EXPECT_THAT(scenario.concurrency, ElementsAre(10'000));
}

TEST(ScenarioJson, ThePlanFollowsFromItsFields) {
    EXPECT_EQ(scenario_from_json(R"({"requests": "10k"})", "x").plan.kind, PlanKind::batch);
    EXPECT_EQ(scenario_from_json(R"({"rate": 500})", "x").plan.kind, PlanKind::open);
    EXPECT_EQ(scenario_from_json(R"({"duration": "2s"})", "x").plan.kind, PlanKind::closed);
    EXPECT_EQ(scenario_from_json(R"({})", "x").plan.kind, Scenario{}.plan.kind);
}

class RoundTrip : public testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, ReadsBackWhatItWrote) {
    const Scenario scenario = scenario_from_json(GetParam(), "x.json");
    const std::string text = to_json(scenario);
    const Scenario back = scenario_from_json(text, "y.json");
    EXPECT_EQ(to_json(back), text);
    EXPECT_EQ(back.plan, scenario.plan);
    EXPECT_EQ(back.profile, scenario.profile);
    EXPECT_EQ(back.strategies, scenario.strategies);
    EXPECT_EQ(back.seed, scenario.seed);
    EXPECT_EQ(back.repetitions, scenario.repetitions);
    EXPECT_EQ(back.one_in_flight, scenario.one_in_flight);
    if (scenario.repetitions == 0) {
        EXPECT_EQ(back.budget, scenario.budget);
    }
}

INSTANTIATE_TEST_SUITE_P(
    ScenarioJson, RoundTrip,
    testing::Values(
        R"({})", R"({"requests": 5000, "concurrency": [1, 2], "repetitions": 4})",
        R"({"budget": "7m", "one_in_flight": ["sequential", "mine"]})",
        R"({"rate": 1234.5, "arrivals": "poisson", "duration": "1.234567891s"})",
        R"({"duration": "2s", "latency": "bimodal:5ms,100ms,0.05", "faults": "close:0.1,stall:0.001",
                        "compute": "50us", "seed": 18446744073709551615, "payload": 0, "pin": true,
                        "strategies": ["exec:python3 client.py", "callback:loops=2"]})"));

struct Wrong {
    const char* text;
    const char* names;
};

class WrongScenario : public testing::TestWithParam<Wrong> {};

TEST_P(WrongScenario, IsAUsageErrorThatNamesFileAndField) {
    EXPECT_THAT(why_refused(GetParam().text),
                AllOf(HasSubstr("slow.json"), HasSubstr(GetParam().names), testing::EndsWith(".")));
}

INSTANTIATE_TEST_SUITE_P(
    ScenarioJson, WrongScenario,
    testing::Values(
        Wrong{"{", "no JSON"}, Wrong{"[]", "must be a JSON object"},
        Wrong{R"({"concurency": [1]})", "\"concurency\""},
        Wrong{R"({"concurency": [1]})", "known are: name, question, strategies, concurrency"},
        Wrong{R"({"name": 5})", "'name'"}, Wrong{R"({"strategies": []})", "'strategies'"},
        Wrong{R"({"strategies": ["sequential", 5]})", "'strategies[1]'"},
        Wrong{R"({"strategies": ["Bad Name"]})", "'strategies[0]'"},
        Wrong{R"({"concurrency": [0]})", "'concurrency[0]'"},
        Wrong{R"({"concurrency": [1.5]})", "'concurrency[0]'"},
        Wrong{R"({"concurrency": 5000000})", "'concurrency'"},
        Wrong{R"({"plan": "ramp"})", "batch, closed, open"},
        Wrong{R"({"plan": "batch", "duration": "2s"})", "'duration'"},
        Wrong{R"({"plan": "closed", "rate": 5})", "'rate'"}, Wrong{R"({"requests": 5, "rate": 5})", "'rate'"},
        Wrong{R"({"requests": 0})", "'requests'"}, Wrong{R"({"rate": 0})", "'rate'"},
        Wrong{R"({"rate": "fast"})", "'rate'"}, Wrong{R"({"rate": 1, "arrivals": "bursty"})", "'arrivals'"},
        Wrong{R"({"duration": "2 parsecs"})", "'duration'"}, Wrong{R"({"duration": -1})", "'duration'"},
        Wrong{R"({"latency": "pareto:1ms"})", "'latency'"}, Wrong{R"({"latency": 20})", "'latency'"},
        Wrong{R"({"payload": "4 cups"})", "'payload'"}, Wrong{R"({"payload": "4GiB"})", "payload"},
        Wrong{R"({"error_rate": 1.5})", "'error_rate'"}, Wrong{R"({"faults": "explode:1"})", "'faults'"},
        Wrong{R"({"error_rate": 0.9, "faults": "close:0.5"})", "sum to at most 1"},
        Wrong{R"({"repetitions": 0})", "'repetitions'"}, Wrong{R"({"repetitions": "five"})", "'repetitions'"},
        Wrong{R"({"budget": "soon"})", "'budget'"}, Wrong{R"({"one_in_flight": []})", "'one_in_flight'"},
        Wrong{R"({"one_in_flight": ["Not A Name"]})", "'one_in_flight[0]'"},
        Wrong{R"({"seed": -1})", "'seed'"}, Wrong{R"({"pin": "yes"})", "'pin'"},
        Wrong{R"({"seed": 1, "seed": 2})", "twice"}));

}  // namespace asyncbench::scenario_json_tests
