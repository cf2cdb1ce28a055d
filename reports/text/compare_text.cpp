#include "reports/text/compare_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <utility>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

std::string list_of(const std::string& side, const std::vector<std::string>& subjects) {
    return fmt::format("Only in {}: {}.", side, fmt::join(subjects, ", "));
}

}  // namespace

std::string_view text_of(Change change) {
    switch (change) {
        case Change::better:
            return "better";
        case Change::worse:
            return "worse";
        case Change::changed:
            return "changed";
        case Change::none_shown:
            return "no difference";
        case Change::limited:
            return "limited";
        case Change::too_few:
            break;
    }
    return "too few";
}

std::string_view ratio_heading(const std::vector<const ComparedMetric*>& rows) {
    const bool paired =
        std::any_of(rows.begin(), rows.end(), [](const ComparedMetric* row) { return row->paired; });
    return paired ? "median of pairs' ratios" : "median of all ratios";
}

std::string noise_floor_text(const ComparedMetric& row) {
    return std::isfinite(row.noise_floor) ? human_percent(row.noise_floor) : no_value;
}

std::vector<const ComparedMetric*> rows_by_metric(const ResultsComparison& comparison) {
    std::unordered_map<std::string_view, std::size_t> places;  // of metrics
    for (const ComparedMetric& row : comparison.rows) places.emplace(row.metric, places.size());
    std::vector<const ComparedMetric*> rows;
    for (const ComparedMetric& row : comparison.rows) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [&](const ComparedMetric* one, const ComparedMetric* other) {
        return places.at(one->metric) < places.at(other->metric);
    });
    return rows;
}

std::string describe_comparison(const CompareResult& result) {
    bool paired = false;
    bool unpaired = false;
    for (const ResultsComparison& comparison : result.comparisons) {
        for (const ComparedMetric& row : comparison.rows) (row.paired ? paired : unpaired) = true;
    }
    if (!paired && !unpaired) return "There was nothing to compare.";
    return fmt::format(
        "Medians; the ratio is head over base, by {}, of 95 % confidence or what so few values can "
        "give. A difference is shown where that excludes 1 and the values are enough; the noise floor is the "
        "least change that so "
        "noisy values would have shown. Each row stands for itself: of 20 in which nothing changed, one is "
        "expected to show a change.{}",
        paired
            ? "pairs within a block (their median, not the ratio of the two medians), with its exact interval"
            : "the rank-sum estimate (not the ratio of the two medians) with its exact interval",
        paired
            ? " At the highest concurrency, speed, CPU time and memory differ where the run itself shows it, "
              "judged over all its questions together."
            : "");
}

namespace {

std::vector<std::string> all_notes(const ResultsComparison& comparison) {
    std::vector<std::string> notes;
    if (!comparison.only_in_base.empty()) notes.push_back(list_of(comparison.base, comparison.only_in_base));
    if (!comparison.only_in_head.empty()) notes.push_back(list_of(comparison.head, comparison.only_in_head));
    for (const Warning& warning : comparison.warnings)
        notes.push_back(fmt::format("{}: {}", warning.code, warning.message));
    return notes;
}

}  // namespace

std::vector<std::string> comparison_notes(const CompareResult& result, std::size_t comparison) {
    std::set<std::string> told;
    for (std::size_t i = 0; i < comparison; ++i) {
        for (std::string& note : all_notes(result.comparisons[i])) told.insert(std::move(note));
    }
    std::vector<std::string> notes;
    for (std::string& note : all_notes(result.comparisons.at(comparison)))
        if (told.insert(note).second) notes.push_back(std::move(note));
    return notes;
}

}  // namespace asyncbench
