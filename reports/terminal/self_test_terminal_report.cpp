#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "reports/self_test_report.hpp"
#include "reports/terminal/table.hpp"
#include "reports/terminal/writer.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// `98.0 % [93.0–99.8]`
std::string share_text(const std::optional<Estimate>& share) {
    if (!share) return no_value;
    return fmt::format("{:.1f} % [{:.1f}–{:.1f}]", 100 * share->value, 100 * share->low, 100 * share->high);
}

std::string pairs_text(const std::vector<ReplayedSuite>& suites) {
    if (suites.empty()) return no_value;
    const std::size_t pairs =
        std::accumulate(suites.begin(), suites.end(), std::size_t{0},
                        [](std::size_t sum, const ReplayedSuite& suite) { return sum + suite.pairs; });
    return fmt::format("{:.0f}", static_cast<double>(pairs) / static_cast<double>(suites.size()));
}

/// In how many suites which metric failed.
std::string found_by(const InjectionResult& injection) {
    std::map<std::string, std::size_t> failed;
    for (const ReplayedSuite& suite : injection.suites) {
        for (const GateLine& line : suite.lines) {
            if (line.decides() && line.verdict == Verdict::fail) {
                ++failed[metric_label(line.rule.metric)];
            }
        }
    }
    std::string text;
    for (const auto& [metric, count] : failed) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", metric, count);
    }
    return text.empty() ? no_value : text;
}

std::string counted_text(const std::vector<GateLine>& counted) {
    if (counted.empty()) return no_value;
    const auto failed = std::count_if(counted.begin(), counted.end(),
                                      [](const GateLine& line) { return line.verdict == Verdict::fail; });
    return fmt::format("{} of {} FAIL", failed, counted.size());
}

Table table_of(const SelfTestResult& result) {
    Table table;
    table.add_column("injected", Table::Align::left);
    for (const char* heading : {"suites", "FAIL", "PASS", "pairs"}) table.add_column(heading);
    table.add_column("found by", Table::Align::left);
    table.add_column("instructions", Table::Align::left);
    for (const InjectionResult& injection : result.injections) {
        table.add_row({injection.name, fmt::format("{}", injection.suites.size()),
                       share_text(share_of(injection.suites, Verdict::fail)),
                       share_text(share_of(injection.suites, Verdict::pass)), pairs_text(injection.suites),
                       found_by(injection), counted_text(injection.counted)});
    }
    return table;
}

std::string suggestion(const SelfTestResult& result) {
    std::string flags;
    for (const SuggestedTolerance& suggested : suggested_tolerances(result)) {
        flags += fmt::format(" --metric {}={:.3g}%,{:.3g}%", suggested.metric,
                             100 * suggested.tolerance.fail_from, 100 * suggested.tolerance.pass_below);
    }
    return flags;
}

}  // namespace

std::string self_test_terminal_report(const SelfTestResult& result, TerminalStyle style) {
    Writer writer(style);
    writer.paragraph(
        fmt::format("What the gate finds on this machine: {}, {} requests a trial, control {}; looks "
                    "after {} pairs. {} pairs in {:.0f} s, each in one suite only; intervals of 95 % "
                    "after Clopper and Pearson.",
                    result.cell.name, result.cell.requests, result.control_cell.name,
                    fmt::join(result.rules.looks.pairs, ", "), result.control.size(),
                    std::chrono::duration<double>(result.elapsed).count()),
        Tone::heading);
    writer.line("");
    for (const std::string& line : table_of(result).lines()) writer.line(line);
    writer.line("");
    if (!result.failure.empty()) writer.paragraph("It did not go on: " + result.failure, Tone::bad);
    if (result.interrupted) writer.paragraph("It was interrupted.", Tone::bad);
    const std::string flags = suggestion(result);
    if (!flags.empty()) {
        writer.paragraph(
            "The least tolerances that this machine can hold, by the suites in which nothing was "
            "injected: nine of ten of them would have passed with all of");
        writer.paragraph("asyncbench gate" + flags, Tone::plain, 4, 2);
    }
    return writer.take();
}

}  // namespace asyncbench
