#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/compare_report.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/text/compare_text.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

using Rows = std::vector<const ComparedMetric*>;

/// What got worse comes first, then what changed or got better.
int rank_of(const ComparedMetric& row) {
    switch (row.change) {
        case Change::worse:
            return 0;
        case Change::changed:
        case Change::better:
            return 1;
        case Change::limited:
        case Change::too_few:
        case Change::none_shown:
            break;
    }
    return 2;
}

/// Of one metric each, in the order of the comparison where two count alike.
std::vector<Rows> worst_first(const ResultsComparison& comparison) {
    std::vector<Rows> metrics;
    for (const ComparedMetric* row : rows_by_metric(comparison)) {
        if (metrics.empty() || metrics.back().front()->metric != row->metric) metrics.emplace_back();
        metrics.back().push_back(row);
    }
    for (Rows& rows : metrics) {
        std::stable_sort(rows.begin(), rows.end(), [](const ComparedMetric* a, const ComparedMetric* b) {
            return rank_of(*a) < rank_of(*b);
        });
    }
    return metrics;
}

/// A table for each metric.
void add_tables(MarkdownDocument& document, const ResultsComparison& comparison) {
    for (const Rows& rows : worst_first(comparison)) {
        const std::string& metric = rows.front()->metric;
        MarkdownTable table;
        table.add_column(metric_label(metric), MarkdownTable::Align::left);
        for (const char* heading : {"base", "head"}) table.add_column(heading);
        table.add_column(ratio_heading(rows));
        table.add_column("", MarkdownTable::Align::left);
        table.add_column("noise floor");
        for (const ComparedMetric* row : rows) {
            table.add_row({row->subject, absolute_text(metric, row->base), absolute_text(metric, row->head),
                           ratio_text(row->ratio), std::string(text_of(row->change)), noise_floor_text(*row)},
                          text_of(row->change));
        }
        document.add(table);
        document.add("\n");
    }
}

}  // namespace

std::string compare_markdown_report(const CompareResult& result) {
    MarkdownDocument document;
    for (std::size_t i = 0; i < result.comparisons.size(); ++i) {
        const ResultsComparison& comparison = result.comparisons[i];
        document.add(fmt::format("### {} against {}\n\n", escape_markdown(comparison.head),
                                 escape_markdown(comparison.base)));
        add_tables(document, comparison);
        std::vector<std::string> notes;
        for (const std::string& note : comparison_notes(result, i)) notes.push_back(escape_markdown(note));
        document.add_list(notes);
        document.add("\n");
    }
    document.add(escape_markdown(describe_comparison(result)) + "\n");
    return document.text();
}

}  // namespace asyncbench
