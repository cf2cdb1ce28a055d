#include "reports/text/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "harness/stats/order_statistics.hpp"
#include "harness/trial/summary.hpp"
#include "harness/workload/units.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

std::string listed(const std::vector<std::string>& items) {
    if (items.size() < 2) return items.empty() ? std::string{} : items.front();
    return fmt::format("{} and {}", fmt::join(items.begin(), items.end() - 1, ", "), items.back());
}

/// Several estimates as one: the lowest value, and the highest with the interval that holds all of theirs.
struct Span {
    double lowest = 0;
    Estimate highest;
};

/// Of one or more.
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

/// The metric of each cell; empty where one of them has no number, for the rest would stand for the group.
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

/// Values alone, whose intervals say little beside the range.
std::string range_of_values(std::string_view metric, const std::vector<Estimate>& estimates) {
    Span span = span_of(estimates);
    span.highest.confidence = 0;
    return human_range(metric, span.lowest, span.highest);
}

std::string names_of(const Group& group) {
    std::vector<std::string> names;
    names.reserve(group.size());
    for (const Cell* cell : group) names.push_back(cell->strategy.text());
    return listed(names);
}

/// The same in a sentence after the one that named each.
std::string names_again(const Group& group) {
    constexpr std::size_t most_names = 4;
    return group.size() > most_names ? fmt::format("these {}", group.size()) : names_of(group);
}

/// Of cells between which no difference is shown: `a and b serve 90–100/s [88–103], no difference shown`.
std::string text_of_alike(const Group& group, std::string_view metric, const std::string& verb) {
    const Span span = span_of(estimates_of(group, metric));
    return fmt::format("{}{} {}, no difference shown", names_of(group), verb,
                       human_range(metric, span.lowest, span.highest));
}

/// Whether so many trials, all valid, would do.
bool would_rank(std::uint32_t trials) {
    return trials > 0 && median_interval_coverage(trials, 1) >= least_confidence_to_rank;
}

/// Why cells have too few trials for a rank: more are to come, fewer were run, or too few of them are valid.
std::string why_too_few(const RunResult& run, const Group& group) {
    const auto fewest = std::min_element(group.begin(), group.end(), [](const Cell* a, const Cell* b) {
        return a->valid_trials < b->valid_trials;
    });
    const Cell& cell = **fewest;
    const std::uint32_t planned = run.scenario.repetitions;
    if (!run.interrupted && cell.trials < planned && would_rank(planned)) {
        return fmt::format("too few trials yet, {} of {}", cell.trials, planned);
    }
    if (cell.valid_trials < cell.trials) {
        return fmt::format("too few to rank: {} of {} valid", cell.valid_trials,
                           counted(cell.trials, "trial"));
    }
    // What was interrupted had asked for enough.
    return would_rank(planned) ? "too few trials to rank" : "too few trials to rank, -r 5 or more";
}

/// `verb` stands behind the names, with the space before it.
std::string text_of(const RunResult& run, const Group& group, bool is_all, const std::string& verb) {
    const std::string_view metric = ranking_metric(run);
    if (group.size() > 1 && can_be_ranked(*group.front(), metric) && is_alike(run, group)) {
        return text_of_alike(group, metric, verb);
    }
    std::vector<std::string> members;
    for (const Cell* cell : group) {
        members.push_back(fmt::format("{}{} {}", cell->strategy.text(), members.empty() ? verb : "",
                                      human_estimate(metric, *estimate_of(*cell, metric))));
    }
    const bool nothing_to_rank = group.size() < 2 && is_all;
    if (!nothing_to_rank && !can_be_ranked(*group.front(), metric))
        return fmt::format("{} ({})", listed(members), why_too_few(run, group));
    return group.size() < 2 ? listed(members) : fmt::format("{} (no clear order)", listed(members));
}

/// ` of 20 ms`, or what is known of delays that vary.
std::string delay_of(const Scenario& scenario) {
    const DelaySpec& delay = scenario.profile.delay;
    if (has_foreign_target(scenario) || delay.mean() == Nanoseconds{0}) return {};
    if (delay.shape() != DelaySpec::Shape::constant) return fmt::format(" with latency {}", delay.text());
    return fmt::format(" of {:g} ms", static_cast<double>(delay.mean().count()) / 1e6);
}

std::string load_of(const RunResult& run, std::uint32_t concurrency) {
    const PlanSpec& plan = run.scenario.plan;
    const std::string users =
        fmt::format("{} concurrent request{}", human_count(concurrency), concurrency == 1 ? "" : "s");
    if (plan.kind == PlanKind::open)
        return fmt::format("{} offered and at most {}", human_rate(plan.rate_rps), users);
    return users;
}

std::string ranking_sentence(const RunResult& run, std::uint32_t concurrency,
                             const std::vector<Group>& groups) {
    const std::string_view metric = ranking_metric(run);
    const bool by_throughput = metric == "throughput_rps";
    const bool first_is_plural = groups.front().size() > 1 && is_alike(run, groups.front()) &&
                                 can_be_ranked(*groups.front().front(), metric);
    std::string texts;
    for (const Group& group : groups) {
        if (!texts.empty()) texts += can_be_ranked(*group.front(), metric) ? "; " : "; besides ";
        const char* verb = texts.empty() && by_throughput ? first_is_plural ? " serve" : " serves" : "";
        texts += text_of(run, group, groups.size() == 1, verb);
    }
    return fmt::format("At {}{}, {}{}.", load_of(run, concurrency), delay_of(run.scenario),
                       by_throughput ? "" : "the 99th percentile of the response time is: ", texts);
}

/// How many times the first strategy's the best group's is, by pairs of trials; nothing where that is not
/// shown of each of them.
std::string ratio_sentence(const RunResult& run, const Group& best) {
    std::vector<Estimate> ratios;
    for (const Cell* cell : best) {
        const Comparison* comparison = comparison_to_first(run, *cell);
        if (comparison == nullptr || !can_rank(comparison->ratio)) return {};
        if (!differs_from(run, *cell, comparison->base)) return {};
        ratios.push_back(comparison->ratio);
    }
    const Span span = span_of(ratios);
    const std::string ratio = human_ratio_range(span.lowest, span.highest);
    const std::string base = run.scenario.strategies.front().text();
    const bool one = best.size() == 1;
    if (ranking_metric(run) != "throughput_rps") {
        return fmt::format("{} of {} {} {} that of {}, trial by trial.", one ? "That" : "Those",
                           names_again(best), one ? "is" : "are", ratio, base);
    }
    std::string text = fmt::format("{} {} {} what {} does, trial by trial.", names_again(best),
                                   one ? "serves" : "serve", ratio, base);
    if (text.starts_with("these")) text.front() = 'T';
    return text;
}

/// What the best group reaches of what is possible.
std::string ideal_sentence(const PlanSpec& plan, const Group& best) {
    const std::vector<Estimate> ideals = estimates_of(best, "ideal_rps");
    const std::vector<Estimate> efficiencies = estimates_of(best, "efficiency");
    if (ideals.empty() || efficiencies.empty()) return {};
    const std::string ideal = range_of_values("ideal_rps", ideals);
    const std::string reached =
        fmt::format("{} {} {}", names_again(best), best.size() == 1 ? "reaches" : "reach",
                    range_of_values("efficiency", efficiencies));
    switch (plan.kind) {
        case PlanKind::open:
            return fmt::format("The schedule offers {}; {} of what it and the target's delays allow.",
                               human_rate(plan.rate_rps), reached);
        case PlanKind::batch:
            return fmt::format("With the target's delays alone the batch of {} would run at {}; {} of it.",
                               counted(plan.requests, "request"), ideal, reached);
        case PlanKind::closed:
            break;
    }
    return fmt::format("The target's delays alone would allow {}; {} of it.", ideal, reached);
}

/// The code of the first that invalidates.
std::string why_invalid(const std::vector<Warning>& warnings) {
    const auto why = std::find_if(warnings.begin(), warnings.end(),
                                  [](const Warning& warning) { return warning.invalidates; });
    return why == warnings.end() ? "unknown" : why->code;
}

std::string invalid_sentence(const RunResult& run) {
    constexpr std::size_t most_names = 4;
    if (is_invalid_as_a_whole(run)) {
        return fmt::format("Not ranked, because the measurement is not valid: the run as a whole ({}).",
                           why_invalid(run.warnings));
    }
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const Cell& cell : run.summary) {
        if (cell.valid()) continue;
        names_by_reason[why_invalid(cell.warnings)].push_back(
            fmt::format("{} at {}", cell.strategy.text(), human_count(cell.concurrency)));
    }
    if (names_by_reason.empty()) return {};
    std::vector<std::string> parts;
    for (const auto& [reason, names] : names_by_reason) {
        const std::string which = names.size() > most_names ? counted(names.size(), "cell") : listed(names);
        parts.push_back(fmt::format("{} ({})", which, reason));
    }
    return fmt::format("Not ranked, because the measurement is not valid: {}.", fmt::join(parts, "; "));
}

std::optional<std::uint32_t> highest_ranked(const RunResult& run) {
    const auto levels = concurrencies_of(run);
    const auto found = std::find_if(levels.rbegin(), levels.rend(),
                                    [&](std::uint32_t level) { return !ranked_groups(run, level).empty(); });
    return found == levels.rend() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", human_count(count), noun, count == 1 ? "" : "s");
}

std::vector<std::string> answer(const RunResult& run) {
    std::vector<std::string> sentences;
    const auto add = [&](std::string sentence) {
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    };
    const auto level = highest_ranked(run);
    if (level) {
        const auto groups = ranked_groups(run, *level);
        add(ranking_sentence(run, *level, groups));
        add(ratio_sentence(run, groups.front()));
        add(ideal_sentence(run.scenario.plan, groups.front()));
        const std::uint32_t lowest = concurrencies_of(run).front();
        const auto at_lowest = ranked_groups(run, lowest);
        if (lowest != *level && at_lowest.size() == 1 && at_lowest.front().size() > 1 &&
            can_be_ranked(*at_lowest.front().front(), ranking_metric(run)) &&
            is_alike(run, at_lowest.front())) {
            add(fmt::format("At {} no difference is shown between the strategies.", load_of(run, lowest)));
        }
    } else {
        add("No measurement is valid, so there is no answer.");
    }
    add(invalid_sentence(run));
    if (run.interrupted) {
        add(fmt::format("The run was interrupted after {}.", counted(run.trials.size(), "trial")));
    }
    return sentences;
}

}  // namespace asyncbench
