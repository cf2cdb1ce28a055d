#include "reports/html/pitfalls_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/drawn_number.hpp"
#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sections.hpp"
#include "reports/pitfalls_report.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/pitfall_text.hpp"

namespace asyncbench {
namespace {

constexpr double interval_confidence = 0.95;

/// What a way is compared by. Where the harm is lost work, that is what the ways that do it all take.
std::string measure_of(const Pitfall& pitfall) {
    return pitfall.metric.empty() ? "throughput_rps" : pitfall.metric;
}

const PitfallWay* right_way(const Pitfall& pitfall) {
    const auto found = std::find_if(pitfall.ways.begin(), pitfall.ways.end(),
                                    [](const PitfallWay& way) { return way.name == "right"; });
    return found == pitfall.ways.end() ? nullptr : &*found;
}

bool is_wrong(const Pitfall& pitfall, const PitfallWay& way) {
    return !pitfall.ways.empty() && pitfall.ways.front().name == way.name;
}

/// Whether the way did not do the work, so that how fast it was says nothing.
bool lost_work(const PitfallResult& result, const PitfallWay& way) {
    return result.pitfall.metric.empty() && is_wrong(result.pitfall, way) &&
           !outcomes_of(result, way).empty();
}

/// The median of how many times worse the way was than the right one in the trials of the same block.
std::optional<Estimate> times_worse(const PitfallResult& result, const PitfallWay& way) {
    const PitfallWay* reference = right_way(result.pitfall);
    if (reference == nullptr || lost_work(result, way)) return std::nullopt;
    const Cell* right = cell_of_way(result, *reference);
    const Cell* cell = cell_of_way(result, way);
    if (right == nullptr || cell == nullptr || !right->usable() || !cell->usable()) return std::nullopt;
    const std::string metric = measure_of(result.pitfall);
    const bool more_is_better = metric_kind(metric).better == Better::higher;
    const auto pairs = more_is_better ? paired_ratios(*cell, *right, metric, result.run.trials)
                                      : paired_ratios(*right, *cell, metric, result.run.trials);
    if (pairs.empty()) return std::nullopt;
    std::vector<double> ratios;
    ratios.reserve(pairs.size());
    for (const PairedRatio& pair : pairs) ratios.push_back(pair.ratio);
    return median_interval(ratios, interval_confidence);
}

std::string why_no_number(const PitfallResult& result, const PitfallWay& way) {
    if (lost_work(result, way)) return "no number: work was lost";
    const PitfallWay* reference = right_way(result.pitfall);
    for (const PitfallWay* each : {&way, reference}) {
        if (each == nullptr) continue;
        const Cell* cell = cell_of_way(result, *each);
        if (cell == nullptr) return fmt::format("no number: {} was not measured", each->name);
        if (!cell->usable())
            return fmt::format("no number: the measurement of {} cannot be used", each->name);
    }
    return "no number: no pair of trials has both";
}

std::string ratio_words(const PitfallWay& way, const Estimate& worse) {
    if (way.name == "right") return "1×: the others are compared with it";
    if (!has_interval(worse)) return fmt::format("{} (too few trials to rank)", human_ratio({worse.value}));
    if (worse.low <= 1 && worse.high >= 1) return fmt::format("{}, no difference shown", human_ratio(worse));
    return human_ratio(worse);
}

/// The line under the pitfall's title.
std::string note_of(const PitfallResult& result, const std::optional<Estimate>& worse) {
    const PitfallWay& wrong = result.pitfall.ways.front();
    const std::string measure = metric_label(measure_of(result.pitfall));
    if (worse) {
        const bool shown = has_interval(*worse) && worse->low > 1;
        return fmt::format("wrong: {}{} by {}", ratio_words(wrong, *worse), shown ? " worse" : "", measure);
    }
    if (lost_work(result, wrong)) return fmt::format("wrong: {}", fmt::join(outcomes_of(result, wrong), " "));
    return fmt::format("wrong: {}", why_no_number(result, wrong));
}

Json row_of_way(const PitfallResult& result, const PitfallWay& way) {
    const Pitfall& pitfall = result.pitfall;
    const std::optional<Estimate> worse = times_worse(result, way);
    Json row = Json::object();
    row["pitfall"] = pitfall.name;
    row["title"] = pitfall.title;
    row["strategy"] = way.name;
    row["measure"] = metric_label(measure_of(pitfall));
    row["measured"] = way_text(result, way, measure_of(pitfall), true);
    row["ratio"] = worse ? ratio_words(way, *worse) : why_no_number(result, way);
    row["outcome"] = fmt::format("{}", fmt::join(outcomes_of(result, way), " "));
    row["load"] = fmt::format("{}; {}", describe_load(pitfall.scenario),
                              counted(result.run.scenario.repetitions, "trial"));
    row["value"] = row["low"] = row["high"] = nullptr;
    if (worse) {
        row["value"] = rounded(worse->value);
        row["low"] = rounded(drawn(*worse).low);
        row["high"] = rounded(drawn(*worse).high);
    }
    row["note"] = is_wrong(pitfall, way) ? note_of(result, worse) : "";
    row["lost"] = lost_work(result, way);
    return row;
}

/// The worst first; what has no number follows, and lost work is the last.
std::vector<const PitfallResult*> by_harm(const PitfallsResult& result) {
    std::vector<std::pair<double, const PitfallResult*>> order;
    for (const PitfallResult& each : result.pitfalls) {
        if (each.pitfall.ways.empty()) continue;
        const PitfallWay& wrong = each.pitfall.ways.front();
        const std::optional<Estimate> worse = times_worse(each, wrong);
        const double lost = lost_work(each, wrong) ? std::numeric_limits<double>::max() : 0;
        order.emplace_back(worse ? -worse->value : lost, &each);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<const PitfallResult*> pitfalls;
    pitfalls.reserve(order.size());
    for (const auto& [harm, each] : order) pitfalls.push_back(each);
    return pitfalls;
}

std::string capitalized(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

bool is_usable(const PitfallResult& result, const PitfallWay& way) {
    const Cell* cell = cell_of_way(result, way);
    return cell == nullptr || cell->usable();
}

/// What the harm comes to, where the wrong way shows it: its number, or else what came of its work.
std::string harm_shown(const PitfallResult& result) {
    std::string numbers = harm_in_numbers(result);
    if (!numbers.empty() || result.pitfall.ways.empty()) return numbers;
    return fmt::format("{}", fmt::join(outcomes_of(result, result.pitfall.ways.front()), " "));
}

std::string overview(const PitfallsResult& result) {
    HtmlTable table("What each pitfall costs, and what to do.", {"Pitfall", "Harm", "Measured", "Do"});
    for (const PitfallResult& each : result.pitfalls) {
        table.add_row({each.pitfall.title, fmt::format("{}", fmt::join(each.pitfall.harms, ", ")),
                       harm_shown(each), each.pitfall.advice},
                      !each.run.usable(), "measured wrong");
    }
    return table.text();
}

std::string table_of_ways(const PitfallResult& result) {
    std::vector<std::string> headings{"way"};
    const auto columns = columns_of_pitfall(result.pitfall);
    for (const PitfallColumn& column : columns) headings.push_back(column.full_heading);
    HtmlTable table(describe_load(result.run.scenario), headings);
    for (const PitfallWay& way : result.pitfall.ways) {
        std::vector<std::string> row{way.name};
        for (const PitfallColumn& column : columns) {
            row.push_back(way_text(result, way, column.metric, true));
        }
        table.add_row(row, !is_usable(result, way), "measured wrong");
    }
    return table.text();
}

std::string code_of_ways(const PitfallResult& result) {
    std::string text;
    for (const PitfallWay& way : result.pitfall.ways) {
        const std::string name = escape_html(way.name);
        text += fragment("way", {{"name", name},
                                 {"heading", capitalized(name)},
                                 {"summary", escape_html(way.summary)},
                                 {"code", escape_html(way.code)}});
    }
    return text;
}

/// For each way that has any.
std::string list_by_way(const PitfallResult& result, const std::string& heading,
                        std::vector<std::string> (*sentences_of)(const PitfallResult&, const PitfallWay&)) {
    std::string items;
    for (const PitfallWay& way : result.pitfall.ways) {
        for (const std::string& sentence : sentences_of(result, way)) {
            items += fmt::format("<li><strong>{}:</strong> {}</li>\n", escape_html(way.name),
                                 escape_html(sentence));
        }
    }
    if (items.empty()) return {};
    return fmt::format("<h3>{}</h3>\n<ul class=\"found\">\n{}</ul>\n", escape_html(heading), items);
}

std::string warnings_of(const PitfallResult& result) {
    std::string items;
    for (const PlacedWarning& placed : warnings_by_place(result.run)) {
        if (placed.warning.kind != WarningKind::wrong) continue;
        items += fmt::format("<p class=\"notice\"><strong>{}:</strong> {} ({})</p>\n",
                             result.run.usable() ? "Trials left out" : "Measured wrong",
                             escape_html(placed.warning.message),
                             escape_html(describe_places(placed, placed.places.size())));
    }
    return items;
}

std::string section_of(const PitfallResult& result) {
    const Pitfall& pitfall = result.pitfall;
    std::string harms;
    for (const std::string& harm : pitfall.harms) harms += fmt::format("<li>{}</li>", escape_html(harm));
    std::string numbers = harm_in_numbers(result);
    if (!numbers.empty()) numbers = fmt::format("<p class=\"numbers\">{}</p>\n", escape_html(numbers));
    return fragment("pitfall", {{"name", escape_html(pitfall.name)},
                                {"title", escape_html(pitfall.title)},
                                {"harms", harms},
                                {"harm", escape_html(pitfall.harm)},
                                {"numbers", numbers},
                                {"outcomes", list_by_way(result, "What came of the work", outcomes_of)},
                                {"advice", escape_html(pitfall.advice)},
                                {"warnings", warnings_of(result)},
                                {"ways", code_of_ways(result)},
                                {"table", table_of_ways(result)},
                                {"found", list_by_way(result, "What the detectors found", detectors_said)},
                                {"source", escape_html(pitfall.source)}});
}

std::string notice(const PitfallsResult& result) {
    if (result.interrupted) return fragment("pitfalls-interrupted");
    return result.usable() ? std::string() : fragment("pitfalls-wrong");
}

/// What pitfall_rows.js makes the chart of.
Json pitfalls_shown(const PitfallsResult& result, Json rows) {
    Json shown = {{"page", "pitfalls"},
                  {"captions", Json::object()},
                  {"strategies", {"wrong", "right", "bridged"}},
                  {"colours", {"series-2", "series-3", "series-1"}},  // as the page marks their code
                  {"rows", std::move(rows)}};
    if (result.pitfalls.empty()) return shown;
    const RunResult& run = result.pitfalls.front().run;
    shown["captions"]["pitfalls"] = describe_method(run);
    shown["source"] = fmt::format("asyncbench {}, {}", run.tool_version, run.started_utc);
    return shown;
}

}  // namespace

Json pitfall_rows(const PitfallsResult& result) {
    Json rows = Json::array();
    for (const PitfallResult* each : by_harm(result)) {
        for (const PitfallWay& way : each->pitfall.ways) rows.push_back(row_of_way(*each, way));
    }
    return rows;
}

std::string pitfalls_chart_table(const Json& rows) {
    HtmlTable table("How many times worse than the right way, in trials of the same block.",
                    {"Pitfall", "Way", "Measured by", "Measured", "Times worse", "Came of the work"});
    for (const Json& row : rows) {
        std::vector<std::string> cells;
        for (const char* field : {"title", "strategy", "measure", "measured", "ratio", "outcome"})
            cells.push_back(row[field].get<std::string>());
        table.add_row(cells);
    }
    return table.text();
}

std::string pitfalls_html_report(const PitfallsResult& result) {
    std::string sections;
    for (const PitfallResult& each : result.pitfalls) sections += section_of(each);
    const Json rows = pitfall_rows(result);
    const std::string method =
        result.pitfalls.empty() ? std::string{} : describe_method(result.pitfalls.front().run);
    return fill_template(report_asset("pitfalls.html"),
                         {{"version", escape_html(result.tool_version)},
                          {"started", escape_html(result.started_utc)},
                          {"notice", notice(result)},
                          {"overview", overview(result)},
                          {"pitfalls", sections},
                          {"method", escape_html(method)},
                          {"command", escape_html(result.command)},
                          {"environment", environment_table(result.environment)},
                          {"chart_table", pitfalls_chart_table(rows)},
                          {"data", packed_data(pitfalls_shown(result, rows), pitfalls_json_report(result))},
                          {"first_script", inline_scripts().first},
                          {"scripts", inline_scripts().last},
                          {"script_source", inline_scripts().sources},
                          {"style", std::string(report_asset("page.css"))},
                          {"pitfalls_style", std::string(report_asset("pitfalls.css"))}});
}

}  // namespace asyncbench
