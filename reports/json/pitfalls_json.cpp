#include <nlohmann/json.hpp>

#include "reports/json/json_list.hpp"
#include "reports/json/result_json.hpp"
#include "reports/pitfalls_report.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view pitfalls_schema = "asyncbench.pitfalls/2";

Json json_of(const PitfallWay& way, const Pitfall& pitfall) {
    Json object = Json::object();
    object["way"] = way.name;
    object["strategy"] = strategy_of(pitfall.name, way.name).text();
    object["summary"] = way.summary;
    object["code"] = way.code;
    return object;
}

Json json_of(const PitfallResult& result) {
    const Pitfall& pitfall = result.pitfall;
    Json object = Json::object();
    object["name"] = pitfall.name;
    object["title"] = pitfall.title;
    object["source"] = pitfall.source;
    object["harms"] = pitfall.harms;
    object["harm"] = pitfall.harm;
    object["advice"] = pitfall.advice;
    object["metric"] = pitfall.metric.empty() ? Json(nullptr) : Json(pitfall.metric);
    object["ways"] = list_of(pitfall.ways, [&](const PitfallWay& way) { return json_of(way, pitfall); });
    object["result"] = json_of(result.run);
    object["diagnosed"] = result.diagnosed ? json_of(*result.diagnosed) : Json(nullptr);
    return object;
}

}  // namespace

std::string pitfalls_json_report(const PitfallsResult& result) {
    Json object = Json::object();
    object["schema"] = pitfalls_schema;
    object["tool"] = {{"name", "asyncbench"}, {"version", result.tool_version}};
    object["command"] = result.command;
    object["started_utc"] = result.started_utc;
    object["interrupted"] = result.interrupted;
    object["usable"] = result.usable();
    object["environment"] = json_of(result.environment);
    object["pitfalls"] = list_of(result.pitfalls, [](const PitfallResult& each) { return json_of(each); });
    return document_text(object);
}

}  // namespace asyncbench
