#include "reports/text/group_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/order_statistics.hpp"
#include "harness/trial/summary.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// `{names}{verb} 90–100/s [88–103]`, all of them as one.
std::string text_as_one(const RunResult& run, const Group& group, const std::string& verb) {
    const std::string_view metric = ranking_metric(run);
    const Span span = span_of(estimates_of(group, metric));
    return fmt::format("{}{} {}", names_of(run, group), verb, human_range(metric, span.lowest, span.highest));
}

/// Of a group without a clear order: who is shown to be slower than another of it, the slowest first.
std::string slower_ones(const RunResult& run, const Group& group) {
    Group slower;
    for (std::size_t i = 1; i < group.size(); ++i) {  // best first
        const bool is_slower =
            std::any_of(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const Cell* better) { return differs_from(run, *group[i], better->strategy); });
        if (is_slower) slower.push_back(group[i]);
    }
    if (slower.empty()) return {};
    constexpr std::size_t most_told = 3;
    const std::size_t more = slower.size() - std::min(slower.size(), most_told);
    std::vector<std::string> names;
    for (std::size_t i = slower.size(); i > more; --i)
        names.push_back(name_in_text(run, slower[i - 1]->strategy));
    if (more > 0) names.push_back(fmt::format("{} more", more));
    return fmt::format("; {} {} shown to be slower than others of them", listed(names),
                       slower.size() == 1 ? "is" : "are");
}

/// Whether so many trials, all valid, would do.
bool would_rank(std::uint32_t trials) {
    return trials > 0 && median_interval_coverage(trials, 1) >= least_confidence_to_rank;
}

/// `2 trials, 50.0 % confidence`: how little cells of too few trials say.
std::string how_sure(const RunResult& run, const Group& group) {
    const std::string_view metric = ranking_metric(run);
    const auto least = std::min_element(group.begin(), group.end(), [&](const Cell* a, const Cell* b) {
        return estimate_of(*a, metric)->confidence < estimate_of(*b, metric)->confidence;
    });
    const Cell& cell = **least;
    const Estimate& estimate = *estimate_of(cell, metric);
    if (!has_interval(estimate)) return "one trial, no interval";
    return fmt::format("{}, {} confidence", counted(cell.valid_trials, "trial"),
                       human_percent(estimate.confidence));
}

/// Why cells have too few trials for a rank: more are to come, fewer were run, or too few of them are valid.
std::string why_too_few(const RunResult& run, const Group& group) {
    const auto fewest = std::min_element(group.begin(), group.end(), [](const Cell* a, const Cell* b) {
        return a->valid_trials < b->valid_trials;
    });
    const Cell& cell = **fewest;
    const std::uint32_t planned = run.scenario.repetitions;
    const std::string sure = how_sure(run, group);
    if (!run.interrupted && cell.trials < planned && would_rank(planned)) {
        return fmt::format("{}: too few trials yet, {} of {}", sure, cell.trials, planned);
    }
    if (cell.valid_trials < cell.trials) {
        return fmt::format("{}: too few to rank, {} of {} valid", sure, cell.valid_trials,
                           counted(cell.trials, "trial"));
    }
    // What was interrupted had asked for enough.
    return fmt::format("{}: too few to rank{}", sure, would_rank(planned) ? "" : ", -r 5 or more");
}

}  // namespace

std::string listed(const std::vector<std::string>& items) {
    if (items.size() < 2) return items.empty() ? std::string{} : items.front();
    return fmt::format("{} and {}", fmt::join(items.begin(), items.end() - 1, ", "), items.back());
}

Span span_of(const std::vector<Estimate>& estimates) {
    Span span{estimates.front().value, estimates.front()};
    for (const Estimate& estimate : estimates) {
        span.lowest = std::min(span.lowest, estimate.value);
        span.highest.value = std::max(span.highest.value, estimate.value);
        span.highest.low = std::min(span.highest.low, estimate.low);
        span.highest.high = std::max(span.highest.high, estimate.high);
    }
    return span;
}

std::vector<Estimate> estimates_of(const Group& group, std::string_view metric) {
    std::vector<Estimate> estimates;
    estimates.reserve(group.size());
    for (const Cell* cell : group) {
        const Estimate* estimate = estimate_of(*cell, metric);
        if (estimate == nullptr || !std::isfinite(estimate->value)) return {};
        estimates.push_back(*estimate);
    }
    return estimates;
}

std::string range_of_values(std::string_view metric, const std::vector<Estimate>& estimates) {
    Span span = span_of(estimates);
    span.highest.confidence = 0;
    return human_range(metric, span.lowest, span.highest);
}

bool is_named(const Group& group) {
    return group.size() <= most_names;
}

std::string names_of(const RunResult& run, const Group& group) {
    if (!is_named(group)) return fmt::format("{} strategies", group.size());
    std::vector<std::string> names;
    names.reserve(group.size());
    for (const Cell* cell : group) names.push_back(name_in_text(run, cell->strategy));
    return listed(names);
}

std::string names_again(const RunResult& run, const Group& group) {
    constexpr std::size_t most_repeated = 4;
    return group.size() > most_repeated ? fmt::format("these {}", group.size()) : names_of(run, group);
}

std::string text_of(const RunResult& run, const Group& group, bool is_all, const std::string& verb) {
    const std::string_view metric = ranking_metric(run);
    const bool ranks = can_be_ranked(*group.front(), metric);
    if (group.size() > 1 && ranks && is_alike(run, group))
        return text_as_one(run, group, verb) + ", no difference shown";
    std::string text;
    if (is_named(group)) {
        std::vector<std::string> members;
        for (const Cell* cell : group) {
            members.push_back(fmt::format("{}{} {}", name_in_text(run, cell->strategy),
                                          members.empty() ? verb : "",
                                          human_estimate(metric, *estimate_of(*cell, metric))));
        }
        text = listed(members);
    } else {
        text = text_as_one(run, group, verb);
    }
    const bool nothing_to_rank = group.size() < 2 && is_all;
    if (!ranks) {
        return fmt::format("{} ({})", text, nothing_to_rank ? how_sure(run, group) : why_too_few(run, group));
    }
    if (group.size() < 2) return text;
    return fmt::format("{} (no clear order{})", text, is_named(group) ? "" : slower_ones(run, group));
}

}  // namespace asyncbench
