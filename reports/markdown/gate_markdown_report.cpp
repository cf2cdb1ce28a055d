#include <fmt/format.h>

#include <string>
#include <vector>

#include "reports/gate_report.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

std::string lines_table(const GateResult& result) {
    using enum MarkdownTable::Align;
    MarkdownTable table;
    for (const char* heading : {"subject", "metric"}) table.add_column(heading, left);
    for (const char* heading : {"base", "head", "ratio"}) table.add_column(heading);
    for (const char* heading : {"verdict", "reason"}) table.add_column(heading, left);
    for (const GateLine& line : result.lines) {
        const std::string& metric = line.rule.metric;
        table.add_row({subject_name(result, line.subject), metric_label(metric),
                       absolute_text(metric, line.base), absolute_text(metric, line.head),
                       ratio_text(line.ratio), verdict_text(line), line.reason});
    }
    return table.text();
}

std::string budgets_table(const GateResult& result) {
    using enum MarkdownTable::Align;
    MarkdownTable table;
    for (const char* heading : {"subject", "budget"}) table.add_column(heading, left);
    table.add_column("head");
    for (const char* heading : {"verdict", "reason"}) table.add_column(heading, left);
    for (const BudgetLine& line : result.budgets) {
        table.add_row({subject_name(result, line.subject), line.budget.text,
                       absolute_text(line.budget.metric, line.value), std::string(name_of(line.verdict)),
                       line.reason});
    }
    return table.text();
}

std::string disturbances(const GateResult& result) {
    std::string text;
    for (const std::string& each : gate_disturbances(result))
        text += fmt::format("- {}\n", escape_markdown(each));
    for (const Warning& warning : result.warnings) {
        text += fmt::format("- {}{}: {}\n", warning.kind == WarningKind::wrong ? "**wrong** " : "",
                            escape_markdown(warning.code), escape_markdown(warning.message));
    }
    return text.empty() ? text : "\n" + text;
}

std::string details(const GateResult& result) {
    std::string text = "\n<details><summary>How it was measured</summary>\n\n" +
                       escape_markdown(describe_gate(result)) + "\n\n" +
                       escape_markdown(describe_decision(result)) + "\n";
    for (const MetricRule& rule : result.rules.metrics) {
        if (rule.lane == Lane::information) continue;
        text += fmt::format("\n- {}: {}", escape_markdown(metric_label(rule.metric)),
                            escape_markdown(describe(rule.tolerance)));
    }
    return text + fmt::format("\n\nRepeat it: {}\n\n</details>\n", code_markdown(result.command));
}

}  // namespace

std::string gate_markdown_report(const GateResult& result) {
    std::string text = fmt::format("### asyncbench gate\n\n**{}**\n", escape_markdown(gate_headline(result)));
    if (!result.lines.empty()) text += "\n" + lines_table(result);
    if (!result.budgets.empty()) text += "\n" + budgets_table(result);
    const std::string control = describe_control(result);
    if (!control.empty()) text += "\n" + escape_markdown(control) + "\n";
    text += disturbances(result);
    for (const std::string& advice : gate_advice(result)) text += "\n" + escape_markdown(advice) + "\n";
    return text + details(result);
}

}  // namespace asyncbench
