#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/compare_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/compare_text.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t shortest_name = 12;

using Rows = std::vector<const ComparedMetric*>;

Table table_of(const Rows& rows, bool with_intervals, std::size_t longest_name) {
    const auto value = [&](const ComparedMetric& row, const Estimate& estimate) {
        return with_intervals ? absolute_text(row.metric, estimate)
                              : human_metric(row.metric, estimate.value);
    };
    Table table;
    table.add_column("", Table::Align::left);
    table.add_column("base");
    table.add_column("head");
    table.add_column(std::string(ratio_heading(rows)));
    table.add_column("", Table::Align::left);
    table.add_column("noise");
    for (const ComparedMetric* row : rows) {
        table.add_row({shortened(printable(row->subject), longest_name), value(*row, row->base),
                       value(*row, row->head), ratio_text(row->ratio), std::string(text_of(row->change)),
                       noise_floor_text(*row)});
    }
    return table;
}

/// With intervals of base and head where they fit; where even the rest does not, with shorter names.
Table table_that_fits(const Rows& rows, std::size_t width) {
    std::size_t longest_name = 0;
    for (const ComparedMetric* row : rows)
        longest_name = std::max(longest_name, columns_of(printable(row->subject)));
    Table table = table_of(rows, true, longest_name);
    if (table.width() > width) table = table_of(rows, false, longest_name);
    if (table.width() <= width) return table;
    const std::size_t over = table.width() - width;
    return table_of(rows, false, longest_name > over + shortest_name ? longest_name - over : shortest_name);
}

Tone tone_of(Change change) {
    return change == Change::worse ? Tone::bad : Tone::plain;
}

void write_rows(Writer& out, const Rows& rows) {
    if (rows.empty()) return;
    const auto lines = table_that_fits(rows, out.width() - report_indent).lines();
    const std::string margin(report_indent, ' ');
    out.line(margin + lines.front(), Tone::heading);
    std::string_view metric;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (metric != rows[i]->metric) out.line(printable(metric_label(rows[i]->metric)), Tone::heading);
        metric = rows[i]->metric;
        out.line(margin + lines[i + 1], tone_of(rows[i]->change));
    }
    out.line("");
}

}  // namespace

std::string compare_terminal_report(const CompareResult& result, TerminalStyle style) {
    Writer out(style);
    for (std::size_t i = 0; i < result.comparisons.size(); ++i) {
        const ResultsComparison& comparison = result.comparisons[i];
        out.paragraph(fmt::format("base {}, head {}", comparison.base, comparison.head), Tone::heading);
        write_rows(out, rows_by_metric(comparison));
        for (const std::string& note : comparison_notes(result, i)) out.paragraph("- " + note, Tone::note, 2);
    }
    out.paragraph(describe_comparison(result));
    return out.take();
}

}  // namespace asyncbench
