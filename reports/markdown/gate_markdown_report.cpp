#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/gate_report.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

/// What decides the verdict comes first: FAIL, INCONCLUSIVE, what got better, PASS, what decides nothing.
int rank_of(const GateLine& line) {
    if (!line.decides()) return 4;
    if (line.verdict == Verdict::fail) return 0;
    if (line.verdict == Verdict::inconclusive) return 1;
    return line.improved ? 2 : 3;
}

/// In the order of the result where two count alike.
std::vector<const GateLine*> worst_first(const std::vector<GateLine>& lines) {
    std::vector<const GateLine*> sorted;
    for (const GateLine& line : lines) sorted.push_back(&line);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const GateLine* a, const GateLine* b) { return rank_of(*a) < rank_of(*b); });
    return sorted;
}

MarkdownTable lines_table(const GateResult& result) {
    using enum MarkdownTable::Align;
    MarkdownTable table;
    for (const char* heading : {"subject", "metric"}) table.add_column(heading, left);
    for (const char* heading : {"base", "head"}) table.add_column(heading);
    table.add_column(ratio_heading(result.shape));
    for (const char* heading : {"verdict", "reason"}) table.add_column(heading, left);
    for (const GateLine* line : worst_first(result.lines)) {
        const std::string& metric = line->rule.metric;
        table.add_row(
            {subject_name(result, line->subject), metric_label(metric), absolute_text(metric, line->base),
             absolute_text(metric, line->head), ratio_text(line->ratio), verdict_text(*line), line->reason},
            verdict_text(*line));
    }
    return table;
}

MarkdownTable budgets_table(const GateResult& result) {
    using enum MarkdownTable::Align;
    MarkdownTable table;
    for (const char* heading : {"subject", "budget"}) table.add_column(heading, left);
    table.add_column("head");
    for (const char* heading : {"verdict", "reason"}) table.add_column(heading, left);
    std::vector<const BudgetLine*> lines;
    for (const BudgetLine& line : result.budgets) lines.push_back(&line);
    // Broken ones first, then those that are open.
    const auto rank = [](const BudgetLine* line) {
        return line->verdict == Verdict::fail ? 0 : line->verdict == Verdict::inconclusive ? 1 : 2;
    };
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const BudgetLine* a, const BudgetLine* b) { return rank(a) < rank(b); });
    for (const BudgetLine* line : lines) {
        table.add_row({subject_name(result, line->subject), line->budget.text,
                       absolute_text(line->budget.metric, line->value), std::string(name_of(line->verdict)),
                       line->reason},
                      name_of(line->verdict));
    }
    return table;
}

/// Warnings that are wrong come first.
std::vector<std::string> disturbances(const GateResult& result) {
    std::vector<std::string> items;
    for (const bool wrong : {true, false}) {
        for (const Warning& warning : result.warnings) {
            if ((warning.kind == WarningKind::wrong) != wrong) continue;
            items.push_back(fmt::format("{}{}: {}", wrong ? "**wrong** " : "", escape_markdown(warning.code),
                                        escape_markdown(warning.message)));
        }
        if (!wrong) continue;
        for (const std::string& each : gate_disturbances(result)) items.push_back(escape_markdown(each));
    }
    return items;
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
    MarkdownDocument document;
    const auto add = [&document](const MarkdownTable& table) {
        document.add("\n");
        document.add(table);
    };
    document.add(fmt::format("### asyncbench gate\n\n**{}**\n", escape_markdown(gate_headline(result))));
    if (!result.lines.empty()) add(lines_table(result));
    if (!result.budgets.empty()) add(budgets_table(result));
    const std::string control = describe_control(result);
    if (!control.empty()) document.add("\n" + escape_markdown(control) + "\n");
    if (const auto items = disturbances(result); !items.empty()) {
        document.add("\n");
        document.add_list(items);
    }
    for (const std::string& advice : gate_advice(result)) document.add("\n" + escape_markdown(advice) + "\n");
    document.add(details(result));
    return document.text();
}

}  // namespace asyncbench
