#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/gate_report.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"

namespace asyncbench {
namespace {

std::string tone_of(const GateResult& result) {
    if (!result.failure.empty() || !result.usable() || result.verdict() == Verdict::fail) return "fail";
    return result.verdict() == Verdict::pass ? "pass" : "open";
}

enum class Shown { open, passing, information };

Shown place_of(const GateLine& line) {
    if (!line.decides()) return Shown::information;
    return line.verdict == Verdict::pass ? Shown::passing : Shown::open;
}

Shown place_of(const BudgetLine& line) {
    return line.verdict == Verdict::pass ? Shown::passing : Shown::open;
}

/// The lines or budgets that stand in one place.
template <typename Line>
std::vector<const Line*> those_in(const std::vector<Line>& lines, Shown place) {
    std::vector<const Line*> found;
    for (const Line& line : lines) {
        if (place_of(line) == place) found.push_back(&line);
    }
    return found;
}

std::string table_of(const GateResult& result, const std::vector<const GateLine*>& lines,
                     const char* caption) {
    if (lines.empty()) return {};
    const bool any_confirmed = std::any_of(lines.begin(), lines.end(),
                                           [](const auto* line) { return line->confirmation.has_value(); });
    std::string ratio(ratio_heading(result.shape));
    ratio.front() = 'M';
    std::vector<std::string> headings{"Subject", "Metric", ratio, "Base", "Head", "Pairs"};
    if (any_confirmed) headings.emplace_back("Confirmed by");
    headings.insert(headings.end(), {"Verdict", "Reason"});
    HtmlTable table(caption, headings);
    for (const GateLine* line : lines) {
        const std::string& metric = line->rule.metric;
        const bool fails = place_of(*line) == Shown::open && line->verdict == Verdict::fail;
        std::vector<std::string> cells{subject_name(result, line->subject),
                                       metric_label(metric),
                                       ratio_text(line->ratio),
                                       absolute_text(metric, line->base),
                                       absolute_text(metric, line->head),
                                       fmt::format("{}", line->pairs)};
        if (any_confirmed) cells.push_back(line->confirmation ? ratio_text(*line->confirmation) : no_value);
        cells.insert(cells.end(), {verdict_text(*line), line->reason});
        table.add_row(cells, fails, "FAIL");
    }
    return fmt::format("<div class=\"table wide words checks\">\n{}\n</div>\n", table.text());
}

std::string table_of(const GateResult& result, const std::vector<const BudgetLine*>& budgets) {
    if (budgets.empty()) return {};
    HtmlTable table("Budgets, which head must hold by itself.",
                    {"Subject", "Budget", "Head", "Verdict", "Reason"});
    for (const BudgetLine* line : budgets) {
        table.add_row({subject_name(result, line->subject), line->budget.text,
                       absolute_text(line->budget.metric, line->value), std::string(name_of(line->verdict)),
                       line->reason},
                      line->verdict == Verdict::fail, "FAIL");
    }
    return fmt::format("<div class=\"table wide words budgets\">\n{}\n</div>\n", table.text());
}

std::string passing_summary(const std::vector<const GateLine*>& lines,
                            const std::vector<const BudgetLine*>& budgets) {
    const auto better =
        std::count_if(lines.begin(), lines.end(), [](const auto* line) { return line->improved; });
    std::vector<std::string> parts;
    if (!lines.empty())
        parts.push_back(counted(lines.size(), "check") + (lines.size() == 1 ? " passes" : " pass"));
    if (better > 0) parts.push_back(fmt::format("{} of them better", better));
    if (!budgets.empty())
        parts.push_back(counted(budgets.size(), "budget") + (budgets.size() == 1 ? " holds" : " hold"));
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// What fails or is open stands in sight, the rest is folded.
std::string checks(const GateResult& result) {
    const auto passing = those_in(result.lines, Shown::passing);
    const auto holding = those_in(result.budgets, Shown::passing);
    const auto information = those_in(result.lines, Shown::information);
    return table_of(result, those_in(result.lines, Shown::open), "Checks that do not pass.") +
           table_of(result, those_in(result.budgets, Shown::open)) +
           folded(passing_summary(passing, holding),
                  table_of(result, passing, "Checks that pass.") + table_of(result, holding)) +
           folded(counted(information.size(), "metric") + " for information, which decide nothing",
                  table_of(result, information, "For information."));
}

std::string rules_table(const GateResult& result) {
    HtmlTable table("What decides.", {"Metric", "Rule"});
    for (const MetricRule& rule : result.rules.metrics) {
        table.add_row(
            {rule.metric, rule.lane == Lane::information ? "for information" : describe(rule.tolerance)});
    }
    return table.text();
}

std::string disturbances(const GateResult& result) {
    std::string items;
    for (const std::string& text : gate_disturbances(result))
        items += fmt::format("<li>{}</li>\n", escape_html(text));
    for (const Warning& warning : result.warnings) items += warning_item(warning);
    return items.empty() ? "<p>Nothing that was seen.</p>" : fmt::format("<ul>\n{}</ul>", items);
}

std::string drift_figure(const GateResult& result) {
    if (!result.control) return {};
    return fragment("drift-of-control", {{"control", escape_html(describe_control(result))}});
}

std::string scenario_of(const GateResult& result) {
    if (result.shape == GateShape::files) return {};
    return fmt::format("<div class=\"table\">\n{}\n</div>", scenario_table(result.scenario));
}

/// `FAIL`, `PASS`, ... or `information`: what colours go by.
std::string verdict_of(const GateLine& line) {
    return std::string(!line.decides() ? "information" : name_of(line.verdict));
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

/// Where the line fails, and below which it passes, as ratios.
Json limits_of(const GateLine& line) {
    Json limits = Json::array();
    const MetricRule& rule = line.rule;
    if (!line.decides()) return limits;
    const bool falls = metric_kind(rule.metric).better == Better::higher;
    const auto add = [&](const char* kind, double tolerance) {
        limits.push_back({{"kind", kind}, {"value", falls ? 1 / (1 + tolerance) : 1 + tolerance}});
    };
    add("fails", rule.tolerance.fail_from);
    if (rule.tolerance.pass_below != rule.tolerance.fail_from) add("passes", rule.tolerance.pass_below);
    return limits;
}

/// A strip of the chart: `of` is the line's place in the result's.
Json strip_of(const GateResult& result, const GateLine& line) {
    return {{"of", &line - result.lines.data()},
            {"name", line_name(result, line)},
            {"verdict", verdict_of(line)},
            {"verdict_text", verdict_text(line)},
            {"base", absolute_text(line.rule.metric, line.base)},
            {"head", absolute_text(line.rule.metric, line.head)},
            {"ratio", ratio_text(line.ratio)},
            {"limits", limits_of(line)}};
}

/// What the chart of ratios does not draw, and why; empty where it draws every line and pair.
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

/// What the numbers of the chart of ratios hold for: the load, how many pairs, the confidence of the
/// intervals.
std::string gate_chart_caption(const GateResult& result) {
    std::vector<std::size_t> pairs;
    std::vector<Estimate> ratios;
    for (const GateLine& line : result.lines) {
        if (!is_drawable(line.ratio)) continue;
        pairs.push_back(line.pairs);
        ratios.push_back(line.ratio);
    }
    std::string text = describe_gate(result);
    if (pairs.empty()) return text;
    const auto [fewest, most] = std::minmax_element(pairs.begin(), pairs.end());
    text += fmt::format(" {} pairs a metric", span_text(human_count(*fewest), human_count(*most)));
    const std::string confidence = confidence_text(ratios);
    if (!confidence.empty()) text += fmt::format("; intervals of {} confidence", confidence);
    return text + ".";
}

/// What gate_rows.js makes the charts of, beside the result.
Json gate_shown(const GateResult& result, const std::string& left_out) {
    Json shown = {{"page", "gate"},
                  {"captions", {{"ratios", gate_chart_caption(result)}, {"drift", describe_control(result)}}},
                  {"source", fmt::format("asyncbench {}, {}", result.tool_version, result.started_utc)},
                  {"strategies", Json::array()},
                  {"least_confidence", least_confidence_to_rank},
                  {"lines", Json::array()}};
    if (!left_out.empty()) shown["left_out"]["ratios"] = {left_out};
    for (const GateLine* line : by_weight(result))
        if (is_drawable(line->ratio)) shown["lines"].push_back(strip_of(result, *line));
    return shown;
}

}  // namespace

std::string gate_html_report(const GateResult& result) {
    const std::string headline = gate_headline(result);
    const auto colon = headline.find(": ");
    const std::string left_out = left_out_sentence(result);
    return fill_template(
        report_asset("gate.html"),
        {{"verdict", escape_html(headline.substr(0, colon))},
         {"finding", escape_html(headline.substr(colon + 2))},
         {"tone", tone_of(result)},
         {"version", escape_html(result.tool_version)},
         {"started", escape_html(result.started_utc)},
         {"what", escape_html(describe_gate(result))},
         {"checks", checks(result)},
         {"control", escape_html(describe_control(result))},
         {"advice", paragraphs(gate_advice(result))},
         {"chart_caption", escape_html(gate_chart_caption(result))},
         {"left_out",
          left_out.empty() ? "" : fmt::format("<p class=\"left-out\">{}</p>\n", escape_html(left_out))},
         {"drift", drift_figure(result)},
         {"disturbances", disturbances(result)},
         {"method", escape_html(describe_decision(result))},
         {"rules", rules_table(result)},
         {"command", escape_html(result.command)},
         {"scenario", scenario_of(result)},
         {"environment", environment_table(result.environment)},
         {"data", packed_data(gate_shown(result, left_out), gate_json_report(result))},
         {"style", std::string(report_asset("page.css"))},
         {"gate_style", std::string(report_asset("gate.css"))},
         {"first_script", inline_scripts().first},
         {"scripts", inline_scripts().last},
         {"script_source", inline_scripts().sources}});
}

}  // namespace asyncbench
