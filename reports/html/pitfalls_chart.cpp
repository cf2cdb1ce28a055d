#include "reports/html/pitfalls_chart.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/text_lines.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"
#include "reports/text/pitfall_text.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t symbol_pixels = 36;  ///< of a row, below its words
constexpr std::size_t words_pixels = 32;
constexpr std::size_t words_line_pixels = 15;
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

/// Title and note as a narrow page has them, on the row that has the note.
void add_lines(Json& row) {
    if (row["note"].get_ref<const std::string&>().empty()) return;
    row["lines"] = text_lines(row["title"].get<std::string>(), narrow_columns);
    for (std::string& line : text_lines(row["note"].get<std::string>(), narrow_columns))
        row["lines"].push_back(std::move(line));
}

/// Pages less wide have no room for the longest of title and note beside the axis.
std::size_t narrow_below(const Json& rows) {
    constexpr std::size_t letter_pixels = 8;
    constexpr std::size_t beside = 80;
    std::size_t longest = 0;
    for (const Json& row : rows) {
        for (const char* field : {"title", "note"})
            longest = std::max(longest, columns_of(row[field].get_ref<const std::string&>()));
    }
    return longest * letter_pixels + beside;
}

/// What the words of every row have room for on a narrow page.
std::size_t narrow_words_pixels(const Json& rows) {
    std::size_t most = 0;
    for (const Json& row : rows)
        if (row.contains("lines")) most = std::max(most, row["lines"].size());
    return std::max(words_pixels, most * words_line_pixels);
}

void add_ways(Json& sets, const PitfallResult& pitfall) {
    for (const PitfallWay& way : pitfall.pitfall.ways) {
        Json row = row_of_way(pitfall, way);
        add_lines(row);
        if (!row["value"].is_null()) sets["drawn"].push_back(row);
        if (lost_work(pitfall, way)) {
            sets["lost"].push_back(row);
            sets["lost"].back()["from"] = 1;
        }
        sets["pitfalls"].push_back(std::move(row));
    }
}

}  // namespace

Json pitfalls_chart_data(const PitfallsResult& result) {
    Json data = Json::object();
    data["captions"] = Json::object();
    if (!result.pitfalls.empty()) {
        const RunResult& run = result.pitfalls.front().run;
        data["captions"]["pitfalls"] = describe_method(run);
        data["source"] = fmt::format("asyncbench {}, {}", run.tool_version, run.started_utc);
    }
    data["strategies"] = {"wrong", "right", "bridged"};
    data["colours"] = {"series-2", "series-3", "series-1"};  // as the page marks their code
    data["levels"] = Json::array();
    data["charts"] = Json::object();
    data["datasets"] = Json::object();
    Json& sets = data["datasets"];  // stays where it is: nothing more is added to `data`
    for (const char* name : {"pitfalls", "drawn", "lost"}) sets[name] = Json::array();
    const std::vector<const PitfallResult*> pitfalls = by_harm(result);
    for (const PitfallResult* each : pitfalls) add_ways(sets, *each);
    Json& chart = data["charts"]["pitfalls"];
    chart = chart_specification("pitfalls");
    chart["height"] = pitfalls.size() * (words_pixels + symbol_pixels);
    const std::size_t narrow_words = narrow_words_pixels(sets["pitfalls"]);
    chart["usermeta"]["narrow"] = {{"below", narrow_below(sets["pitfalls"])},
                                   {"words", narrow_words},
                                   {"height", pitfalls.size() * (narrow_words + symbol_pixels)}};
    leave_out_empty_layers(chart, sets);
    return data;
}

std::string pitfalls_chart_table(const Json& chart_data) {
    HtmlTable table("How many times worse than the right way, in trials of the same block.",
                    {"Pitfall", "Way", "Measured by", "Measured", "Times worse", "Came of the work"});
    for (const Json& row : chart_data["datasets"]["pitfalls"]) {
        std::vector<std::string> cells;
        for (const char* field : {"title", "strategy", "measure", "measured", "ratio", "outcome"})
            cells.push_back(row[field].get<std::string>());
        table.add_row(cells);
    }
    return table.text();
}

}  // namespace asyncbench
