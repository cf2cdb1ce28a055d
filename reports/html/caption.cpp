#include "reports/html/caption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "reports/text/answer.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// What the figure's lines through symbols are the intervals of.
std::vector<Estimate> estimates_of(const RunResult& run, const Figure& figure,
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
        const Estimate* estimate = estimate_of(cell, metric);
        if (estimate != nullptr) estimates.push_back(*estimate);
    }
    return estimates;
}

std::string intervals_text(const std::vector<Estimate>& estimates) {
    if (estimates.empty()) return {};
    std::vector<double> confidences;
    for (const Estimate& estimate : estimates) {
        if (has_interval(estimate)) confidences.push_back(estimate.confidence);
    }
    if (confidences.empty()) return "; too few trials for intervals";
    const auto [least, most] = std::minmax_element(confidences.begin(), confidences.end());
    const std::string low = human_percent(*least);
    const std::string high = human_percent(*most);
    return fmt::format("; intervals of {} confidence",
                       low == high ? low : fmt::format("{} to {}", low, high));
}

/// `3 to 5 valid trials a cell`, and how many are planned where some have not been run.
std::string trials_a_cell(const RunResult& run) {
    std::uint32_t fewest = run.summary.empty() ? 0 : run.summary.front().used_trials;
    std::uint32_t most = fewest;
    bool all_run = run.summary.size() == run.scenario.concurrency.size() * run.scenario.strategies.size();
    for (const Cell& cell : run.summary) {
        fewest = std::min(fewest, cell.used_trials);
        most = std::max(most, cell.used_trials);
        all_run = all_run && cell.trials >= run.scenario.repetitions;
    }
    const std::string from = fewest == most ? "" : fmt::format("{} to ", human_count(fewest));
    const std::string planned =
        all_run ? "" : fmt::format(", of {} planned", human_count(run.scenario.repetitions));
    return fmt::format("{}{} a cell{}", from, counted(most, "valid trial"), planned);
}

}  // namespace

std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios) {
    const std::string of_what =
        figure.group == FigureGroup::drift ? fmt::format("{}; ", name_on_page(ranking_metric(run))) : "";
    return fmt::format("{}{}; {}{}.", of_what, describe_load(run.scenario), trials_a_cell(run),
                       intervals_text(estimates_of(run, figure, ratios)));
}

}  // namespace asyncbench
