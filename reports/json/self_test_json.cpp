#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "harness/trial/scenario_json.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/json/json_list.hpp"
#include "reports/json/result_json.hpp"
#include "reports/self_test_report.hpp"

namespace asyncbench {
namespace {

std::string_view name_of(Injection::Kind kind) {
    switch (kind) {
        case Injection::Kind::nothing:
            return "nothing";
        case Injection::Kind::latency:
            return "latency";
        case Injection::Kind::cpu:
            break;
    }
    return "cpu";
}

Json json_of(const std::optional<Estimate>& estimate) {
    return estimate ? asyncbench::json_of(*estimate) : Json(nullptr);
}

Json json_of(const GateTrial& sample) {
    Json object = {{"order", sample.order}, {"started_utc", sample.started_utc}};
    put_metrics(object, sample.metrics);
    if (!sample.warnings.empty()) object["warnings"] = json_of(sample.warnings);
    if (!sample.failure.empty()) object["failure"] = sample.failure;
    return object;
}

Json json_of(const SamplePair& pair) {
    return {{"base", json_of(pair.base)}, {"head", json_of(pair.head)}};
}

Json json_of(const GateLine& line) {
    const bool decides = line.decides();
    return {{"metric", line.rule.metric},
            {"verdict", decides ? Json(asyncbench::name_of(line.verdict)) : Json(nullptr)},
            {"pairs", line.pairs},
            {"ratio", null_if_unknown(line.ratio)},
            {"reason", line.reason}};
}

Json json_of(const ReplayedSuite& suite) {
    return {{"verdict", asyncbench::name_of(suite.verdict)},
            {"pairs", suite.pairs},
            {"control_moved", suite.control_moved},
            {"lines", list_of(suite.lines, [](const GateLine& line) { return json_of(line); })}};
}

Json json_of(const InjectionResult& injection) {
    const auto each = [](const auto& element) { return json_of(element); };
    return {{"name", injection.name},
            {"kind", name_of(injection.kind)},
            {"size", injection.size},
            {"fail", json_of(share_of(injection.suites, Verdict::fail))},
            {"pass", json_of(share_of(injection.suites, Verdict::pass))},
            {"suites", list_of(injection.suites, each)},
            {"instructions", list_of(injection.counted, each)},
            {"pairs", list_of(injection.pairs, each)}};
}

Json json_of(const SuggestedTolerance& suggested) {
    return {{"metric", suggested.metric},
            {"fail_from", suggested.tolerance.fail_from},
            {"pass_below", suggested.tolerance.pass_below}};
}

Json json_of(const MetricRule& rule) {
    return {{"metric", rule.metric},
            {"fail_from", rule.tolerance.fail_from},
            {"pass_below", rule.tolerance.pass_below}};
}

}  // namespace

std::string self_test_json_report(const SelfTestResult& result) {
    const auto each = [](const auto& element) { return json_of(element); };
    Json object = Json::object();
    object["schema"] = "asyncbench.gate-self-test/1";
    object["tool"] = {{"name", "asyncbench"}, {"version", result.tool_version}};
    object["command"] = result.command;
    object["started_utc"] = result.started_utc;
    object["environment"] = asyncbench::json_of(result.environment);
    object["scenario"] = asyncbench::json_of(result.scenario);
    object["cell"] = result.cell.name;
    object["requests"] = result.cell.requests;
    object["control"] = result.control_cell.name;
    object["looks"] = result.rules.looks.pairs;
    object["alpha"] = result.rules.looks.alpha;
    object["rules"] = list_of(result.rules.metrics, each);
    object["elapsed_ns"] = result.elapsed.count();
    object["failure"] = result.failure.empty() ? Json(nullptr) : Json(result.failure);
    object["interrupted"] = result.interrupted;
    object["suggested"] = list_of(suggested_tolerances(result), each);
    object["injections"] = list_of(result.injections, each);
    object["control_pairs"] = list_of(result.control, each);
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace asyncbench
