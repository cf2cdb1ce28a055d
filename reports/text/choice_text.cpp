#include "reports/text/choice_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// `coroutine serves 12,400/s [12,300–12,500]`; `callback and coroutine serve about 12,400/s each`;
/// `callback and coroutine serve 12,400/s and 11,100/s`.
std::string group_clause(const RunResult& run, const Group& group) {
    const std::string values = values_of(group, ranking_metric(run));
    if (ranks_by_throughput(run))
        return fmt::format("{} {} {}", names_of(run, group), group.size() == 1 ? "serves" : "serve", values);
    return fmt::format("{} answer{} 99 % of the requests within {}", names_of(run, group),
                       group.size() == 1 ? "s" : "", values);
}

/// Why one request at a time does not help those who wait.
std::string one_in_flight_clause(const RunResult& run, const Cell& cell) {
    const bool alone = cell.every_level || has_one_in_flight(run.scenario, cell.strategy);
    if (!alone || cell.concurrency < 2) return {};
    return fmt::format(" (it has one request in flight, so that the other {} callers wait)",
                       human_count(cell.concurrency - 1));
}

std::string others_clause(const RunResult& run, const Group& others) {
    constexpr std::size_t most_named = 6;
    std::string text;
    Group unnamed;
    for (const Cell* cell : others) {
        const std::string one_in_flight = one_in_flight_clause(run, *cell);
        if (one_in_flight.empty() && others.size() > most_named) {
            unnamed.push_back(cell);
        } else {
            text += fmt::format("; {} {}{}", name_in_text(run, cell->strategy),
                                values_of({cell}, ranking_metric(run)), one_in_flight);
        }
    }
    if (unnamed.empty()) return text;
    const std::string range =
        range_of_values(ranking_metric(run), estimates_of(unnamed, ranking_metric(run)));
    return fmt::format("; {} {}{}", counted(unnamed.size(), "other"), range, text);
}

std::string_view words_of(Choice::By by) {
    switch (by) {
        case Choice::By::cpu:
            return "CPU time";
        case Choice::By::memory:
            return "memory";
        case Choice::By::code:
            break;
    }
    return "code";
}

/// What told the chosen from those that are as fast: `, of which thread-pool needs more CPU time and callback
/// more code`.
std::string why_chosen(const RunResult& run, const Choice& choice) {
    std::vector<std::string> parts;
    for (const Choice::Step& step : choice.steps) {
        const char* verb = !parts.empty() ? "" : step.left_out.size() == 1 ? "needs " : "need ";
        parts.push_back(fmt::format("{} {}more {}", names_of(run, step.left_out), verb, words_of(step.by)));
    }
    return parts.empty() ? "" : ", of which " + listed(parts);
}

const Order* order_between(const RunResult& run, const Cell& a, const Cell& b, std::string_view metric) {
    return run.ranking->find(a.strategy, b.strategy, metric);
}

/// The ratio of `head` to `base`, whichever way it was asked.
Estimate ratio_between(const Order& order, const Cell& head) {
    const Estimate& ratio = order.ratio;
    if (order.head == head.strategy) return ratio;
    return {1 / ratio.value, 1 / ratio.high, 1 / ratio.low, ratio.confidence};
}

std::uint32_t lines_of(const RunResult& run, const Cell& cell) {
    const auto found = run.code_lines.find(cell.strategy.name);
    return found == run.code_lines.end() ? 0 : found->second;
}

std::string code_clause(const RunResult& run, const Group& group) {
    std::vector<std::string> parts;
    for (const Cell* cell : group) {
        const std::uint32_t lines = lines_of(run, *cell);
        if (lines == 0) return {};
        parts.push_back(fmt::format("{} {}", name_in_text(run, cell->strategy), human_count(lines)));
    }
    return fmt::format("lines of code: {}", fmt::join(parts, ", "));
}

struct Cost {
    std::string_view metric;
    std::string_view noun;
    Choice::By by;
};
constexpr Cost costs[] = {{"cpu_us_per_request", "CPU time a request", Choice::By::cpu},
                          {"peak_rss_bytes", "memory", Choice::By::memory}};

/// `34 % [29–38] less CPU time a request` than the other; empty where no difference is shown.
std::string cost_clause(const RunResult& run, const Cell& cell, const Cell& other, const Cost& cost) {
    const Order* order = order_between(run, cell, other, cost.metric);
    if (order == nullptr || !order->is_ordered()) return {};
    return difference_of(ratio_between(*order, cell), cost.noun);
}

/// `34 % [29–38] less CPU time a request and 26 % [25–27] less memory than thread-pool`, of what is shown.
std::string side_clause(const RunResult& run, const Cell& chosen, const Cell& other) {
    std::vector<std::string> parts;
    for (const Cost& cost : costs) {
        std::string clause = cost_clause(run, chosen, other, cost);
        if (!clause.empty()) parts.push_back(std::move(clause));
    }
    if (parts.empty()) return {};
    return fmt::format("{} than {}", listed(parts), name_in_text(run, other.strategy));
}

/// Of those that a cost left out: who is shown to need less, where that is not the chosen one itself.
std::vector<std::string> witness_clauses(const RunResult& run, const Choice& choice) {
    std::vector<std::string> clauses;
    const Cell& chosen = *choice.chosen.front();
    for (const Choice::Step& step : choice.steps) {
        const auto cost = std::find_if(std::begin(costs), std::end(costs),
                                       [&](const Cost& each) { return each.by == step.by; });
        if (cost == std::end(costs)) continue;
        for (const Cell* other : step.left_out) {
            if (run.ranking->shows(chosen.strategy, other->strategy, cost->metric)) continue;
            const auto witness = std::find_if(step.left.begin(), step.left.end(), [&](const Cell* cell) {
                return run.ranking->shows(cell->strategy, other->strategy, cost->metric);
            });
            if (witness == step.left.end()) continue;
            clauses.push_back(fmt::format("{} needs {} than {}", name_in_text(run, (*witness)->strategy),
                                          cost_clause(run, **witness, *other, *cost),
                                          name_in_text(run, other->strategy)));
        }
    }
    return clauses;
}

/// `the p99 latency of coroutine is 1.30× [1.24–1.39] that of thread-pool`, of what is shown. An open loop is
/// ranked by that.
std::string tail_clause(const RunResult& run, const Choice& choice) {
    const Cell& chosen = *choice.chosen.front();
    std::vector<std::string> parts;
    for (const Cell* other : choice.close) {
        if (other == &chosen || !ranks_by_throughput(run)) continue;
        if (const auto tail = shown_tail(run, *other, chosen))
            parts.push_back(
                fmt::format("{} that of {}", human_ratio(tail->ratio), name_in_text(run, other->strategy)));
    }
    if (parts.empty()) return {};
    return fmt::format("the p99 latency of {} is {}", name_in_text(run, chosen.strategy), listed(parts));
}

/// The costs of which no difference is shown within the group, in words.
std::vector<std::string> costs_without_difference(const RunResult& run, const Group& group) {
    std::vector<std::string> nouns;
    for (const Cost& cost : costs) {
        bool asked = false;
        bool shown = false;
        for (const Cell* one : group) {
            for (const Cell* other : group) {
                const Order* order = one < other ? order_between(run, *one, *other, cost.metric) : nullptr;
                asked = asked || order != nullptr;
                shown = shown || (order != nullptr && order->is_ordered());
            }
        }
        if (asked && !shown) nouns.emplace_back(words_of(cost.by));
    }
    return nouns;
}

}  // namespace

std::string choice_sentence(const RunResult& run, const Choice& choice) {
    const std::uint32_t level = run.ranking->concurrency;
    const Group others = without(usable_cells(run, level), choice.close);
    return fmt::format("Choose {}: at {}{}, {}{}{}.", names_of(run, choice.chosen, "or"),
                       describe_users(run.scenario.plan, level), describe_delay(run.scenario),
                       group_clause(run, choice.close), why_chosen(run, choice), others_clause(run, others));
}

std::string side_sentence(const RunResult& run, const Choice& choice) {
    if (choice.close.size() < 2) return {};
    const Cell& chosen = *choice.chosen.front();
    std::vector<std::string> parts;
    for (const Cell* other : choice.close) {
        std::string clause = other == &chosen ? "" : side_clause(run, chosen, *other);
        if (!clause.empty()) parts.push_back(std::move(clause));
    }
    std::string text;
    if (!parts.empty())
        text = fmt::format("At that speed {} needs {}", name_in_text(run, chosen.strategy),
                           fmt::join(parts, "; "));
    const auto add = [&](const std::string& clause) { text += (text.empty() ? "" : "; ") + clause; };
    for (const std::string& clause : witness_clauses(run, choice)) add(clause);
    if (const auto nouns = costs_without_difference(run, choice.close); !nouns.empty())
        add(fmt::format("{}o difference in {} is shown", text.empty() ? 'N' : 'n', listed(nouns, "or")));
    if (const std::string tail = tail_clause(run, choice); !tail.empty()) add(tail);
    if (const std::string code = code_clause(run, choice.close); !code.empty())
        add(text.empty() ? fmt::format("They differ in {}", code) : code);
    return text.empty() ? "" : text + ".";
}

std::string likeness_sentence(const RunResult& run, const Choice& choice) {
    const Group& group = choice.close;
    double within = 0;
    std::vector<std::string> through;
    std::vector<std::string> open;
    for (std::size_t i = 0; i < group.size(); ++i) {
        for (std::size_t j = i + 1; j < group.size(); ++j) {
            const Order* order = order_between(run, *group[i], *group[j], ranking_metric(run));
            if (order == nullptr) continue;
            const std::string head = name_in_text(run, group[i]->strategy);
            const std::string base = name_in_text(run, group[j]->strategy);
            const std::string ratio = human_ratio(ratio_between(*order, *group[i]));
            if (order->verdict == OrderVerdict::alike) {
                within = std::max(within, order->alike_within);
            } else if (order->verdict == OrderVerdict::through_target) {
                Order punctual = *order;
                punctual.ratio = *order->punctual_ratio;
                through.push_back(
                    fmt::format("{} to {} is {}, but {} with the target's own lateness taken out", head, base,
                                ratio, human_ratio(ratio_between(punctual, *group[i]))));
            } else if (order->verdict == OrderVerdict::open) {
                open.push_back(fmt::format("{} to {} {}", head, base, ratio));
            }
        }
    }
    std::string text;
    if (within > 0 && open.empty() && through.empty()) {
        return fmt::format("Their speed is alike within {}.", human_deviation(within));
    }
    if (!open.empty())
        text = fmt::format("Which of them is faster is not shown ({}).", fmt::join(open, ", "));
    if (!through.empty()) {
        text += fmt::format("{}The target answered some later than others: {}.", text.empty() ? "" : " ",
                            fmt::join(through, "; "));
    }
    return text;
}

std::string unshown_sentence(const RunResult& run, const Choice& choice) {
    const Cell& chosen = *choice.chosen.front();
    std::vector<std::string> parts;
    for (const Cell* other : without(usable_cells(run, run.ranking->concurrency), choice.close)) {
        if (run.ranking->shows(chosen.strategy, other->strategy, ranking_metric(run))) continue;
        const Order* order = order_between(run, chosen, *other, ranking_metric(run));
        if (order == nullptr) continue;
        parts.push_back(fmt::format("{} (measured {})", name_in_text(run, other->strategy),
                                    human_ratio(ratio_between(*order, chosen))));
    }
    if (parts.empty()) return {};
    return fmt::format("It is not shown that {} is faster than {}: there the choice is by medians alone.",
                       name_in_text(run, chosen.strategy), listed(parts, "or"));
}

std::string waits_sentence(const RunResult& run, const Choice& choice) {
    std::vector<std::string> waited;
    for (auto behind = choice.close.begin(); behind != choice.close.end(); ++behind) {
        const bool explained = std::any_of(choice.close.begin(), behind, [&](const Cell* ahead) {
            const Order* order = order_between(run, *ahead, **behind, ranking_metric(run));
            return order != nullptr && order->verdict == OrderVerdict::open && waits_may_explain(*order);
        });
        if (explained) waited.push_back(name_in_text(run, (*behind)->strategy));
    }
    if (waited.empty()) return {};
    return fmt::format(
        "Other programs had the CPU while {} waited for it; on an idle machine {} may be as fast, or faster.",
        listed(waited), waited.size() == 1 ? "it" : "they");
}

}  // namespace asyncbench
