#include <fmt/format.h>

#include <string>
#include <string_view>

#include "reports/compare_report.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/text/compare_text.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

/// A table for each metric.
std::string tables_of(const ResultsComparison& comparison) {
    const auto rows = rows_by_metric(comparison);
    std::string text;
    for (auto row = rows.begin(); row != rows.end();) {
        const std::string& metric = (*row)->metric;
        MarkdownTable table;
        table.add_column(metric_label(metric), MarkdownTable::Align::left);
        for (const char* heading : {"base", "head", "ratio"}) table.add_column(heading);
        table.add_column("", MarkdownTable::Align::left);
        table.add_column("noise floor");
        for (; row != rows.end() && (*row)->metric == metric; ++row) {
            table.add_row({(*row)->subject, absolute_text(metric, (*row)->base),
                           absolute_text(metric, (*row)->head), ratio_text((*row)->ratio),
                           std::string(text_of((*row)->change)), noise_floor_text(**row)});
        }
        text += table.text() + "\n";
    }
    return text;
}

}  // namespace

std::string compare_markdown_report(const CompareResult& result) {
    std::string text;
    for (const ResultsComparison& comparison : result.comparisons) {
        text += fmt::format("### {} against {}\n\n", escape_markdown(comparison.head),
                            escape_markdown(comparison.base));
        text += tables_of(comparison);
        for (const std::string& note : comparison_notes(comparison))
            text += fmt::format("- {}\n", escape_markdown(note));
        text += "\n";
    }
    return text + escape_markdown(describe_comparison(result)) + "\n";
}

}  // namespace asyncbench
