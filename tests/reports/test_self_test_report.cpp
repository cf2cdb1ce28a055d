// What `gate --self-test` writes: kept by a schema that two validators which are not ours hold it to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/gate/paired_values.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/self_test_report.hpp"
#include "tests/reports/sample_gate.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::self_test_report_tests {

constexpr const char* schema_file = "gate-self-test-1.schema.json";

SamplePair pair_of(double base_ns, double head_ns) {
    SamplePair pair;
    for (auto [sample, value] : {std::pair{&pair.base, base_ns}, std::pair{&pair.head, head_ns}}) {
        sample->started_utc = "2000-01-01T00:00:00Z";
        sample->metrics["service_p50_ns"] = {value, {}};
    }
    pair.head.order = 1;
    return pair;
}

SelfTestResult self_test() {
    const GateResult gate = sample::failing_gate();
    SelfTestResult result;
    result.tool_version = gate.tool_version;
    result.command = "asyncbench gate --self-test";
    result.started_utc = gate.started_utc;
    result.environment = gate.environment;
    result.scenario = gate.scenario;
    result.rules = gate.rules;
    result.cell = gate.subjects.front();
    result.control_cell = gate.subjects.back();
    GateLine unknown;
    unknown.rule.metric = "errors";
    unknown.ratio = unknown_estimate();
    result.injections.push_back({{"nothing", Injection::Kind::nothing, 0}, {pair_of(5e6, 5e6)}, {}, {}});
    result.injections.push_back(
        {{"latency +10 %", Injection::Kind::latency, 0.1},
         {pair_of(5e6, 5.5e6)},
         {{Verdict::fail, 20, false, gate.lines}, {Verdict::pass, 20, true, {unknown}}},
         {}});
    result.injections.push_back({{"client CPU +10 %", Injection::Kind::cpu, 0.1}, {}, {}, gate.lines});
    result.injections.back().pairs.push_back(pair_of(5e6, 5e6));
    result.injections.back().pairs.front().head.failure = "the trial ended with status 134";
    result.control = {pair_of(5e6, 5e6)};
    return result;
}

TEST(SelfTestJsonReport, HasNullForWhatIsNotKnown) {
    const Json document = Json::parse(self_test_json_report(self_test()));
    EXPECT_EQ(document["injections"][0]["fail"], nullptr) << "no suite, no share";
    EXPECT_EQ(document["injections"][1]["fail"]["value"], 0.5);
    EXPECT_EQ(document["injections"][1]["suites"][1]["lines"][0]["ratio"], nullptr);
    EXPECT_EQ(document["command"], "asyncbench gate --self-test");
}

std::vector<test::SchemaCase> schema_cases() {
    const Json good = Json::parse(self_test_json_report(self_test()));
    std::vector<test::SchemaCase> cases{{good.dump(), true}};
    const auto break_it = [&](const std::function<void(Json&)>& change) {
        Json bad = good;
        change(bad);
        cases.push_back({bad.dump(), false});
    };
    break_it([](Json& bad) { bad["schema"] = "asyncbench.gate-self-test/2"; });
    break_it([](Json& bad) { bad.erase("environment"); });
    break_it([](Json& bad) { bad["injections"][0]["kind"] = "luck"; });
    break_it([](Json& bad) { bad["injections"][1]["suites"][0]["verdict"] = "MAYBE"; });
    break_it([](Json& bad) { bad["injections"][1]["suites"][0]["lines"][0].erase("reason"); });
    break_it([](Json& bad) { bad["control_pairs"][0].erase("head"); });
    break_it([](Json& bad) { bad["rules"][0]["fail_from"] = "5%"; });
    break_it([](Json& bad) { bad["nonsense"] = 1; });
    return cases;
}

TEST(SelfTestSchema, AjvAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::ajv, schema_file, schema_cases());
}

TEST(SelfTestSchema, PythonsJsonschemaAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::python_jsonschema, schema_file, schema_cases());
}

TEST(SelfTestSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field(schema_file);
}

}  // namespace asyncbench::self_test_report_tests
