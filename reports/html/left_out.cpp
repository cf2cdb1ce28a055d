#include "reports/html/left_out.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "reports/html/markup.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_names = 6;

/// A reason and what it holds for, in the order met, each once.
struct Reason {
    std::string text;
    std::vector<std::string> subjects;
};

void add(std::vector<Reason>& reasons, const std::string& text, const std::string& subject) {
    auto found = std::find_if(reasons.begin(), reasons.end(),
                              [&](const Reason& reason) { return reason.text == text; });
    if (found == reasons.end()) found = reasons.insert(reasons.end(), {text, {}});
    auto& subjects = found->subjects;
    if (std::find(subjects.begin(), subjects.end(), subject) == subjects.end()) subjects.push_back(subject);
}

/// What draws a cell's distribution or ranks it has no use for numbers that do not count; the others draw
/// them pale.
bool draws_invalid_cells(const Figure& figure) {
    return figure.group != FigureGroup::latency;
}

/// Why no figure of its kind can draw the cell; empty where it can.
std::string why_without_values(const RunResult& run, const Cell* cell, const Figure& figure) {
    if (cell == nullptr || cell->trials == 0) return "not measured so far";
    if (cell->used_trials == 0) return "no valid trial";
    if (is_usable(run, *cell) || draws_invalid_cells(figure)) return {};
    if (is_wrong_as_a_whole(run)) return "the run as a whole is not valid";
    return fmt::format("not valid, {} of {} trials are", cell->used_trials, cell->trials);
}

std::string why_unknown(const Cell& cell, std::string_view metric) {
    if (metric.empty() || cell.metrics.contains(metric)) return {};
    const auto unknown = cell.unknown.find(metric);
    return unknown == cell.unknown.end() ? "its program does not tell" : unknown->second;
}

std::vector<Reason> reasons_of(const RunResult& run, const Figure& figure) {
    std::vector<Reason> reasons;
    for (const std::uint32_t concurrency : run.scenario.concurrency) {
        for (const StrategySpec& strategy : run.scenario.strategies) {
            const Cell* cell = find_cell(run, strategy, concurrency);
            const std::string without = why_without_values(run, cell, figure);
            if (!without.empty()) {
                add(reasons, without, fmt::format("{} at {}", strategy.text(), human_count(concurrency)));
            } else if (const std::string why = why_unknown(*cell, figure.metric); !why.empty()) {
                add(reasons, why, strategy.text());
            }
        }
    }
    return reasons;
}

std::string listed(const std::vector<std::string>& names) {
    if (names.size() <= most_names + 1) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most_names, ", "),
                       names.size() - most_names);
}

}  // namespace

std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure) {
    std::vector<std::string> sentences;
    for (const Reason& reason : reasons_of(run, figure))
        sentences.push_back(fmt::format("Left out: {} ({}).", listed(reason.subjects), reason.text));
    return sentences;
}

std::string left_out(const RunResult& run, const Figure& figure) {
    std::string items;
    for (const std::string& sentence : left_out_sentences(run, figure))
        items += fmt::format("<p class=\"left-out\">{}</p>\n", escape_html(sentence));
    return items;
}

}  // namespace asyncbench
