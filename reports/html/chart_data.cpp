#include "reports/html/chart_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/html/caption.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/left_out.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t bar_pixels = 44;
constexpr std::size_t lanes_between = 10;  // as the timeline's specification has it
constexpr double lane_pixels = 2.6;

/// The datasets that the specification of one metric calls `cells` and `trials`, under the figure's own name.
void name_datasets(Json& node, const Figure& figure) {
    if (!node.is_structured()) return;
    for (auto& child : node) name_datasets(child, figure);
    if (!node.is_object()) return;
    if (node.contains("data") && node["data"].contains("name")) {
        const bool of_cells = node["data"]["name"] == "cells";
        node["data"]["name"] = of_cells ? std::string(figure.name) : fmt::format("{}_trials", figure.name);
    }
}

void add_metric(Json& data, const RunResult& run, const Figure& figure) {
    Json rows = cell_rows(run, figure.metric, figure.scale);
    // An axis from 0 to 0 shows nothing that a sentence does not.
    if (std::none_of(rows.begin(), rows.end(), [](const Json& row) { return row["high"] > 0; })) return;
    const std::string name(figure.name);
    Json spec = chart_specification(std::string(figure.specification));
    name_datasets(spec, figure);
    spec["usermeta"]["main"] = name;
    spec["encoding"]["y"]["axis"]["title"] = figure.axis;
    // What a screen reader says of the chart: its file serves many metrics.
    spec["description"] =
        fmt::format("{} ({}) of every cell: each trial a dot, the median with its interval.", figure.heading,
                    figure.axis);
    data["charts"][name] = std::move(spec);
    data["datasets"][name] = std::move(rows);
    data["datasets"][name + "_trials"] = trial_rows(run, figure.metric, figure.scale);
}

/// Marks what is in sight of the best cell at its concurrency. An axis that went down to one request after
/// another would show no difference between those that keep all in flight.
void mark_near(Json& cells, Json& trials) {
    constexpr double in_sight = 0.9;  // of the best
    std::map<std::uint32_t, double> best;
    for (const Json& row : cells) {
        double& here = best[row["concurrency"].get<std::uint32_t>()];
        here = std::max(here, row["value"].get<double>());
    }
    const auto is_near = [&](const Json& row) {
        return row["value"] >= in_sight * best[row["concurrency"].get<std::uint32_t>()];
    };
    std::set<std::pair<std::string, std::uint32_t>> near_cells;
    for (Json& row : cells) {
        row["near"] = is_near(row);
        if (row["near"]) near_cells.emplace(row["strategy"], row["concurrency"]);
    }
    // Trials are seen with their cell, however far off they are.
    for (Json& row : trials) {
        row["near"] = is_near(row) || near_cells.contains({row["strategy"], row["concurrency"]});
    }
}

/// With one concurrency there is nothing to draw a line over.
void add_throughput(Json& data, const RunResult& run, const std::vector<StrategyScalability>& scalability) {
    Json rows = cell_rows(run, "throughput_rps", 1);
    if (rows.empty()) return;
    const bool single = data["levels"].size() < 2;
    Json spec = chart_specification(single ? "throughput-single" : "throughput");
    // A chart with steps would not fit its container.
    if (single) spec["height"] = run.scenario.strategies.size() * bar_pixels;
    data["charts"]["throughput"] = std::move(spec);
    data["datasets"]["throughput"] = std::move(rows);
    data["datasets"]["throughput_trials"] = trial_rows(run, "throughput_rps", 1);
    data["datasets"]["ideal"] = ideal_rows(run);
    data["datasets"]["fit"] = fit_rows(scalability);
    if (!single)
        data["datasets"]["ends"] =
            end_rows(data["datasets"], data["charts"]["throughput"]["height"].get<double>());
    leave_out_empty_layers(data["charts"]["throughput"], data["datasets"]);
}

/// Against which differences are asked for first: the best at the highest concurrency.
std::string best_of(const RunResult& run) {
    const auto groups = ranked_groups(run);
    return groups.empty() ? std::string() : groups.front().front()->strategy.text();
}

/// The value of a parameter of the specification.
double parameter(const Json& spec, std::string_view name) {
    const Json& params = spec["params"];
    return std::find_if(params.begin(), params.end(),
                        [&](const Json& param) { return param["name"] == name; })
        ->at("value")
        .get<double>();
}

/// Marks the ratios that the axis of small differences shows.
void mark_near(Json& rows, double least) {
    for (Json& row : rows) row["near"] = row["value"] >= least && row["value"] <= 1 / least;
}

/// Whether the axis shows small differences at first: where there are such.
bool has_near_ratio(const Json& rows, const std::string& base) {
    return std::any_of(rows.begin(), rows.end(), [&](const Json& row) {
        return row["base"] == base && row["measure"] == rows[0]["measure"] &&
               row["concurrency"] == rows.back()["concurrency"] && row["near"];
    });
}

void add_ratios(Json& data, const RunResult& run, const std::vector<Comparison>& comparisons) {
    Json rows = ratio_rows(run, comparisons);
    if (rows.empty()) return;
    Json spec = chart_specification("ratios");
    spec["height"] = (run.scenario.strategies.size() - 1) * bar_pixels + bar_pixels / 2;
    data["best"] = best_of(run);
    mark_near(rows, parameter(spec, "least_near"));
    for (Json& param : spec["params"]) {
        if (param["name"] == "axis" && !has_near_ratio(rows, data["best"]))
            param["value"] = param["bind"]["options"][1];
    }
    data["charts"]["ratios"] = std::move(spec);
    data["datasets"]["ratios"] = std::move(rows);
    data["datasets"]["measured"] = measured_rows(run);
}

void add_drift(Json& data, const RunResult& run) {
    Json rows = drift_rows(run);
    if (rows.empty()) return;
    std::string measure = name_on_page(ranking_metric(run));
    measure.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(measure.front())));
    Json spec = chart_specification("drift");
    spec["description"] = fmt::format("{} {}", measure, spec["description"].get<std::string>());
    for (Json& layer : spec["layer"]) {
        if (layer["encoding"]["y"].contains("axis"))
            layer["encoding"]["y"]["axis"]["title"] = fmt::format("{}, from its cell's median", measure);
    }
    data["charts"]["drift"] = std::move(spec);
    data["datasets"]["drift"] = std::move(rows);
}

void add_timeline(Json& data, const RunResult& run) {
    Json rows = timeline_rows(run);
    if (rows.empty()) return;
    Json spec = chart_specification("timeline");
    const std::size_t lanes = run.scenario.strategies.size() * (timeline_requests + lanes_between);
    spec["height"] = std::lround(static_cast<double>(lanes) * lane_pixels);
    data["charts"]["timeline"] = std::move(spec);
    data["datasets"]["timeline"] = std::move(rows);
}

/// Where a closed loop makes service and response time the same, one line is drawn, and `axis` says which.
void add_latency(Json& data, const RunResult& run, const std::string& name, Json rows, const char* axis) {
    if (rows.empty()) return;
    Json spec = chart_specification(name);
    if (!has_response_times(run.scenario)) {
        spec["encoding"][axis]["axis"]["title"] = "Service time in milliseconds (log scale)";
        for (Json& param : spec["params"])
            if (param["name"] == "kinds") param["value"] = 1;
    }
    data["charts"][name] = std::move(spec);
    data["datasets"][name] = std::move(rows);
}

/// What is said beside the charts, and in the pictures saved of them.
void add_words(Json& data, const RunResult& run, const std::vector<Comparison>& ratios) {
    for (const Figure& figure : run_figures()) {
        const std::string name(figure.name);
        if (!data["charts"].contains(name)) continue;
        data["captions"][name] = caption_of(run, figure, ratios);
        Json sentences = left_out_sentences(run, figure);
        for (const std::string& sentence : never_drawn_sentences(run)) sentences.push_back(sentence);
        if (!sentences.empty()) data["left_out"][name] = std::move(sentences);
    }
}

}  // namespace

Json chart_specification(const std::string& name) {
    return Json::parse(report_asset(fmt::format("charts/{}.vl.json", name)));
}

namespace {

/// Vega warns of an axis that a layer without rows would have.
bool draws_anything(const Json& layer, const Json& rows) {
    const Json none = Json::array({Json::object()});
    const bool of_bounds =
        layer.value("transform", none).at(0).value("filter", Json()) == Json("datum.bound > 0");
    if (!of_bounds) return !rows.empty();
    return std::any_of(rows.begin(), rows.end(), [](const Json& row) { return row.value("bound", 0) > 0; });
}

}  // namespace

void leave_out_empty_layers(Json& chart, const Json& datasets) {
    Json layers = Json::array();
    for (const Json& layer : chart["layer"]) {
        const bool named = layer.contains("data") && layer["data"].contains("name");
        const Json rows =
            named ? datasets.value(layer["data"]["name"].get<std::string>(), Json::array()) : Json::array();
        if (!named || draws_anything(layer, rows)) layers.push_back(layer);
    }
    chart["layer"] = std::move(layers);
}

Json chart_data(const RunResult& run, const std::vector<StrategyScalability>& scalability) {
    Json data = Json::object();
    data["source"] = fmt::format("asyncbench {}, {}", run.tool_version, run.started_utc);
    data["captions"] = Json::object();
    data["left_out"] = Json::object();
    data["strategies"] = Json::array();
    for (const StrategySpec& strategy : run.scenario.strategies)
        data["strategies"].push_back(strategy.text());
    data["levels"] = concurrencies_of(run);
    data["charts"] = Json::object();
    data["datasets"] = Json::object();
    add_throughput(data, run, scalability);
    const std::vector<Comparison> ratios = ratio_comparisons(run);
    add_ratios(data, run, ratios);
    add_latency(data, run, "latency", percentile_rows(run), "y");
    add_latency(data, run, "distribution", distribution_rows(run), "x");
    add_timeline(data, run);
    for (const Figure& figure : run_figures()) {
        if (!figure.metric.empty()) add_metric(data, run, figure);
    }
    if (data["charts"].contains("share"))
        mark_near(data["datasets"]["share"], data["datasets"]["share_trials"]);
    add_drift(data, run);
    add_words(data, run, ratios);
    return data;
}

}  // namespace asyncbench
