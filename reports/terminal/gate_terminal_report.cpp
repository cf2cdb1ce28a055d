#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/gate_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// A row of the table, or what stands below it where it does not fit.
struct Row {
    std::size_t subject = 0;
    std::vector<std::string> cells;
    std::string reason;
    Tone tone = Tone::plain;
};

Tone tone_of(Verdict verdict) {
    if (verdict == Verdict::fail) return Tone::bad;
    return verdict == Verdict::inconclusive ? Tone::note : Tone::plain;
}

std::string value_text(std::string_view metric, const Estimate& estimate) {
    return std::isfinite(estimate.value) ? human_metric(metric, estimate.value) : no_value;
}

Row row_of(const GateLine& line) {
    const std::string& metric = line.rule.metric;
    Row row;
    row.subject = line.subject;
    row.cells = {printable(metric_label(metric)), value_text(metric, line.base),
                 value_text(metric, line.head), ratio_text(line.ratio), verdict_text(line)};
    row.reason = line.reason;
    if (line.decides()) row.tone = tone_of(line.verdict);
    return row;
}

Row row_of(const BudgetLine& line) {
    Row row;
    row.subject = line.subject;
    row.cells = {printable(line.budget.text), "", value_text(line.budget.metric, line.value), "",
                 std::string(name_of(line.verdict))};
    row.reason = line.reason;
    row.tone = tone_of(line.verdict);
    return row;
}

/// By subject, in each the metrics before the budgets.
std::vector<Row> rows_of(const GateResult& result) {
    std::vector<Row> rows;
    rows.reserve(result.lines.size() + result.budgets.size());
    for (const GateLine& line : result.lines) rows.push_back(row_of(line));
    for (const BudgetLine& line : result.budgets) rows.push_back(row_of(line));
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& one, const Row& other) { return one.subject < other.subject; });
    return rows;
}

Table table_of(GateShape shape, const std::vector<Row>& rows, bool with_reasons) {
    Table table;
    table.add_column("metric", Table::Align::left);
    table.add_column("base");
    table.add_column("head");
    table.add_column(std::string(ratio_heading(shape)));
    table.add_column("verdict", Table::Align::left);
    if (with_reasons) table.add_column("reason", Table::Align::left);
    for (const Row& row : rows) {
        std::vector<std::string> cells = row.cells;
        if (with_reasons) cells.push_back(printable(row.reason));
        table.add_row(std::move(cells));
    }
    return table;
}

/// Whether a later row of the cell says the same; the cell's rows stand together.
bool is_told_below(const std::vector<Row>& rows, std::size_t i) {
    for (std::size_t later = i + 1; later < rows.size() && rows[later].subject == rows[i].subject; ++later) {
        if (rows[later].tone != Tone::plain && rows[later].reason == rows[i].reason) return true;
    }
    return false;
}

/// The reasons stand in the table where it has room for them; else below the rows that do not simply pass,
/// once for rows that share one.
void write_table(Writer& out, const GateResult& result) {
    const auto rows = rows_of(result);
    if (rows.empty()) return;
    Table table = table_of(result.shape, rows, true);
    const bool with_reasons = table.width() + report_indent <= out.width();
    if (!with_reasons) table = table_of(result.shape, rows, false);
    const auto lines = table.lines();
    const std::string margin(report_indent, ' ');
    out.line("");
    out.line(margin + lines.front(), Tone::heading);
    std::optional<std::size_t> subject;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (subject != rows[i].subject)
            out.line(printable(subject_name(result, rows[i].subject)), Tone::heading);
        subject = rows[i].subject;
        out.line(margin + lines[i + 1], rows[i].tone);
        if (!with_reasons && rows[i].tone != Tone::plain && !is_told_below(rows, i))
            out.paragraph(rows[i].reason, rows[i].tone, 2 * report_indent, 2 * report_indent);
    }
    out.line("");
}

void write_disturbances(Writer& out, const GateResult& result) {
    const std::string control = describe_control(result);
    if (!control.empty()) out.paragraph(control, result.control->moved ? Tone::bad : Tone::plain);
    for (const std::string& text : gate_disturbances(result))
        out.paragraph(fmt::format("- {}", text), Tone::note, 2);
    for (const Warning& warning : result.warnings) {
        out.paragraph(fmt::format("{} {}: {}", warning.kind == WarningKind::wrong ? "!" : "-", warning.code,
                                  warning.message),
                      warning.kind == WarningKind::wrong ? Tone::bad : Tone::note, 2);
    }
}

}  // namespace

std::string gate_terminal_report(const GateResult& result, TerminalStyle style) {
    Writer out(style);
    const bool holds = result.failure.empty() && result.verdict() == Verdict::pass;
    out.paragraph(gate_headline(result),
                  holds || !style.colour ? Tone::heading
                                         : (result.failure.empty() ? tone_of(result.verdict()) : Tone::bad));
    out.paragraph(describe_gate(result));
    write_table(out, result);
    write_disturbances(out, result);
    for (const std::string& text : gate_advice(result)) out.paragraph(fmt::format("Do: {}", text));
    return out.take();
}

}  // namespace asyncbench
