// The gate's configuration: our reader and two validators that are not ours agree on what it may say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/gate/gate_config.hpp"
#include "async/errors.hpp"
#include "harness/trial/scenario_option.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::gate_config_schema_tests {

using test::SchemaCase;
using test::Validator;

constexpr const char* schema_file = "gate-config-1.schema.json";

std::string config(const std::string& fields) {
    return R"({"schema": "asyncbench.gate-config/1")" + (fields.empty() ? "" : ", " + fields) + "}";
}

const std::vector<SchemaCase>& cases() {
    static const std::vector<SchemaCase> all{
        {config(""), true},
        {config(
             R"("metrics": {"p50": "3%", "cpu": "20%,40%", "p99": "information", "peak_rss_bytes": "ignore"})"),
         true},
        {config(R"("scenario": {"strategies": "coroutine", "concurrency": [8, "1k"], "latency": "2ms",
                                "payload": "4KiB", "warmup": "20ms", "requests": 400})"),
         true},
        {config(R"("budgets": ["p99<50ms", "throughput>1000/s"], "looks": [10, 20], "alpha": 0.05,
                   "confirm": false, "control_limit": "2.5%", "strict": true)"),
         true},
        {"{}", false},
        {R"({"schema": "asyncbench.gate-config/2"})", false},
        {config(R"("metric": {})"), false},
        {config(R"("metrics": {"p50": 5})"), false},
        {config(R"("metrics": {"p50": "5"})"), false},
        {config(R"("metrics": {"p50": "soft"})"), false},
        {config(R"("budgets": ["p99"])"), false},
        {config(R"("budgets": "p99<50ms")"), false},
        {config(R"("looks": [])"), false},
        {config(R"("looks": [1])"), false},
        {config(R"("looks": [2.5])"), false},
        {config(R"("alpha": 0)"), false},
        {config(R"("alpha": 0.7)"), false},
        {config(R"("alpha": 1e-9)"), true},
        {config(R"("alpha": 9e-10)"), false},
        {config(R"("strict": "yes")"), false},
        {config(R"("control_limit": 0.05)"), false},
        {config(R"("scenario": {"sede": 1})"), false},
        {config(R"("scenario": {"concurrency": []})"), false},
        {config(R"("scenario": {"concurrency": 0})"), false},
        {config(R"("scenario": {"requests": 0})"), false},
    };
    return all;
}

/// The fields that a schema of reports/schema allows in a scenario.
std::vector<std::string> fields_of_scenario(const std::string& schema, const char* pointer) {
    const Json whole = Json::parse(test::read_file(test::source_dir() + "/reports/schema/" + schema));
    std::vector<std::string> fields;
    for (const auto& item : whole.at(Json::json_pointer(pointer)).items()) fields.push_back(item.key());
    return fields;
}

TEST(ScenarioSchemas, HaveEveryOption) {
    const auto in_results = fields_of_scenario("result-2.schema.json", "/$defs/scenario/properties");
    const auto in_gate = fields_of_scenario(schema_file, "/properties/scenario/properties");
    for (const ScenarioOption& option : scenario_options()) {
        const std::string field(option.field);
        EXPECT_THAT(in_results, testing::Contains(field));
        if (option.flag >= ScenarioOption::Flag::of_gate) {
            EXPECT_THAT(in_gate, testing::Contains(field));
        }
    }
}

bool is_read(const std::string& document) {
    try {
        gate_config_from_json(document, "asyncbench.gate.json", {});
        return true;
    } catch (const UsageError&) {
        return false;
    }
}

TEST(GateConfigSchema, IsWhatTheReaderReads) {
    for (const SchemaCase& each : cases()) EXPECT_EQ(is_read(each.document), each.valid) << each.document;
}

TEST(GateConfigSchema, IsWhatAjvReads) {
    test::expect_validator_agrees(Validator::ajv, schema_file, cases());
}

TEST(GateConfigSchema, IsWhatPythonReads) {
    test::expect_validator_agrees(Validator::python_jsonschema, schema_file, cases());
}

TEST(GateConfigSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field(schema_file);
}

}  // namespace asyncbench::gate_config_schema_tests
