#include "reports/text/compare_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

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

std::string noise_floor_text(const ComparedMetric& row) {
    return std::isfinite(row.noise_floor) ? human_percent(row.noise_floor) : no_value;
}

std::vector<const ComparedMetric*> rows_by_metric(const ResultsComparison& comparison) {
    std::vector<const ComparedMetric*> rows;
    for (const ComparedMetric& row : comparison.rows) {
        const auto last = std::find_if(rows.rbegin(), rows.rend(), [&](const ComparedMetric* other) {
            return other->metric == row.metric;
        });
        rows.insert(last == rows.rend() ? rows.end() : last.base(), &row);
    }
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

std::vector<std::string> comparison_notes(const ResultsComparison& comparison) {
    std::vector<std::string> notes;
    if (!comparison.only_in_base.empty()) notes.push_back(list_of(comparison.base, comparison.only_in_base));
    if (!comparison.only_in_head.empty()) notes.push_back(list_of(comparison.head, comparison.only_in_head));
    for (const Warning& warning : comparison.warnings)
        notes.push_back(fmt::format("{}: {}", warning.code, warning.message));
    return notes;
}

}  // namespace asyncbench
