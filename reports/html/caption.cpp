#include "reports/html/caption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/html/left_out.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/standing.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// What the figure's lines through symbols are the intervals of.
std::vector<Estimate> intervals_in(const RunResult& run, const Figure& figure,
                                   const std::vector<Comparison>& ratios) {
    std::vector<Estimate> estimates;
    if (figure.name == "ratios") {
        std::transform(ratios.begin(), ratios.end(), std::back_inserter(estimates),
                       [](const Comparison& comparison) { return comparison.ratio; });
        return estimates;
    }
    const std::string_view metric =
        figure.group == FigureGroup::throughput ? "throughput_rps" : figure.metric;
    for (const Cell& cell : run.summary) {
        const Estimate* estimate = is_usable(run, cell) ? estimate_of(cell, metric) : nullptr;
        if (estimate != nullptr) estimates.push_back(*estimate);
    }
    return estimates;
}

/// `93.8 %`, `93.8 % to 95.7 %`; empty where nothing has an interval.
std::string confidence_text(const std::vector<Estimate>& estimates) {
    std::vector<double> confidences;
    for (const Estimate& estimate : estimates) {
        if (has_interval(estimate)) confidences.push_back(estimate.confidence);
    }
    if (confidences.empty()) return {};
    const auto [least, most] = std::minmax_element(confidences.begin(), confidences.end());
    const std::string low = human_percent(*least);
    const std::string high = human_percent(*most);
    return low == high ? low : fmt::format("{} to {}", low, high);
}

std::string intervals_text(const std::vector<Estimate>& estimates) {
    if (estimates.empty()) return {};
    const std::string confidence = confidence_text(estimates);
    return confidence.empty() ? "; too few trials for intervals"
                              : fmt::format("; intervals of {} confidence", confidence);
}

/// `3 to 5 trials a cell`, and how many are planned where some have not been run. Wrong cells have none.
std::string trials_a_cell(const RunResult& run) {
    std::uint32_t fewest = 0;
    std::uint32_t most = 0;
    bool all_run = run.summary.size() == run.scenario.concurrency.size() * run.scenario.strategies.size();
    for (const Cell& cell : run.summary) {
        all_run = all_run && cell.trials >= run.scenario.repetitions;
        if (!is_usable(run, cell)) continue;
        fewest = most == 0 ? cell.used_trials : std::min(fewest, cell.used_trials);
        most = std::max(most, cell.used_trials);
    }
    const std::string from = fewest == most ? "" : fmt::format("{} to ", human_count(fewest));
    const bool tells = !all_run && run.scenario.repetitions > 0;
    const std::string planned =
        tells ? fmt::format(", of {} planned", human_count(run.scenario.repetitions)) : "";
    return fmt::format("{}{} a cell{}", from, counted(most, "trial"), planned);
}

/// How what is no plain value looks, where there is such.
std::string standing_sentences(const RunResult& run) {
    std::string text;
    if (has_drawn(run, "disturbed")) text += " A hollow symbol was measured while the machine was busy.";
    if (has_drawn(run, "limited")) {
        text +=
            " An arrow is a bound, as something was at its limit: up or to the right at least so much, down "
            "or to the left at most.";
    }
    return text;
}

/// Of each chart that is drawn, of medians of cells.
std::string confidence_of_charts(const RunResult& run) {
    std::vector<Estimate> all;
    for (const Figure& figure : run_figures()) {
        const auto some = intervals_in(run, figure, {});
        all.insert(all.end(), some.begin(), some.end());
    }
    return confidence_text(all);
}

}  // namespace

std::string every_level_sentence(const RunResult& run) {
    std::vector<std::string> names;
    for (const StrategySpec& strategy : run.scenario.strategies) {
        const bool once = std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
            return cell.strategy == strategy && cell.every_level;
        });
        if (once && run.scenario.concurrency.size() > 1) names.push_back(name_in_text(run, strategy));
    }
    if (names.empty()) return {};
    return names.size() == 1
               ? fmt::format(
                     "{} has one request in flight whatever the concurrency: it is measured once a "
                     "block, and its numbers stand for every concurrency.",
                     names.front())
               : fmt::format(
                     "{} have one request in flight whatever the concurrency: they are measured once a "
                     "block, and their numbers stand for every concurrency.",
                     listed(names));
}

std::string charts_caption(const RunResult& run, const Json& charts) {
    if (charts["charts"].empty()) return {};
    const std::string confidence = confidence_of_charts(run);
    const std::string line =
        confidence.empty() ? ""
                           : fmt::format(", the line through it its interval ({} confidence)", confidence);
    std::vector<std::string> texts{
        fmt::format("Drawn are {}: a large symbol is the median of a cell's trials{}, a small one a trial. A "
                    "block measures "
                    "every cell once, in random order, so that what disturbs it meets all alike.{}",
                    trials_a_cell(run), line, standing_sentences(run))};
    if (std::string sentence = every_level_sentence(run); !sentence.empty())
        texts.push_back(std::move(sentence));
    for (std::string& sentence : never_drawn_sentences(run)) texts.push_back(std::move(sentence));
    return fmt::format("<div class=\"reading\">\n{}</div>\n", paragraphs(texts));
}

std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios) {
    return fmt::format("{} {}; {}{}.{}", words_of(run, figure), describe_load(run.scenario),
                       trials_a_cell(run), intervals_text(intervals_in(run, figure, ratios)),
                       standing_sentences(run));
}

}  // namespace asyncbench
