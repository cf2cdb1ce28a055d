#include "reports/text/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "harness/trial/summary.hpp"
#include "harness/workload/units.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

const Estimate* estimate_of(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    return found == cell.metrics.end() ? nullptr : &found->second;
}

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

bool are_apart(const RunResult& run, const Cell& a, const Cell& b, std::string_view metric) {
    const Estimate& one = *estimate_of(a, metric);
    const Estimate& other = *estimate_of(b, metric);
    // A reader would see two ranks for one and the same number.
    if (human_metric(metric, one.value) == human_metric(metric, other.value)) return false;
    if (const auto pair = comparison_between(run, a, b, metric)) {
        return pair->separated && can_rank(pair->ratio);
    }
    return can_rank(one) && can_rank(other) && (one.low > other.high || other.low > one.high);
}

bool can_be_ranked(const Cell& cell, std::string_view metric) {
    return can_rank(*estimate_of(cell, metric));
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

std::string listed(const std::vector<std::string>& items) {
    if (items.size() < 2) return items.empty() ? std::string{} : items.front();
    return fmt::format("{} and {}", fmt::join(items.begin(), items.end() - 1, ", "), items.back());
}

/// Whether no two of the group are apart; else only its order is unknown.
bool is_alike(const RunResult& run, const Group& group) {
    const std::string_view metric = ranking_metric(run);
    return std::all_of(group.begin(), group.end(), [&](const Cell* a) {
        return std::all_of(group.begin(), group.end(),
                           [&](const Cell* b) { return a == b || !are_apart(run, *a, *b, metric); });
    });
}

/// Of cells between which no difference is shown: `a and b serve 90–100/s [88–103], no difference shown`.
std::string text_of_alike(const Group& group, std::string_view metric, const std::string& verb) {
    std::vector<std::string> names;
    Estimate all = *estimate_of(*group.front(), metric);
    double lowest = all.value;
    for (const Cell* cell : group) {
        const Estimate& estimate = *estimate_of(*cell, metric);
        names.push_back(cell->strategy.text());
        lowest = std::min(lowest, estimate.value);
        all.value = std::max(all.value, estimate.value);
        all.low = std::min(all.low, estimate.low);
        all.high = std::max(all.high, estimate.high);
    }
    return fmt::format("{}{} {}, no difference shown", listed(names), verb, human_range(metric, lowest, all));
}

/// Why cells have too few trials for a rank: fewer were run, or too few of them are valid.
std::string why_too_few(const Group& group) {
    const auto fewest = std::min_element(group.begin(), group.end(), [](const Cell* a, const Cell* b) {
        return a->valid_trials < b->valid_trials;
    });
    const Cell& cell = **fewest;
    if (cell.valid_trials == cell.trials) return "too few trials to rank, -r 5 or more";
    return fmt::format("too few to rank: {} of {} valid", cell.valid_trials, counted(cell.trials, "trial"));
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
        return fmt::format("{} ({})", listed(members), why_too_few(group));
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

/// How many times the first strategy's the best one's is, by pairs of trials.
std::string ratio_sentence(const RunResult& run, const Cell& best) {
    const Comparison* comparison = comparison_to_first(run, best);
    if (comparison == nullptr || !differs_from(run, best, comparison->base)) return {};
    const std::string ratio = human_ratio(comparison->ratio);
    const std::string base = comparison->base.text();
    if (ranking_metric(run) != "throughput_rps")
        return fmt::format("That of {} is {} that of {}, trial by trial.", best.strategy.text(), ratio, base);
    return fmt::format("{} serves {} what {} does, trial by trial.", best.strategy.text(), ratio, base);
}

/// What the best cell reaches of what is possible.
std::string ideal_sentence(const PlanSpec& plan, const Cell& best) {
    const Estimate* ideal = estimate_of(best, "ideal_rps");
    const Estimate* efficiency = estimate_of(best, "efficiency");
    if (ideal == nullptr || efficiency == nullptr) return {};
    if (!std::isfinite(ideal->value) || !std::isfinite(efficiency->value)) return {};
    const std::string reached =
        fmt::format("{} reaches {}", best.strategy.text(), human_percent(efficiency->value));
    switch (plan.kind) {
        case PlanKind::open:
            return fmt::format("The schedule offers {}; {} of what it and the target's delays allow.",
                               human_rate(plan.rate_rps), reached);
        case PlanKind::batch:
            return fmt::format("With the target's delays alone the batch of {} would run at {}; {} of it.",
                               counted(plan.requests, "request"), human_rate(ideal->value), reached);
        case PlanKind::closed:
            break;
    }
    return fmt::format("The target's delays alone would allow {}; {} of it.", human_rate(ideal->value),
                       reached);
}

/// The code of the warning that made the cell invalid.
std::string why_invalid(const Cell& cell) {
    const auto why = std::find_if(cell.warnings.begin(), cell.warnings.end(),
                                  [](const Warning& warning) { return warning.invalidates; });
    return why == cell.warnings.end() ? "unknown" : why->code;
}

std::string invalid_sentence(const RunResult& run) {
    constexpr std::size_t most_names = 4;
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const Cell& cell : run.summary) {
        if (cell.valid()) continue;
        names_by_reason[why_invalid(cell)].push_back(
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
        if (cell.concurrency == concurrency && cell.valid() && estimate_of(cell, metric) != nullptr) {
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
    return std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& other) {
        return other.strategy == base && other.concurrency == cell.concurrency &&
               estimate_of(other, metric) != nullptr && estimate_of(cell, metric) != nullptr &&
               are_apart(run, cell, other, metric);
    });
}

bool can_rank(const Estimate& estimate) {
    constexpr double least_confidence = 0.9;  // which five trials give and four do not
    return estimate.confidence >= least_confidence;
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
        add(ratio_sentence(run, *groups.front().front()));
        add(ideal_sentence(run.scenario.plan, *groups.front().front()));
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
