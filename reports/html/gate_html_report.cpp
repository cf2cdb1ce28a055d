#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/gate_report.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/gate_charts.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

std::string tone_of(const GateResult& result) {
    if (!result.failure.empty() || !result.valid() || result.verdict() == Verdict::fail) return "fail";
    return result.verdict() == Verdict::pass ? "pass" : "open";
}

std::string lines_table(const GateResult& result) {
    HtmlTable table(
        "Medians with their intervals in brackets; the ratio is head over base, the median of pairs where "
        "there are any.",
        {"Subject", "Metric", "Base", "Head", "Ratio", "Pairs", "Confirmed by", "Verdict", "Reason"});
    for (const GateLine& line : result.lines) {
        const std::string& metric = line.rule.metric;
        const bool fails = line.rule.lane != Lane::information && line.verdict == Verdict::fail;
        table.add_row(
            {subject_name(result, line.subject), metric_label(metric), absolute_text(metric, line.base),
             absolute_text(metric, line.head), ratio_text(line.ratio), fmt::format("{}", line.pairs),
             line.confirmation ? ratio_text(*line.confirmation) : "–", verdict_text(line), line.reason},
            fails, "FAIL");
    }
    return table.text();
}

std::string budgets_table(const GateResult& result) {
    if (result.budgets.empty()) return {};
    HtmlTable table("Budgets, which head must hold by itself.",
                    {"Subject", "Budget", "Head", "Verdict", "Reason"});
    for (const BudgetLine& line : result.budgets) {
        table.add_row(
            {subject_name(result, line.subject), line.budget.text,
             absolute_text(line.budget.metric, line.value), std::string(name_of(line.verdict)), line.reason},
            line.verdict == Verdict::fail, "FAIL");
    }
    return table.text();
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
                          {"lines", lines_table(result)},
                          {"budgets", budgets_table(result)},
                          {"control", escape_html(describe_control(result))},
                          {"advice", paragraphs(gate_advice(result))},
                          {"drift", drift_figure(result)},
                          {"disturbances", disturbances(result)},
                          {"method", escape_html(describe_decision(result))},
                          {"rules", rules_table(result)},
                          {"command", escape_html(result.command)},
                          {"scenario", scenario_of(result)},
                          {"environment", environment_table(result.environment)},
                          {"result_gzip", gzip_base64(gate_json_report(result))},
                          {"chart_gzip", packed_chart_data(gate_chart_data(result))},
                          {"style", page_style()},
                          {"gate_style", std::string(report_asset("gate.css"))},
                          {"scripts", page_scripts()}});
}

}  // namespace asyncbench
