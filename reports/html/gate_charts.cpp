#include "reports/html/gate_charts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/trial/metric.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/text_lines.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"

namespace asyncbench {
namespace {

constexpr double line_pixels = 15;
constexpr double strip_pixels = 30;
constexpr double between_pixels = 8;

/// A strip of the chart, in pixels from above; over it stand its words, in several lines where a page is
/// narrow.
struct Strip {
    const GateLine& line;
    std::string name;
    std::vector<std::string> words = {};
    double top = 0;
    double bottom = 0;
};

/// `FAIL`, `PASS`, ... or `information`: what colours go by.
std::string verdict_of(const GateLine& line) {
    return std::string(!line.decides() ? "information" : name_of(line.verdict));
}

Json row_of(const Strip& strip) {
    const GateLine& line = strip.line;
    Json row = Json::object();
    row["line"] = strip.name;
    row["label"] = fmt::format("{} · {} · {}", verdict_text(line), strip.name, ratio_text(line.ratio));
    row["lines"] = strip.words;
    row["top"] = strip.top;
    row["bottom"] = strip.bottom;
    row["value"] = line.ratio.value;
    row["low"] = drawn(line.ratio).low;
    row["high"] = drawn(line.ratio).high;
    row["base"] = absolute_text(line.rule.metric, line.base);
    row["head"] = absolute_text(line.rule.metric, line.head);
    row["ratio"] = ratio_text(line.ratio);
    row["verdict"] = verdict_of(line);
    row["verdict_text"] = verdict_text(line);
    return row;
}

void add_pairs(Json& rows, const Strip& strip) {
    const auto& ratios = strip.line.ratios;
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        if (!(ratios[i] > 0)) continue;  // nothing that a logarithmic axis could show
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(ratios.size());
        Json row = Json::object();
        row["line"] = strip.name;
        row["pair"] = i + 1;
        row["ratio"] = ratios[i];
        row["place"] = strip.top + share * (strip.bottom - strip.top);
        row["verdict"] = verdict_of(strip.line);
        rows.push_back(std::move(row));
    }
}

void add_limits(Json& rows, const Strip& strip) {
    const MetricRule& rule = strip.line.rule;
    if (!strip.line.decides()) return;
    const bool falls = metric_kind(rule.metric).better == Better::higher;
    const auto add = [&](const char* kind, double tolerance) {
        rows.push_back({{"kind", kind},
                        {"value", falls ? 1 / (1 + tolerance) : 1 + tolerance},
                        {"top", strip.top},
                        {"bottom", strip.bottom}});
    };
    add("fails", rule.tolerance.fail_from);
    if (rule.tolerance.pass_below != rule.tolerance.fail_from) add("passes", rule.tolerance.pass_below);
}

/// What fails first, what decides nothing last; otherwise as measured.
std::vector<const GateLine*> by_weight(const GateResult& result) {
    const auto weight = [](const GateLine* line) {
        if (!line->decides()) return 3;
        return line->verdict == Verdict::fail ? 0 : line->verdict == Verdict::inconclusive ? 1 : 2;
    };
    std::vector<const GateLine*> lines;
    lines.reserve(result.lines.size());
    for (const GateLine& line : result.lines) lines.push_back(&line);
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const auto* one, const auto* other) { return weight(one) < weight(other); });
    return lines;
}

/// A logarithmic axis has no place for others.
bool is_drawable(const Estimate& ratio) {
    return ratio.value > 0 && ratio.low > 0 && std::isfinite(ratio.high);
}

std::string line_name(const GateResult& result, const GateLine& line) {
    return fmt::format("{}: {}", subject_name(result, line.subject), metric_label(line.rule.metric));
}

Strip strip_of(const GateResult& result, const GateLine& line, double above) {
    Strip strip{.line = line, .name = line_name(result, line)};
    strip.words = text_lines(fmt::format("{} · {}", verdict_text(line), strip.name), narrow_columns);
    strip.words.push_back(ratio_text(line.ratio));
    strip.top = above + static_cast<double>(strip.words.size()) * line_pixels + between_pixels;
    strip.bottom = strip.top + strip_pixels;
    return strip;
}

/// `20 to 80`, or one of them where both read alike.
std::string span_text(const std::string& least, const std::string& most) {
    return least == most ? most : fmt::format("{} to {}", least, most);
}

Json drift_rows(const GateResult& result) {
    Json rows = Json::array();
    if (!result.control) return rows;
    for (const double value : result.control->drift)
        rows.push_back({{"trial", rows.size() + 1}, {"value", value}});
    return rows;
}

std::string left_out_sentence(const GateResult& result) {
    std::vector<std::string> names;
    for (const GateLine* line : by_weight(result)) {
        const auto pairs = std::count_if(line->ratios.begin(), line->ratios.end(),
                                         [](double ratio) { return !(ratio > 0); });
        if (is_drawable(line->ratio) && pairs == 0) continue;
        if (is_drawable(line->ratio)) {
            names.push_back(fmt::format("{} of {}", counted(static_cast<std::uint64_t>(pairs), "pair"),
                                        line_name(result, *line)));
            continue;
        }
        names.push_back(fmt::format("{} ({} to {}, {})", line_name(result, *line),
                                    absolute_text(line->rule.metric, line->base),
                                    absolute_text(line->rule.metric, line->head), verdict_text(*line)));
    }
    if (names.empty()) return {};
    return fmt::format("Left out: {}. A ratio that is 0 or unknown has no place on this axis.",
                       fmt::join(names, "; "));
}

}  // namespace

Json gate_chart_data(const GateResult& result) {
    Json data = Json::object();
    data["captions"] = {{"ratios", gate_chart_caption(result)}, {"drift", describe_control(result)}};
    if (const std::string sentence = left_out_sentence(result); !sentence.empty())
        data["left_out"]["ratios"] = Json::array({sentence});
    data["source"] = fmt::format("asyncbench {}, {}", result.tool_version, result.started_utc);
    data["strategies"] = Json::array();
    data["levels"] = Json::array();
    data["charts"] = Json::object();
    data["datasets"] = Json::object();
    Json& sets = data["datasets"];  // stays where it is: nothing more is added to `data`
    for (const char* name : {"ratios", "pairs", "limits"}) sets[name] = Json::array();
    double height = 0;
    for (const GateLine* each : by_weight(result)) {
        const GateLine& line = *each;
        if (!is_drawable(line.ratio)) continue;
        const Strip strip = strip_of(result, line, height);
        sets["ratios"].push_back(row_of(strip));
        add_pairs(sets["pairs"], strip);
        add_limits(sets["limits"], strip);
        height = strip.bottom + between_pixels;
    }
    sets["drift"] = drift_rows(result);
    Json& charts = data["charts"];
    charts["ratios"] = chart_specification("gate-ratios");
    charts["ratios"]["height"] = std::lround(height);
    charts["ratios"]["encoding"]["y"]["scale"]["domain"] = {0, height};
    leave_out_empty_layers(charts["ratios"], sets);
    charts["drift"] = chart_specification("gate-drift");
    return data;
}

std::string gate_chart_caption(const GateResult& result) {
    std::vector<std::size_t> pairs;
    std::vector<double> confidences;
    for (const GateLine& line : result.lines) {
        if (!is_drawable(line.ratio)) continue;
        pairs.push_back(line.pairs);
        if (has_interval(line.ratio)) confidences.push_back(line.ratio.confidence);
    }
    std::string text = describe_gate(result);
    if (pairs.empty()) return text;
    const auto [fewest, most] = std::minmax_element(pairs.begin(), pairs.end());
    text += fmt::format(" {} pairs a metric", span_text(human_count(*fewest), human_count(*most)));
    if (!confidences.empty()) {
        const auto [low, high] = std::minmax_element(confidences.begin(), confidences.end());
        text +=
            fmt::format("; intervals of {} confidence", span_text(human_percent(*low), human_percent(*high)));
    }
    return text + ".";
}

std::string gate_chart_left_out(const GateResult& result) {
    const std::string sentence = left_out_sentence(result);
    return sentence.empty() ? sentence : fmt::format("<p class=\"left-out\">{}</p>\n", escape_html(sentence));
}

}  // namespace asyncbench
