#include <nlohmann/json.hpp>

#include "harness/trial/scenario_json.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/gate_report.hpp"
#include "reports/json/json_list.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view gate_schema = "asyncbench.gate/2";

std::string_view name_of(GateShape shape) {
    switch (shape) {
        case GateShape::paired:
            return "paired";
        case GateShape::stored:
            return "stored";
        case GateShape::files:
            break;
    }
    return "files";
}

std::string_view name_of(Lane lane) {
    switch (lane) {
        case Lane::paired:
            return "paired";
        case Lane::deterministic:
            return "deterministic";
        case Lane::information:
            break;
    }
    return "information";
}

Json null_if_empty(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json null_if_zero(std::uint64_t count) {
    return count == 0 ? Json(nullptr) : Json(count);
}

Json json_of(const GateArm& arm) {
    return {{"program", arm.program.shown()}, {"target", null_if_empty(arm.target.shown())}};
}

Json json_of(const Tolerance& tolerance) {
    return {{"fail_from", tolerance.fail_from}, {"pass_below", tolerance.pass_below}};
}

Json json_of(const MetricRule& rule) {
    return {{"metric", rule.metric},
            {"lane", name_of(rule.lane)},
            {"tolerance", json_of(rule.tolerance)},
            {"if_known", rule.if_known}};
}

Json json_of(const Budget& budget) {
    return {
        {"metric", budget.metric}, {"below", budget.below}, {"limit", budget.limit}, {"text", budget.text}};
}

Json json_of(const GateRules& rules) {
    Json object = Json::object();
    object["metrics"] = list_of(rules.metrics, [](const MetricRule& rule) { return json_of(rule); });
    object["budgets"] = list_of(rules.budgets, [](const Budget& budget) { return json_of(budget); });
    object["looks"] = rules.looks.pairs;
    object["alpha"] = rules.looks.alpha;
    object["confirm"] = rules.confirm;
    object["control_limit"] = rules.control_limit;
    object["deterministic_runs"] = rules.deterministic_runs;
    return object;
}

Json json_of(const GateCell& subject) {
    Json object = Json::object();
    object["name"] = subject.name;
    object["strategy"] = null_if_empty(subject.strategy);
    object["concurrency"] = null_if_zero(subject.concurrency);
    object["requests"] = null_if_zero(subject.requests);
    object["is_control"] = subject.is_control;
    return object;
}

std::string_view standing_of(const GateLine& line) {
    if (line.rule.lane == Lane::information) return "information";
    switch (line.standing) {
        case LineStanding::not_told:
            return "not-told";
        case LineStanding::not_exact:
            return "not-exact";
        case LineStanding::decides:
            break;
    }
    return "decides";
}

Json json_of(const GateLine& line) {
    Json object = json_of(line.rule);
    object["standing"] = standing_of(line);
    object["base"] = null_if_unknown(line.base);
    object["head"] = null_if_unknown(line.head);
    object["ratio"] = null_if_unknown(line.ratio);
    object["pairs"] = line.pairs;
    object["ratios"] = line.ratios;
    object["p_worse"] = line.p_worse ? Json(*line.p_worse) : Json(nullptr);
    object["confirmation"] = line.confirmation ? null_if_unknown(*line.confirmation) : Json(nullptr);
    const bool decides = line.decides();
    object["verdict"] = decides ? Json(asyncbench::name_of(line.verdict)) : Json(nullptr);
    object["improved"] = line.improved;
    object["reason"] = line.reason;
    return object;
}

Json json_of(const BudgetLine& line) {
    return {{"budget", json_of(line.budget)},
            {"value", null_if_unknown(line.value)},
            {"confirmation", line.confirmation ? null_if_unknown(*line.confirmation) : Json(nullptr)},
            {"verdict", asyncbench::name_of(line.verdict)},
            {"reason", line.reason}};
}

Json json_of(const GateControl& control) {
    return {{"metric", control.metric},
            {"ratio", null_if_unknown(control.ratio)},
            {"ratios", control.ratios},
            {"drift", control.drift},
            {"moved", control.moved}};
}

Json json_of(const GateTrial& sample) {
    Json object = Json::object();
    object["arm"] = sample.arm == Arm::base ? "base" : "head";
    object["pair"] = sample.repetition;
    object["order"] = sample.order;
    object["confirmation"] = sample.confirmation;
    object["deterministic"] = sample.deterministic;
    object["started_utc"] = sample.started_utc;
    object["failure"] = null_if_empty(sample.failure);
    put_metrics(object, sample.metrics);
    put_endings(object, sample.endings);
    object["warnings"] = json_of(sample.warnings);
    return object;
}

Json json_of(const EnvironmentDifference& difference) {
    return {{"fact", difference.fact}, {"base", difference.base}, {"head", difference.head}};
}

/// First the index into `subjects`, and for people the name: the control may have the name of another.
template <typename OfSubject>
Json of_subject(const GateResult& result, const OfSubject& each) {
    Json object = {{"subject", each.subject}, {"name", result.subjects.at(each.subject).name}};
    object.update(json_of(each));
    return object;
}

void put_what_was_asked(Json& object, const GateResult& result) {
    object["shape"] = name_of(result.shape);
    object["base"] = json_of(result.base);
    object["head"] = json_of(result.head);
    object["environment"] = json_of(result.environment);
    object["environment_differences"] =
        list_of(result.environment_differences,
                [](const EnvironmentDifference& difference) { return json_of(difference); });
    object["scenario"] = result.shape == GateShape::files ? Json(nullptr) : json_of(result.scenario);
    object["rules"] = json_of(result.rules);
}

void put_what_was_found(Json& object, const GateResult& result) {
    const auto list = [&result](const auto& elements) {
        return list_of(elements, [&result](const auto& each) { return of_subject(result, each); });
    };
    object["subjects"] = list_of(result.subjects, [](const GateCell& subject) { return json_of(subject); });
    object["lines"] = list(result.lines);
    object["budgets"] = list(result.budgets);
    object["control"] = result.control ? of_subject(result, *result.control) : Json(nullptr);
    object["warnings"] = json_of(result.warnings);
    object["samples"] = list(result.samples);
}

}  // namespace

std::string gate_json_report(const GateResult& result) {
    Json object = Json::object();
    object["schema"] = gate_schema;
    object["tool"] = {{"name", "asyncbench"}, {"version", result.tool_version}};
    object["command"] = result.command;
    object["started_utc"] = result.started_utc;
    object["elapsed_ns"] = result.elapsed.count();
    object["verdict"] = asyncbench::name_of(result.verdict());
    object["usable"] = result.usable();
    object["interrupted"] = result.interrupted;
    object["failure"] = null_if_empty(result.failure);
    put_what_was_asked(object, result);
    put_what_was_found(object, result);
    return document_text(object);
}

}  // namespace asyncbench
