#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "reports/report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_places = 4;
constexpr std::size_t most_frames = 8;

struct Column {
    std::string heading;
    std::function<std::string(const Cell&)> text;
};

/// Columns that stay together where they can.
std::vector<std::vector<Column>> column_groups(const RunResult& run) {
    const auto value = [](std::string heading, std::string metric) {
        return Column{std::move(heading),
                      [metric = std::move(metric)](const Cell& cell) { return value_text(cell, metric); }};
    };
    return {{{"throughput", [](const Cell& cell) { return estimate_text(cell, "throughput_rps"); }},
             {ratio_heading(run), [&run](const Cell& cell) { return ratio_text(run, cell); }},
             value("of ideal", "efficiency"),
             {"errors", [&run](const Cell& cell) { return errors_of(run, cell); }}},
            {value("service p50", "service_p50_ns"), value("p99", "service_p99_ns"),
             value("response p50", "response_p50_ns"), value("p99", "response_p99_ns")},
            {value("CPU/request", "cpu_us_per_request"), value("memory", "peak_rss_bytes"),
             value("/in flight", "memory_per_in_flight_bytes")}};
}

Table table_of(const RunResult& run, const std::vector<const Cell*>& cells,
               const std::vector<Column>& columns, std::size_t longest_name) {
    Table table;
    table.add_column("strategy", Table::Align::left);
    table.add_column("conc.");
    for (const Column& column : columns) table.add_column(column.heading);
    for (const Cell* cell : cells) {
        std::vector<std::string> row{
            (is_valid(run, *cell) ? "" : "! ") + shortened(printable(cell->strategy.text()), longest_name),
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
        out.line(lines[i + 1], is_valid(run, *cells[i]) ? Tone::plain : Tone::bad);
    }
    out.line("");
}

/// As few tables as the width allows: by groups of columns, and a group that is too wide by its columns.
void write_tables(Writer& out, const RunResult& run) {
    const auto cells = cells_by_concurrency(run);
    if (cells.empty()) return;
    const std::size_t longest_name = std::max<std::size_t>(16, out.width() * 3 / 10);
    const auto fits = [&](const std::vector<Column>& columns) {
        return table_of(run, cells, columns, longest_name).width() <= out.width();
    };
    std::vector<Column> current;
    const auto flush = [&] {
        if (!current.empty()) write_table(out, run, cells, table_of(run, cells, current, longest_name));
        current.clear();
    };
    const auto add = [&](const std::vector<Column>& columns) {
        std::vector<Column> longer = current;
        longer.insert(longer.end(), columns.begin(), columns.end());
        if (!fits(longer)) {
            flush();
            longer = columns;
        }
        current = std::move(longer);
    };
    for (const auto& group : column_groups(run)) {
        if (fits(group)) {
            add(group);
        } else {
            for (const Column& column : group) add({column});
        }
    }
    flush();
}

void write_warnings(Writer& out, const RunResult& run) {
    const auto warnings = warnings_by_place(run);
    if (!warnings.empty()) out.line("");
    for (const PlacedWarning& placed : warnings) {
        out.paragraph(
            fmt::format("{} {}: {} ({})", placed.warning.invalidates ? "!" : "-", placed.warning.code,
                        placed.warning.message, describe_places(placed, most_places)),
            placed.warning.invalidates ? Tone::bad : Tone::note, 2);
    }
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
    Writer out(style);
    if (!run.scenario.question.empty()) out.paragraph(heading_of(run), Tone::heading);
    out.paragraph(fmt::format("{}: {}", short_name_of(run), describe_load(run.scenario)));
    out.paragraph(describe_method(run));
    out.line("");
    write_tables(out, run);
    for (const std::string& sentence : answer(run)) out.paragraph(sentence);
    write_warnings(out, run);
    write_diagnoses(out, run);
    return out.take();
}

}  // namespace asyncbench
