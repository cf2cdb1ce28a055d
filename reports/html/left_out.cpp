#include "reports/html/left_out.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
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

std::string why_wrong(const Cell& cell) {
    if (cell.unavailable()) return "not available for this work";
    const auto found = std::find_if(cell.warnings.begin(), cell.warnings.end(), [](const Warning& warning) {
        return warning.kind == WarningKind::wrong;
    });
    return found == cell.warnings.end() ? "wrong" : fmt::format("wrong: {}", words_of_code(found->code));
}

/// Why no figure can draw the cell; empty where one may.
std::string why_never_drawn(const RunResult& run, const Cell* cell) {
    if (cell == nullptr || cell->trials == 0) return "not measured so far";
    if (is_usable(run, *cell)) return {};
    return is_wrong_as_a_whole(run) ? "the run as a whole is wrong" : why_wrong(*cell);
}

std::string why_unknown(const Cell& cell, std::string_view metric) {
    if (metric.empty() || cell.metrics.contains(metric)) return {};
    const auto unknown = cell.unknown.find(metric);
    return unknown == cell.unknown.end() ? "its program does not tell" : unknown->second;
}

template <typename Visit>
void for_each_place(const RunResult& run, Visit&& visit) {
    for (const std::uint32_t concurrency : run.scenario.concurrency) {
        for (const StrategySpec& strategy : run.scenario.strategies) {
            visit(find_cell(run, strategy, concurrency),
                  fmt::format("{} at {}", strategy.text(), human_count(concurrency)));
        }
    }
}

std::vector<Reason> reasons_of_unknown(const RunResult& run, std::string_view metric) {
    std::vector<Reason> reasons;
    for_each_place(run, [&](const Cell* cell, const std::string&) {
        if (!why_never_drawn(run, cell).empty()) return;
        if (const std::string why = why_unknown(*cell, metric); !why.empty())
            add(reasons, why, cell->strategy.text());
    });
    return reasons;
}

std::string some_of(const std::vector<std::string>& names) {
    if (names.size() <= most_names + 1) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most_names, ", "),
                       names.size() - most_names);
}

std::vector<std::string> sentences_of(const char* begin, const std::vector<Reason>& reasons) {
    std::vector<std::string> sentences;
    sentences.reserve(reasons.size());
    for (const Reason& reason : reasons)
        sentences.push_back(fmt::format("{}: {} ({}).", begin, some_of(reason.subjects), reason.text));
    return sentences;
}

}  // namespace

std::string why_undrawn(const RunResult& run, const Figure& figure) {
    const auto usable = std::count_if(run.summary.begin(), run.summary.end(),
                                      [&](const Cell& cell) { return is_usable(run, cell); });
    if (run.summary.empty()) return "nothing has been measured";
    if (usable == 0) return "nothing was measured that can be used";
    if (figure.name == "ratios") {
        return run.scenario.strategies.size() < 2
                   ? "there is nothing to compare with, as one strategy was measured"
                   : "no two strategies have a usable measurement at one concurrency in trials of one block";
    }
    if (figure.metric.empty()) return "no trial holds what it is made of";
    std::vector<std::string> reasons;
    for (const Reason& reason : reasons_of_unknown(run, figure.metric)) reasons.push_back(reason.text);
    return reasons.empty() ? "it is 0 in every cell" : fmt::format("{}", fmt::join(reasons, "; "));
}

std::vector<std::string> never_drawn_sentences(const RunResult& run) {
    std::vector<Reason> reasons;
    for_each_place(run, [&](const Cell* cell, const std::string& place) {
        if (const std::string why = why_never_drawn(run, cell); !why.empty()) return add(reasons, why, place);
        if (cell->used_trials == cell->trials) return;
        add(reasons, why_wrong(*cell),
            fmt::format("{} of {}", counted(cell->trials - cell->used_trials, "trial"), place));
    });
    return sentences_of("In no chart", reasons);
}

std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure) {
    return sentences_of("Left out", reasons_of_unknown(run, figure.metric));
}

}  // namespace asyncbench
