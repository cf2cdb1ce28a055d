#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "reports/load_report.hpp"
#include "reports/report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/failures.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_frames = 8;

struct Column {
    std::string heading;
    std::function<std::string(const Cell&)> text;
    bool when_there_is_room = false;
    std::string_view meaning = {};  ///< where the heading does not say it
};

Column value(std::string heading, std::string metric, bool when_there_is_room = false,
             std::string_view meaning = {}) {
    return {std::move(heading),
            [metric = std::move(metric)](const Cell& cell) { return value_text(cell, metric); },
            when_there_is_room, meaning};
}

bool has_failures(const RunResult& run) {
    return std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        const auto failed = failed_requests(run, cell);
        return failed && failed->failed > 0;
    });
}

/// How fast: the first table.
std::vector<Column> speed_columns(const RunResult& run) {
    std::vector<Column> columns{
        {"throughput", [](const Cell& cell) { return estimate_text(cell, "throughput_rps"); }},
        {ratio_heading(run), [&run](const Cell& cell) { return ratio_text(run, cell); }}};
    if (!has_foreign_target(run.scenario))
        columns.push_back(
            value("of ideal", "efficiency", false,
                  "of ideal: throughput as a share of what the target's delays, as they were, allow"));
    if (has_failures(run))
        columns.push_back({"errors", [&run](const Cell& cell) { return errors_of(run, cell); }});
    const auto requests = [](const Cell& cell) {
        const Estimate* estimate = estimate_of(cell, "requests");
        return estimate == nullptr ? no_value
                                   : human_count(static_cast<std::uint64_t>(std::llround(estimate->value)));
    };
    columns.push_back({"requests", requests, true});
    return columns;
}

/// How long a request takes and what it costs: the second table.
std::vector<Column> cost_columns(const RunResult& run) {
    const bool two_kinds = has_response_times(run.scenario);
    const std::string times = two_kinds ? "response" : "service";
    std::vector<Column> columns{value(two_kinds ? "response p50" : "latency p50", times + "_p50_ns"),
                                value("p90", times + "_p90_ns", true), value("p99", times + "_p99_ns"),
                                value("p99.9", times + "_p999_ns", true),
                                value("max", times + "_max_ns", true)};
    if (two_kinds) columns.push_back(value("service p99", "service_p99_ns", true));
    if (is_known(run, "overhead_p50_ns"))
        columns.push_back(value("overhead", "overhead_p50_ns", false,
                                "overhead: what client, kernel and network add to a request"));
    columns.push_back(value("CPU/req", "cpu_us_per_request"));
    columns.push_back(value("memory", "peak_rss_bytes"));
    if (is_known(run, "target_lateness_mean_ns"))
        columns.push_back(value("late", "target_lateness_mean_ns", false,
                                "late: how much longer than asked the target held a request"));
    return columns;
}

constexpr std::string_view wrong_mark = "! ";
constexpr std::string_view limited_mark = "~ ";

/// In front of the name: what a reader of the row must know.
std::string_view mark_of(const RunResult& run, const Cell& cell) {
    if (cell.unavailable()) return "";
    if (!is_usable(run, cell)) return wrong_mark;
    return cell.limited() ? limited_mark : "";
}

Table table_of(const RunResult& run, const std::vector<const Cell*>& cells,
               const std::vector<Column>& columns, std::size_t width) {
    const std::size_t longest_name = std::max<std::size_t>(16, width * 3 / 10);
    Table table;
    table.add_column("strategy", Table::Align::left);
    table.add_column("conc.");
    for (const Column& column : columns) table.add_column(column.heading);
    for (const Cell* cell : cells) {
        std::vector<std::string> row{
            std::string(mark_of(run, *cell)) + shortened(printable(cell->strategy.text()), longest_name),
            human_count(cell->concurrency)};
        for (const Column& column : columns) row.push_back(column.text(*cell));
        table.add_row(std::move(row));
    }
    return table;
}

void write_table(Writer& out, const RunResult& run, const std::vector<const Cell*>& cells,
                 const Table& table) {
    const auto lines = table.lines();
    out.line(lines.front(), Tone::heading);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0 && cells[i]->concurrency != cells[i - 1]->concurrency) out.line("");
        out.line(lines[i + 1], mark_of(run, *cells[i]) == wrong_mark ? Tone::bad : Tone::plain);
    }
    out.line("");
}

/// The columns that fit: those for which there is room are left out first, then the last ones.
std::vector<Column> fitting(const RunResult& run, const std::vector<const Cell*>& cells,
                            std::vector<Column> columns, std::size_t width) {
    while (table_of(run, cells, columns, width).width() > width && columns.size() > 1) {
        const auto spare = std::find_if(columns.rbegin(), columns.rend(),
                                        [](const Column& column) { return column.when_there_is_room; });
        columns.erase(spare == columns.rend() ? columns.end() - 1 : std::next(spare).base());
    }
    return columns;
}

/// What columns and marks mean, of those that are there.
std::string legend_of(const RunResult& run, const std::vector<const Cell*>& cells,
                      const std::vector<std::string_view>& meanings) {
    std::vector<std::string_view> parts = meanings;
    const auto has_mark = [&](std::string_view mark) {
        return std::any_of(cells.begin(), cells.end(),
                           [&](const Cell* cell) { return mark_of(run, *cell) == mark; });
    };
    if (has_mark(limited_mark)) parts.emplace_back("~: limited, the values are bounds");
    if (has_mark(wrong_mark)) parts.emplace_back("!: wrong, and not ranked");
    return parts.empty() ? "" : fmt::format("{}.", fmt::join(parts, "; "));
}

/// Two tables, whatever the width.
void write_tables(Writer& out, const RunResult& run) {
    const auto cells = cells_by_concurrency(run);
    if (cells.empty()) return;
    std::vector<std::string_view> meanings;
    for (const auto& all : {speed_columns(run), cost_columns(run)}) {
        const std::vector<Column> columns = fitting(run, cells, all, out.width());
        write_table(out, run, cells, table_of(run, cells, columns, out.width()));
        for (const Column& column : columns)
            if (!column.meaning.empty()) meanings.push_back(column.meaning);
    }
    if (const std::string legend = legend_of(run, cells, meanings); !legend.empty()) out.paragraph(legend);
}

bool is_anything_measured(const RunResult& run) {
    return std::any_of(run.trials.begin(), run.trials.end(),
                       [](const Trial& trial) { return trial.failure.empty(); });
}

void write_warnings(Writer& out, const RunResult& run) {
    std::vector<PlacedWarning> warnings = warnings_to_list(run);
    std::erase_if(warnings, [](const PlacedWarning& placed) {
        return placed.warning.kind == WarningKind::disturbed && placed.places.empty();  // the answer has it
    });
    if (!warnings.empty()) out.line("");
    for (const PlacedWarning& placed : warnings) {
        const bool bad = placed.warning.kind == WarningKind::wrong;
        out.paragraph(fmt::format("{} {}: {} ({})", bad ? "!" : "-", placed.warning.code,
                                  placed.warning.message, describe_places(placed)),
                      bad ? Tone::bad : Tone::note, 2);
    }
}

void write_failures(Writer& out, const RunResult& run) {
    constexpr std::size_t most = 12;
    const auto lines = failure_lines(run, most);
    if (lines.empty()) return;
    out.line("");
    out.line("Why requests failed", Tone::heading);
    for (const std::string& line : lines) out.paragraph("- " + line, Tone::note, 2);
}

void write_finding(Writer& out, const CountedFinding& counted) {
    out.paragraph(fmt::format("  ! {}", describe(counted)), Tone::bad, 4);
    const auto& frames = counted.first.backtrace;
    for (std::size_t i = 0; i < std::min(frames.size(), most_frames); ++i) {
        out.line(shortened(fmt::format("      at {}", printable(frames[i])), out.width()));
    }
}

void write_diagnoses(Writer& out, const RunResult& run) {
    const auto diagnoses = diagnoses_by_cell(run);
    if (diagnoses.empty()) return;
    out.line("");
    out.line("What the detectors found", Tone::heading);
    for (const CellDiagnosis& diagnosis : diagnoses) {
        out.paragraph(fmt::format("{} at {}: {}", diagnosis.cell->strategy.text(),
                                  human_count(diagnosis.cell->concurrency), describe(diagnosis)),
                      diagnosis.found.clean() ? Tone::plain : Tone::bad, 2);
        for (const CountedFinding& counted : diagnosis.found.findings) write_finding(out, counted);
    }
}

}  // namespace

std::string terminal_report(const RunResult& run, TerminalStyle style) {
    if (run.scenario.load) return load_terminal_report(run, style);
    Writer out(style);
    if (!run.scenario.question.empty()) out.paragraph(heading_of(run), Tone::heading);
    out.paragraph(fmt::format("{}: {}", short_name_of(run), describe_load(run.scenario)));
    out.line("");
    bool first = true;
    for (const std::string& sentence : answer(run))
        out.paragraph(sentence, std::exchange(first, false) ? Tone::heading : Tone::plain);
    // Tables without a value would hide the reasons, which are among the warnings.
    if (is_anything_measured(run)) {
        out.line("");
        write_tables(out, run);
        out.paragraph(describe_method(run));
    }
    if (const std::string judgement = describe_judgement(run); !judgement.empty()) out.paragraph(judgement);
    write_failures(out, run);
    write_warnings(out, run);
    write_diagnoses(out, run);
    return out.take();
}

}  // namespace asyncbench
