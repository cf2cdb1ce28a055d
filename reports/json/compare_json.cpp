#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/trial/metric.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/compare_report.hpp"
#include "reports/json/json_list.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view compare_schema = "asyncbench.compare/1";

std::string_view name_of(Change change) {
    switch (change) {
        case Change::better:
            return "better";
        case Change::worse:
            return "worse";
        case Change::changed:
            return "changed";
        case Change::none_shown:
            return "none-shown";
        case Change::limited:
            return "limited";
        case Change::too_few:
            break;
    }
    return "too-few";
}

Json json_of(const ComparedMetric& row) {
    Json object = Json::object();
    object["subject"] = row.subject;
    object["metric"] = row.metric;
    object["unit"] = metric_kind(row.metric).unit;
    object["base"] = json_of(row.base);
    object["head"] = json_of(row.head);
    object["base_count"] = row.base_count;
    object["head_count"] = row.head_count;
    const bool has_ratio = std::isfinite(row.ratio.value);
    object["ratio"] = has_ratio ? json_of(row.ratio) : Json(nullptr);
    object["p_value"] = row.p_value;
    object["noise_floor"] = has_ratio ? Json(row.noise_floor) : Json(nullptr);
    object["change"] = name_of(row.change);
    object["paired"] = row.paired;
    return object;
}

Json json_of(const ResultsComparison& comparison) {
    Json object = Json::object();
    object["base"] = comparison.base;
    object["head"] = comparison.head;
    object["rows"] = list_of(comparison.rows, [](const ComparedMetric& row) { return json_of(row); });
    object["only_in_base"] = comparison.only_in_base;
    object["only_in_head"] = comparison.only_in_head;
    object["warnings"] = json_of(comparison.warnings);
    return object;
}

}  // namespace

std::string compare_json_report(const CompareResult& result) {
    Json object = Json::object();
    object["schema"] = compare_schema;
    object["tool"] = {{"name", "asyncbench"}, {"version", result.tool_version}};
    object["command"] = result.command;
    object["comparisons"] =
        list_of(result.comparisons, [](const ResultsComparison& comparison) { return json_of(comparison); });
    return document_text(object);
}

}  // namespace asyncbench
