#include "analysis/ranking/choice.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

/// Usable and measured, the best median first.
Group cells_of(const RunResult& run, std::uint32_t concurrency, std::string_view metric) {
    Group cells;
    for (const Cell& cell : run.summary) {
        if (cell.concurrency == concurrency && cell.usable() && estimate_of(cell, metric) != nullptr)
            cells.push_back(&cell);
    }
    const MetricInfo* info = find_metric(metric);
    const bool lower = info != nullptr && info->better == Better::lower;
    std::stable_sort(cells.begin(), cells.end(), [&](const Cell* a, const Cell* b) {
        const double left = estimate_of(*a, metric)->value;
        const double right = estimate_of(*b, metric)->value;
        return lower ? left < right : left > right;
    });
    return cells;
}

/// Those that none of the others is shown to beat, `least` times or more.
Group unbeaten(const Ranking& ranking, const Group& cells, std::string_view metric, double least = 1) {
    Group left;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(left), [&](const Cell* cell) {
        return std::none_of(cells.begin(), cells.end(), [&](const Cell* other) {
            if (!ranking.shows(other->strategy, cell->strategy, metric)) return false;
            const double ratio = ranking.find(other->strategy, cell->strategy, metric)->ratio.value;
            return std::max(ratio, 1 / ratio) >= least;
        });
    });
    // Orders of three may run in a circle; then nothing is told by them.
    return left.empty() ? cells : left;
}

/// Whether one value is within 10 % of another.
bool is_close(double ratio) {
    constexpr double most = 1.10;
    return std::max(ratio, 1 / ratio) <= most;
}

Group close_to_best(const Ranking& ranking, const Group& cells) {
    const Cell& best = *cells.front();
    const double best_value = estimate_of(best, ranking.metric)->value;
    Group left;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(left), [&](const Cell* cell) {
        const double value = estimate_of(*cell, ranking.metric)->value;
        const Order* order = ranking.find(best.strategy, cell->strategy, ranking.metric);
        const bool alike =
            order != nullptr && (order->verdict == OrderVerdict::alike ||
                                 order->verdict == OrderVerdict::through_target || waits_may_explain(*order));
        return cell == &best || alike || is_close(value / best_value);
    });
    return left;
}

Group of_fewest_lines(const RunResult& run, const Group& cells) {
    std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
    const auto lines_of = [&](const Cell* cell) {
        const auto found = run.code_lines.find(cell->strategy.name);
        return found == run.code_lines.end() ? 0 : found->second;
    };
    for (const Cell* cell : cells) {
        if (lines_of(cell) == 0) return cells;
        fewest = std::min(fewest, lines_of(cell));
    }
    Group left;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(left),
                 [&](const Cell* cell) { return lines_of(cell) == fewest; });
    return left;
}

}  // namespace

Group without(const Group& all, const Group& some) {
    Group left;
    std::copy_if(all.begin(), all.end(), std::back_inserter(left),
                 [&](const Cell* cell) { return std::find(some.begin(), some.end(), cell) == some.end(); });
    return left;
}

std::vector<Group> ranked_groups(const RunResult& run) {
    if (!run.ranking) return {};
    const Ranking& ranking = *run.ranking;
    const Group cells = cells_of(run, ranking.concurrency, ranking.metric);
    std::vector<Group> groups;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        bool joined = false;
        for (std::size_t above = 0; above < i && !joined; ++above) {
            for (std::size_t below = i; below < cells.size() && !joined; ++below)
                joined = !ranking.shows(cells[above]->strategy, cells[below]->strategy, ranking.metric);
        }
        if (!joined) groups.emplace_back();
        groups.back().push_back(cells[i]);
    }
    return groups;
}

Choice choose(const RunResult& run) {
    Choice choice;
    const auto groups = ranked_groups(run);
    if (groups.empty()) return choice;
    const Ranking& ranking = *run.ranking;
    choice.fastest = unbeaten(ranking, groups.front(), ranking.metric);
    choice.close = close_to_best(ranking, choice.fastest);
    choice.chosen = choice.close;
    const auto narrow = [&](Group left, Choice::By by) {
        if (left.size() == choice.chosen.size()) return;
        choice.steps.push_back({by, without(choice.chosen, left), left});
        choice.chosen = std::move(left);
    };
    constexpr double least_of_costs = 1.10;
    narrow(unbeaten(ranking, choice.chosen, "cpu_us_per_request", least_of_costs), Choice::By::cpu);
    narrow(unbeaten(ranking, choice.chosen, "peak_rss_bytes", least_of_costs), Choice::By::memory);
    narrow(of_fewest_lines(run, choice.chosen), Choice::By::code);
    return choice;
}

const Comparison* comparison_to_base(const RunResult& run, const Cell& cell) {
    const Cell* base = base_cell(run.summary, cell.concurrency);
    if (base == nullptr) return nullptr;
    const auto found =
        std::find_if(run.comparisons.begin(), run.comparisons.end(), [&](const Comparison& pair) {
            return pair.head == cell.strategy && pair.concurrency == cell.concurrency &&
                   pair.metric == ranking_metric(run.scenario) && pair.base == base->strategy;
        });
    return found == run.comparisons.end() ? nullptr : &*found;
}

std::optional<double> all_alike_within(const RunResult& run, std::uint32_t concurrency) {
    constexpr double most = 0.10;
    if (is_wrong_as_a_whole(run)) return std::nullopt;
    double within = 0;
    std::size_t compared = 0;
    const Cell* base = base_cell(run.summary, concurrency);
    for (const Cell& cell : run.summary) {
        if (cell.concurrency != concurrency || !cell.usable() || &cell == base) continue;
        const Comparison* comparison = comparison_to_base(run, cell);
        if (comparison == nullptr || comparison->ratio.confidence < least_confidence_to_rank)
            return std::nullopt;
        ++compared;
        within = std::max({within, comparison->ratio.high - 1, 1 / comparison->ratio.low - 1});
    }
    return compared > 0 && within <= most ? std::optional(within) : std::nullopt;
}

std::optional<Comparison> shown_tail(const RunResult& run, const Cell& base, const Cell& head) {
    constexpr double least = 1.10;
    auto tail = compare_cells(
        base, head, has_response_times(run.scenario) ? "response_p99_ns" : "service_p99_ns", run.trials);
    if (!tail || !tail->separated || std::max(tail->ratio.value, 1 / tail->ratio.value) < least)
        return std::nullopt;
    return tail;
}

bool waits_may_explain(const Order& order) {
    if (!order.unwaiting_ratio) return false;
    return turns_with_waits_given_back(order) ||
           (!is_close(order.ratio.value) && is_close(order.unwaiting_ratio->value));
}

std::optional<Bounds> undisturbed_bounds(const Scenario& scenario, const Cell& base, const Cell& head) {
    if (scenario.plan.kind == PlanKind::open) return std::nullopt;
    const Estimate* base_rate = estimate_of(base, "throughput_rps");
    const Estimate* head_rate = estimate_of(head, "throughput_rps");
    const Estimate* base_ideal = estimate_of(base, "ideal_rps");
    const Estimate* head_ideal = estimate_of(head, "ideal_rps");
    if (base_rate == nullptr || head_rate == nullptr || base_ideal == nullptr || head_ideal == nullptr)
        return std::nullopt;
    constexpr double least_confidence = 0.9;
    if (std::min(base_rate->confidence, head_rate->confidence) < least_confidence) return std::nullopt;
    if (!(base_rate->low > 0) || !(base_ideal->value > 0)) return std::nullopt;
    return Bounds{head_rate->low / base_ideal->value, head_ideal->value / base_rate->low};
}

}  // namespace asyncbench
