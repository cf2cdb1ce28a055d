#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/markdown/load_markdown_report.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/markdown/markdown_parts.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/failures.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/load_answer.hpp"

namespace asyncbench {
namespace {

MarkdownTable table_of_cells(const std::vector<std::string>& headings) {
    MarkdownTable table;
    table.add_column("strategy", MarkdownTable::Align::left);
    table.add_column("concurrency");
    for (const std::string& heading : headings) table.add_column(heading);
    return table;
}

std::string name_of(const RunResult& run, const Cell& cell) {
    const std::string standing = standing_of(run, cell);
    const bool matters = standing == "wrong" || standing == "limited" || standing == "unavailable";
    return cell.strategy.text() + (matters ? fmt::format(" ({})", standing) : "");
}

/// What answers the question; the rest is in resources().
MarkdownTable throughput_and_latency(const RunResult& run) {
    std::vector<std::string> headings{"throughput", ratio_heading(run), "of ideal"};
    for (const std::string_view kind : latency_kinds(run)) headings.push_back(fmt::format("{} p99", kind));
    headings.emplace_back("errors");
    MarkdownTable table = table_of_cells(headings);
    for (const Cell* cell : cells_by_concurrency(run)) {
        std::vector<std::string> row{name_of(run, *cell), human_count(cell->concurrency),
                                     estimate_text(*cell, "throughput_rps"), ratio_text(run, *cell),
                                     value_text(*cell, "efficiency")};
        for (const std::string_view kind : latency_kinds(run))
            row.push_back(value_text(*cell, fmt::format("{}_p99_ns", kind)));
        row.push_back(errors_of(run, *cell));
        table.add_row(row);
    }
    return table;
}

MarkdownTable resources(const RunResult& run) {
    std::vector<std::string> headings;
    for (const std::string_view kind : latency_kinds(run)) headings.push_back(fmt::format("{} p50", kind));
    headings.insert(headings.end(),
                    {"CPU/request", "memory", "memory/in flight", "allocations/request", "trials used"});
    MarkdownTable table = table_of_cells(headings);
    for (const Cell* cell : cells_by_concurrency(run)) {
        std::vector<std::string> row{name_of(run, *cell), human_count(cell->concurrency)};
        for (const std::string_view kind : latency_kinds(run))
            row.push_back(value_text(*cell, fmt::format("{}_p50_ns", kind)));
        row.insert(
            row.end(),
            {estimate_text(*cell, "cpu_us_per_request"), estimate_text(*cell, "peak_rss_bytes"),
             value_text(*cell, "memory_per_in_flight_bytes"), value_text(*cell, "allocations_per_request"),
             fmt::format("{} of {}", cell->used_trials, cell->trials)});
        table.add_row(row);
    }
    return table;
}

std::vector<std::string> warnings_of(const RunResult& run) {
    std::vector<std::string> items;
    for (const PlacedWarning& placed : warnings_to_list(run)) {
        items.push_back(fmt::format(
            "{}{}: {} ({})", emphasis_of(placed.warning.kind), escape_markdown(placed.warning.code),
            escape_markdown(placed.warning.message), escape_markdown(describe_places(placed))));
    }
    for (const CellDiagnosis& diagnosis : diagnoses_by_cell(run)) {
        if (diagnosis.found.clean()) continue;
        items.push_back(fmt::format("{} at {}: {}", escape_markdown(diagnosis.cell->strategy.text()),
                                    human_count(diagnosis.cell->concurrency),
                                    escape_markdown(describe(diagnosis))));
    }
    return items;
}

std::vector<std::string> failures_of(const RunResult& run) {
    constexpr std::size_t most = 20;
    std::vector<std::string> items;
    for (const std::string& line : failure_lines(run, most)) items.push_back(escape_markdown(line));
    return items;
}

std::string method_of(const RunResult& run) {
    std::string text = escape_markdown(describe_load(run.scenario)) + "\n\n" +
                       escape_markdown(describe_method(run)) + "\n\n" +
                       escape_markdown(describe_judgement(run)) + "\n\n";
    return text + origin_markdown(run);
}

}  // namespace

std::string markdown_report(const RunResult& run) {
    if (load_trial(run) != nullptr) return load_markdown_report(run);
    MarkdownDocument document;
    document.add(fmt::format(
        "### {}\n", escape_markdown(run.scenario.question.empty() ? short_name_of(run) : heading_of(run))));
    bool first = true;
    for (const std::string& sentence : answer(run)) {
        const char* mark = std::exchange(first, false) ? "**" : "";
        document.add(fmt::format("\n{0}{1}{0}\n", mark, escape_markdown(sentence)));
    }
    if (!run.summary.empty()) {
        document.add("\n");
        document.add(throughput_and_latency(run));
    }
    add_list(document, "Why requests failed:\n\n", failures_of(run));
    add_list(document, "", warnings_of(run));
    if (!run.summary.empty())
        add_folded(document, "Latency, CPU and memory", [&] { document.add(resources(run)); });
    add_folded(document, "How it was measured", [&] {
        document.add(method_of(run));
        add_environment(document, run.environment);
    });
    return document.text();
}

}  // namespace asyncbench
