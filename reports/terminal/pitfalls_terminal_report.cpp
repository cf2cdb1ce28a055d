#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/pitfalls_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/human.hpp"
#include "reports/text/pitfall_text.hpp"

namespace asyncbench {
namespace {

/// A wrong way is marked, as in the table of a run.
std::string name_of(const PitfallResult& result, const PitfallWay& way) {
    const Cell* cell = cell_of_way(result, way);
    const bool is_wrong = cell != nullptr && cell->standing() == Standing::wrong;
    return (is_wrong ? "! " : "") + printable(way.name);
}

Table table_of(const PitfallResult& result, bool with_intervals) {
    Table table;
    table.add_column("way", Table::Align::left);
    const auto columns = columns_of_pitfall(result.pitfall);
    for (const PitfallColumn& column : columns) table.add_column(column.heading);
    for (const PitfallWay& way : result.pitfall.ways) {
        std::vector<std::string> row{name_of(result, way)};
        for (const PitfallColumn& column : columns) {
            const bool interval = with_intervals && column.metric == "throughput_rps";
            row.push_back(way_text(result, way, column.metric, interval));
        }
        table.add_row(std::move(row));
    }
    return table;
}

void write_table(Writer& out, const PitfallResult& result) {
    Table table = table_of(result, true);
    if (table.width() + report_indent > out.width()) table = table_of(result, false);
    bool first = true;
    for (const std::string& line : table.lines()) {
        out.line(std::string(report_indent, ' ') + line, first ? Tone::heading : Tone::plain);
        first = false;
    }
}

void write_warnings(Writer& out, const PitfallResult& result) {
    if (const auto disturbance = disturbance_of(result.run))
        out.paragraph(describe(*disturbance), Tone::plain, report_indent, report_indent);
    for (const PlacedWarning& placed : warnings_by_place(result.run)) {
        const bool is_wrong = placed.warning.kind == WarningKind::wrong;
        if (!is_wrong && placed.warning.code != unavailable_code) continue;
        out.paragraph(fmt::format("{} {}: {} ({})", is_wrong ? "!" : "-", placed.warning.code,
                                  placed.warning.message, describe_places(placed)),
                      is_wrong ? Tone::bad : Tone::plain, report_indent + 2, report_indent);
    }
}

/// The first sentences of each way; the report in HTML has all.
void write_detectors(Writer& out, const PitfallResult& result) {
    constexpr std::size_t most_sentences = 2;
    constexpr std::size_t longest = 300;
    if (!result.diagnosed) return;
    out.line("  What the detectors found");
    for (const PitfallWay& way : result.pitfall.ways) {
        const auto said = detectors_said(result, way);
        for (std::size_t i = 0; i < std::min(said.size(), most_sentences); ++i) {
            out.paragraph(fmt::format("{}: {}", way.name, shortened(said[i], longest)), Tone::plain,
                          report_indent + 4, report_indent + 2);
        }
        if (said.size() > most_sentences) {
            out.paragraph(
                fmt::format("{}: and {} more, which --html shows", way.name, said.size() - most_sentences),
                Tone::plain, report_indent + 4, report_indent + 2);
        }
    }
}

void write_pitfall(Writer& out, const PitfallResult& result) {
    const Pitfall& pitfall = result.pitfall;
    out.paragraph(fmt::format("{}: {} [{}]", pitfall.name, pitfall.title, fmt::join(pitfall.harms, ", ")),
                  Tone::heading);
    write_table(out, result);
    for (const PitfallWay& way : pitfall.ways) {
        for (const std::string& outcome : outcomes_of(result, way)) {
            out.paragraph(fmt::format("{}: {}", way.name, outcome), Tone::note, report_indent + 2,
                          report_indent);
        }
    }
    write_detectors(out, result);
    const std::string numbers = harm_in_numbers(result);
    if (!numbers.empty()) out.paragraph(numbers, Tone::plain, report_indent + 2, report_indent);
    out.paragraph(fmt::format("Harm: {}", pitfall.harm), Tone::plain, report_indent + 2, report_indent);
    out.paragraph(fmt::format("Do: {}", pitfall.advice), Tone::plain, report_indent + 2, report_indent);
    write_warnings(out, result);
    out.line("");
}

}  // namespace

std::string pitfalls_terminal_report(const PitfallsResult& result, TerminalStyle style) {
    Writer out(style);
    for (const PitfallResult& each : result.pitfalls) write_pitfall(out, each);
    if (!result.pitfalls.empty()) {
        out.paragraph(describe_method(result.pitfalls.front().run));
        out.paragraph(
            "p50 and p99 are response times, from the moment a request came; those of a batch all come at "
            "its "
            "start. Neighbours: how late another "
            "coroutine on the same loop gets the turn that it wants every 5 ms.");
    }
    if (result.interrupted) out.line("Interrupted: this is what was measured until then.", Tone::note);
    return out.take();
}

}  // namespace asyncbench
