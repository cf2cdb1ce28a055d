#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/scenario_json.hpp"
#include "reports/history_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t series_indent = 4;
constexpr std::size_t least_runs = 10;  // of which a change can show at history_significance

/// The load in words; a work that this asyncbench cannot read stands as it is.
std::string describe_work(const std::string& work) {
    try {
        return describe_load(scenario_from_json(work, "the history"));
    } catch (const Error&) {
        return work;
    }
}

std::string short_commit(const std::string& commit) {
    constexpr std::size_t enough = 12;
    return commit.empty() ? no_value : shortened(printable(commit), enough);
}

/// Whether the change is one for the worse; false for what is neither better high nor low.
bool is_worse(const ChangePoint& change, std::string_view metric) {
    const Better better = metric_kind(metric).better;
    return (better == Better::lower && change.after > change.before) ||
           (better == Better::higher && change.after < change.before);
}

std::string describe_change(const ChangePoint& change, std::string_view metric) {
    std::string text = fmt::format("changed from {} to {}", human_metric(metric, change.before),
                                   human_metric(metric, change.after));
    if (change.before != 0) {
        const double percent = (change.after / change.before - 1) * 100;
        text += fmt::format(", {}{:.1f} %", percent < 0 ? "−" : "+", std::abs(percent));
    }
    if (metric_kind(metric).better != Better::neither) {
        text += is_worse(change, metric) ? ": worse" : ": better";
    }
    return fmt::format("{} (p = {:.3g})", text, change.p_value);
}

Table table_of(std::span<const HistoryRun> runs, const HistorySeries& series) {
    Table table;
    table.add_column("time", Table::Align::left);
    table.add_column("commit", Table::Align::left);
    table.add_column(printable(metric_label(series.metric)));
    for (const HistoryPoint& point : series.points) {
        const HistoryRun& run = runs[point.run];
        table.add_row(
            {run.time_utc, short_commit(run.commit), human_estimate(series.metric, point.estimate)});
    }
    return table;
}

void write_series(Writer& out, std::span<const HistoryRun> runs, const HistorySeries& series) {
    out.line(printable(fmt::format("{}, {}", series.subject, metric_label(series.metric))), Tone::heading);
    const std::vector<std::string> lines = table_of(runs, series).lines();
    out.line(lines[0]);
    auto change = series.changes.begin();
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        if (i > 0) {
            for (const std::string& text : environment_changes(runs[series.points[i - 1].run].environment,
                                                               runs[series.points[i].run].environment)) {
                out.paragraph("environment: " + text, Tone::note, series_indent + 2, series_indent);
            }
        }
        if (change != series.changes.end() && change->index == i) {
            out.paragraph(describe_change(*change, series.metric),
                          is_worse(*change, series.metric) ? Tone::bad : Tone::heading, series_indent + 2,
                          series_indent);
            ++change;
        }
        out.line(lines[i + 1]);
    }
    out.line("");
}

}  // namespace

std::string history_terminal_report(std::span<const HistoryRun> runs, std::span<const HistorySeries> all,
                                    TerminalStyle style) {
    Writer out(style);
    const std::string* work = nullptr;
    bool too_few = false;
    for (const HistorySeries& series : all) {
        if (work == nullptr || *work != series.work) out.paragraph(describe_work(series.work));
        if (work == nullptr || *work != series.work) out.line("");
        work = &series.work;
        too_few = too_few || series.points.size() < least_runs;
        write_series(out, runs, series);
    }
    out.paragraph(
        fmt::format("Medians with their intervals. Change points: E-divisive, of which one series in "
                    "{:.0f} that did not change shows one.{}",
                    1 / history_significance, too_few ? " It takes ten runs before one can show." : ""));
    return out.take();
}

}  // namespace asyncbench
