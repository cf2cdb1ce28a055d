#include "analysis/compare/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "analysis/compare/environment_difference.hpp"
#include "analysis/compare/few_warnings.hpp"
#include "analysis/compare/ratio.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "async/errors.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

constexpr double confidence = 0.95;
/// Five blocks have an interval of 0.9375, which `run` ranks by (summary.cpp); four have 0.875.
constexpr double least_confidence_of_blocks = 0.9;

Change direction_of(Better better, bool larger) {
    if (better == Better::neither) return Change::changed;
    return larger == (better == Better::higher) ? Change::better : Change::worse;
}

Change change_of(const ComparedMetric& row, double least_confidence) {
    if (std::isfinite(row.ratio.value)) {
        if (row.ratio.confidence < least_confidence) return Change::too_few;
        if (row.ratio.low > 1 || row.ratio.high < 1) return direction_of(row.better, row.ratio.low > 1);
        return Change::none_shown;
    }
    // Values of 0 have no ratio; the test of ranks needs none.
    const bool shown = row.p_value <= 1 - confidence && row.base.value != row.head.value;
    return shown ? direction_of(row.better, row.head.value > row.base.value) : Change::none_shown;
}

ComparedMetric row_of(const std::string& subject, const std::string& metric,
                      std::span<const double> base_values, std::span<const double> head_values, bool paired) {
    ComparedMetric row;
    row.subject = subject;
    row.metric = metric;
    row.better = metric_kind(metric).better;
    row.base = median_interval(base_values, confidence);
    row.head = median_interval(head_values, confidence);
    row.base_count = base_values.size();
    row.head_count = head_values.size();
    const Ratio test = paired ? test_paired_ratio(base_values, head_values, confidence)
                              : test_unpaired_ratio(base_values, head_values, confidence);
    row.ratio = test.ratio;
    row.p_value = test.p_value;
    row.noise_floor = noise_floor(row.ratio);
    row.paired = paired;
    row.change = change_of(row, paired ? least_confidence_of_blocks : confidence);
    return row;
}

/// Where something else than the program may have made the loser so slow, nothing is shown.
void add_row(ResultsComparison& comparison, ComparedMetric row, const MeasuredCell& base,
             const MeasuredCell& head) {
    const bool loser_is_limited =
        (row.change == Change::better && base.limited()) || (row.change == Change::worse && head.limited());
    if (loser_is_limited && bound_of_limited(row.metric) != 0) row.change = Change::limited;
    comparison.rows.push_back(std::move(row));
}

/// Once, however often the subject is compared.
void note(ResultsComparison& comparison, Warning warning) {
    auto& known = comparison.warnings;
    if (std::find(known.begin(), known.end(), warning) == known.end()) known.push_back(std::move(warning));
}

/// What is left out of a cell that is usable all the same.
void warn_of_lost(ResultsComparison& comparison, const MeasuredCell& subject, const std::string& source) {
    const auto is_lost = [](const Trial& trial) { return trial.lost(); };
    const auto first = std::find_if(subject.measured.begin(), subject.measured.end(), is_lost);
    if (first == subject.measured.end()) return;
    const auto lost = std::count_if(first, subject.measured.end(), is_lost);
    Warning warning{"trials-lost",
                    fmt::format("{} of {}: {} of {} trials gave no measurement; the first: {}", subject.name,
                                source, lost, subject.measured.size(), first->failure),
                    WarningKind::note};
    note(comparison, std::move(warning));
}

void warn_of_limited(ResultsComparison& comparison, const MeasuredCell& subject, const std::string& source) {
    const Warning* why = subject.reason();
    if (subject.standing() != Standing::limited || why == nullptr) return;
    note(comparison,
         {"limited",
          fmt::format("{} of {} was limited, so that its speed is a bound, which is never shown to "
                      "be worse: {}",
                      subject.name, source, why->message),
          WarningKind::note});
}

/// Whether the subject can be compared; if not, a warning says why.
bool is_usable(ResultsComparison& comparison, const MeasuredCell& subject, const std::string& source) {
    warn_of_lost(comparison, subject, source);
    warn_of_limited(comparison, subject, source);
    if (subject.usable()) return true;
    const std::string standing(name_of(subject.standing()));
    const Warning* why = subject.reason();
    comparison.warnings.push_back({standing,
                                   fmt::format("{} of {} is {} and not compared{}", subject.name, source,
                                               standing, why == nullptr ? "." : ": " + why->message),
                                   WarningKind::note});
    return false;
}

void compare_metrics(ResultsComparison& comparison, const MeasuredCell& base, const MeasuredCell& head) {
    const bool base_is_usable = is_usable(comparison, base, comparison.base);
    if (!is_usable(comparison, head, comparison.head) || !base_is_usable) return;
    for (const std::string& metric : metrics_of(base)) {
        const CellValues of_base = values_of(base, metric);
        const CellValues of_head = values_of(head, metric);
        if (of_base.values.empty() || of_head.values.empty()) continue;
        add_row(comparison, row_of(base.name, metric, of_base.values, of_head.values, false), base, head);
    }
}

/// Of the values of the blocks that both have.
std::optional<ComparedMetric> row_of_blocks(const std::string& subject, const std::string& metric,
                                            const CellValues& base, const CellValues& head) {
    std::vector<double> base_values;
    std::vector<double> head_values;
    for (std::size_t i = 0; i < base.values.size(); ++i) {
        const auto block = std::find(head.repetitions.begin(), head.repetitions.end(), base.repetitions[i]);
        if (block == head.repetitions.end()) continue;
        base_values.push_back(base.values[i]);
        head_values.push_back(head.values[static_cast<std::size_t>(block - head.repetitions.begin())]);
    }
    if (base_values.empty()) return std::nullopt;
    return row_of(subject, metric, base_values, head_values, true);
}

/// What the run shows of the row's metric; none where it was not asked.
std::optional<Change> answer_of(const std::optional<Ranking>& ranking, const ComparedMetric& row,
                                const MeasuredCell& base, const MeasuredCell& head) {
    if (!ranking || ranking->concurrency != base.concurrency) return std::nullopt;
    for (const Order& order : ranking->orders) {
        const bool same = order.base == base.strategy && order.head == head.strategy;
        const bool turned = order.base == head.strategy && order.head == base.strategy;
        if (order.metric != row.metric || !(same || turned)) continue;
        if (!order.is_ordered()) return Change::none_shown;
        return same == (order.verdict == OrderVerdict::head_better) ? Change::better : Change::worse;
    }
    return std::nullopt;
}

void warn_of_two_runs(ResultsComparison& comparison, const MeasuredValues& base, const MeasuredValues& head) {
    comparison.warnings.push_back(
        {"two-runs",
         "The two were measured one after the other: what the machine did meanwhile counts as a change. "
         "`asyncbench gate --base CMD --head CMD` measures in turns.",
         WarningKind::note});
    const auto differences = environment_differences(base.environment, head.environment);
    if (differences.empty()) return;
    const bool machines = are_different_machines(differences);
    comparison.warnings.push_back({machines ? "different-machines" : "different-environments",
                                   fmt::format("{}: {}.",
                                               machines ? "These are two machines, whose times say nothing "
                                                          "of each other's programs"
                                                        : "The environments differ",
                                               text_of(differences)),
                                   WarningKind::note});
}

}  // namespace

ResultsComparison compare_results(const MeasuredValues& base, const MeasuredValues& head) {
    if (base.work != head.work) {
        throw Error(
            fmt::format("{} and {} did different work, which cannot be compared: {}. Measure both with "
                        "the same scenario.",
                        base.source, head.source, difference_of_work(base.work, head.work)));
    }
    ResultsComparison comparison;
    comparison.base = base.source;
    comparison.head = head.source;
    warn_of_two_runs(comparison, base, head);
    for (const MeasuredValues* side : {&base, &head}) {
        for (const Warning& warning : side->warnings) note(comparison, warning);
    }
    const CellsByName cells_of_base(base);
    const CellsByName cells_of_head(head);
    for (const MeasuredCell& subject : base.cells) {
        const MeasuredCell* other = cells_of_head.find(subject.name);
        if (other == nullptr) {
            comparison.only_in_base.push_back(subject.name);
        } else {
            compare_metrics(comparison, subject, *other);
        }
    }
    for (const MeasuredCell& subject : head.cells) {
        if (cells_of_base.find(subject.name) == nullptr) comparison.only_in_head.push_back(subject.name);
    }
    if (!is_of_trials(base)) comparison.warnings = few_of_each(std::move(comparison.warnings));
    return comparison;
}

ResultsComparison compare_strategies(const MeasuredValues& run, const std::string& base,
                                     const std::string& head) {
    ResultsComparison comparison;
    comparison.base = base;
    comparison.head = head;
    const auto at = [&](const std::string& strategy, std::uint32_t concurrency) {
        return std::find_if(run.cells.begin(), run.cells.end(), [&](const MeasuredCell& each) {
            return each.strategy.text() == strategy && each.concurrency == concurrency;
        });
    };
    for (const MeasuredCell& subject : run.cells) {
        if (subject.strategy.text() == head && at(base, subject.concurrency) == run.cells.end())
            comparison.only_in_head.push_back(subject.name);
        if (subject.strategy.text() != base) continue;
        const auto other = at(head, subject.concurrency);
        if (other == run.cells.end()) {
            comparison.only_in_base.push_back(subject.name);
            continue;
        }
        const bool base_is_usable = is_usable(comparison, subject, run.source);
        if (!is_usable(comparison, *other, run.source) || !base_is_usable) continue;
        const std::string name = fmt::format("at {}", subject.concurrency);
        for (const std::string& metric : metrics_of(subject)) {
            auto row = row_of_blocks(name, metric, values_of(subject, metric), values_of(*other, metric));
            if (!row) continue;
            row->change = answer_of(run.ranking, *row, subject, *other).value_or(row->change);
            add_row(comparison, std::move(*row), subject, *other);
        }
    }
    return comparison;
}

}  // namespace asyncbench
