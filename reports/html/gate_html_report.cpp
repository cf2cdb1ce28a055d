#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/gate_report.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/gate_charts.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

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
    std::vector<std::string> headings{"Subject", "Metric", "Ratio", "Base", "Head", "Pairs"};
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
        if (any_confirmed) cells.push_back(line->confirmation ? ratio_text(*line->confirmation) : "–");
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

/// Written open, for readers without script; report.js folds it.
std::string folded(const std::string& summary, const std::string& tables) {
    if (tables.empty()) return {};
    return fmt::format("<details class=\"fold\" open><summary>{}</summary>\n{}</details>\n",
                       escape_html(summary), tables);
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
    return fmt::format(
        "<figure>\n<h3>Drift of the control</h3>\n<div class=\"chart\" data-chart=\"drift\"></div>\n"
        "<figcaption>{} <details class=\"how\"><summary>How to read this</summary>\n<p>The control is the "
        "same in both "
        "arms, so that what moves it is the machine. Only the ratio within its pairs decides whether it "
        "moved; a slow drift meets both arms alike.</p></details></figcaption>\n</figure>",
        escape_html(describe_control(result)));
}

std::string scenario_of(const GateResult& result) {
    if (result.shape == GateShape::files) return {};
    return fmt::format("<div class=\"table\">\n{}\n</div>", scenario_table(result.scenario));
}

}  // namespace

std::string gate_html_report(const GateResult& result) {
    const std::string headline = gate_headline(result);
    const auto colon = headline.find(": ");
    return fill_template(report_asset("gate.html"),
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
                          {"left_out", gate_chart_left_out(result)},
                          {"drift", drift_figure(result)},
                          {"disturbances", disturbances(result)},
                          {"method", escape_html(describe_decision(result))},
                          {"rules", rules_table(result)},
                          {"command", escape_html(result.command)},
                          {"scenario", scenario_of(result)},
                          {"environment", environment_table(result.environment)},
                          {"result_packed", packed(gate_json_report(result))},
                          {"chart_packed", packed_chart_data(gate_chart_data(result))},
                          {"style", page_style()},
                          {"gate_style", std::string(report_asset("gate.css"))},
                          {"first_script", inline_scripts().first},
                          {"scripts", inline_scripts().last},
                          {"script_source", inline_scripts().sources}});
}

}  // namespace asyncbench
