#include "reports/text/ranking.hpp"

#include <algorithm>
#include <optional>

#include "harness/trial/metric_kind.hpp"
#include "harness/trial/summary.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

bool lower_is_better(std::string_view metric) {
    const MetricInfo* info = find_metric(metric);
    return info != nullptr && info->better == Better::lower;
}

/// Of the comparisons that the result holds, or of its trials.
std::optional<Comparison> comparison_between(const RunResult& run, const Cell& a, const Cell& b,
                                             std::string_view metric) {
    const auto found =
        std::find_if(run.comparisons.begin(), run.comparisons.end(), [&](const Comparison& pair) {
            return pair.concurrency == a.concurrency && pair.metric == metric &&
                   ((pair.base == a.strategy && pair.head == b.strategy) ||
                    (pair.base == b.strategy && pair.head == a.strategy));
        });
    if (found != run.comparisons.end()) return *found;
    return compare_cells(a, b, metric, run.trials);
}

// A reader would see two ranks for one and the same number.
bool print_alike(const Estimate& one, const Estimate& other, std::string_view metric) {
    return human_metric(metric, one.value) == human_metric(metric, other.value);
}

bool overlap(const Estimate& one, const Estimate& other) {
    return one.low <= other.high && other.low <= one.high;
}

bool are_apart(const RunResult& run, const Cell& a, const Cell& b, std::string_view metric) {
    const Estimate& one = *estimate_of(a, metric);
    const Estimate& other = *estimate_of(b, metric);
    if (print_alike(one, other, metric)) return false;
    // Few pairs are left where the one lost this trial and the other that one: each may have trials enough.
    const auto pair = comparison_between(run, a, b, metric);
    if (pair && can_rank(pair->ratio)) return pair->separated;
    return can_rank(one) && can_rank(other) && !overlap(one, other);
}

/// Of cells that are sorted already, and of each of which there are trials enough.
std::vector<Group> groups_of(const RunResult& run, const Group& cells, std::string_view metric) {
    // A boundary is where nobody above is joined to anybody below.
    std::vector<Group> groups;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        bool joined = false;
        for (std::size_t above = 0; above < i && !joined; ++above) {
            for (std::size_t below = i; below < cells.size() && !joined; ++below) {
                joined = !are_apart(run, *cells[above], *cells[below], metric);
            }
        }
        if (!joined) groups.emplace_back();
        groups.back().push_back(cells[i]);
    }
    return groups;
}

}  // namespace

bool can_rank(const Estimate& estimate) {
    return estimate.confidence >= least_confidence_to_rank;
}

bool can_be_ranked(const Cell& cell, std::string_view metric) {
    return can_rank(*estimate_of(cell, metric));
}

bool is_invalid_as_a_whole(const RunResult& run) {
    return std::any_of(run.warnings.begin(), run.warnings.end(),
                       [](const Warning& warning) { return warning.invalidates; });
}

bool is_valid(const RunResult& run, const Cell& cell) {
    return cell.valid() && !is_invalid_as_a_whole(run);
}

std::string_view ranking_metric(const RunResult& run) {
    return run.scenario.plan.kind == PlanKind::open ? "response_p99_ns" : "throughput_rps";
}

std::vector<std::uint32_t> concurrencies_of(const RunResult& run) {
    std::vector<std::uint32_t> levels;
    for (const Cell& cell : run.summary) levels.push_back(cell.concurrency);
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

std::vector<Group> ranked_groups(const RunResult& run, std::uint32_t concurrency) {
    const std::string_view metric = ranking_metric(run);
    Group cells;
    for (const Cell& cell : run.summary) {
        if (cell.concurrency == concurrency && is_valid(run, cell) && estimate_of(cell, metric) != nullptr) {
            cells.push_back(&cell);
        }
    }
    const bool lower = lower_is_better(metric);
    std::sort(cells.begin(), cells.end(), [&](const Cell* a, const Cell* b) {
        const double left = estimate_of(*a, metric)->value;
        const double right = estimate_of(*b, metric)->value;
        if (left == right) return a < b;
        return lower ? left < right : left > right;
    });
    // One cell with too few trials would join all the others to it.
    const auto few = std::stable_partition(cells.begin(), cells.end(),
                                           [&](const Cell* cell) { return can_be_ranked(*cell, metric); });
    std::vector<Group> groups = groups_of(run, {cells.begin(), few}, metric);
    if (few != cells.end()) groups.emplace_back(few, cells.end());
    return groups;
}

bool differs_from(const RunResult& run, const Cell& cell, const StrategySpec& base) {
    const std::string_view metric = ranking_metric(run);
    const Cell* other = find_cell(run, base, cell.concurrency);
    return other != nullptr && estimate_of(*other, metric) != nullptr &&
           estimate_of(cell, metric) != nullptr && are_apart(run, cell, *other, metric);
}

bool is_alike(const RunResult& run, const Group& group) {
    const std::string_view metric = ranking_metric(run);
    const auto are_alike = [&](const Cell& a, const Cell& b) {
        const Estimate& one = *estimate_of(a, metric);
        const Estimate& other = *estimate_of(b, metric);
        // Pairs may leave open what intervals tell apart: two of ten blocks that were disturbed suffice.
        return !are_apart(run, a, b, metric) && (print_alike(one, other, metric) || overlap(one, other));
    };
    return std::all_of(group.begin(), group.end(), [&](const Cell* a) {
        return std::all_of(group.begin(), group.end(),
                           [&](const Cell* b) { return a == b || are_alike(*a, *b); });
    });
}

}  // namespace asyncbench
