#include "reports/text/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>

#include "harness/ranking/looks.hpp"
#include "harness/ranking/rank.hpp"
#include "harness/trial/summary.hpp"
#include "harness/workload/units.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

bool by_throughput(const RunResult& run) {
    return ranking_metric(run) == "throughput_rps";
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

/// The highest concurrency at which anything counts.
std::optional<std::uint32_t> highest_usable(const RunResult& run) {
    std::optional<std::uint32_t> highest;
    for (const Cell& cell : run.summary) {
        if (!is_usable(run, cell) || estimate_of(cell, ranking_metric(run)) == nullptr) continue;
        highest = std::max(highest.value_or(0), cell.concurrency);
    }
    return highest;
}

Group usable_cells(const RunResult& run, std::uint32_t concurrency) {
    Group cells;
    for (const Cell& cell : run.summary) {
        if (cell.concurrency == concurrency && is_usable(run, cell) &&
            estimate_of(cell, ranking_metric(run)) != nullptr)
            cells.push_back(&cell);
    }
    return cells;
}

Group without(const Group& all, const Group& some) {
    Group left;
    std::copy_if(all.begin(), all.end(), std::back_inserter(left),
                 [&](const Cell* cell) { return std::find(some.begin(), some.end(), cell) == some.end(); });
    return left;
}

/// `coroutine serves 12,400/s [12,300–12,500]`; `callback and coroutine serve about 12,400/s each`.
std::string group_clause(const RunResult& run, const Group& group) {
    const std::string values = values_of(group, ranking_metric(run));
    if (by_throughput(run))
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

/// What told the chosen from those that are as fast.
std::string why_chosen(const RunResult& run, const Choice& choice) {
    const auto what = [&]() -> std::string_view {
        switch (choice.by) {
            case Choice::By::cpu:
                return "the least CPU time";
            case Choice::By::memory:
                return "the least memory";
            case Choice::By::code:
                return "the least code";
            case Choice::By::speed:
            case Choice::By::no_difference:
                break;
        }
        return {};
    }();
    if (what.empty()) return {};
    return fmt::format(", and {} need{} {} of these", names_of(run, choice.chosen),
                       choice.chosen.size() == 1 ? "s" : "", what);
}

/// The first sentence: what to choose and why, and the speed of everybody.
std::string choice_sentence(const RunResult& run, const Choice& choice) {
    const std::uint32_t level = run.ranking->concurrency;
    const Group others = without(usable_cells(run, level), choice.close);
    return fmt::format("Choose {}: at {}{}, {}{}{}.", names_of(run, choice.chosen, "or"), load_of(run, level),
                       delay_of(run.scenario), group_clause(run, choice.close), why_chosen(run, choice),
                       others_clause(run, others));
}

/// Where so few blocks cannot show any order, however clear it is.
std::string too_few_sentence(const RunResult& run) {
    const Ranking& ranking = *run.ranking;
    const double least_p_value = std::ldexp(1.0, 1 - static_cast<int>(ranking.blocks.size()));
    const std::size_t questions = questions_of(run.scenario);
    if (least_p_value * static_cast<double>(questions) <= ranking.alpha) return {};
    return fmt::format(
        "The choice is by medians alone: {} cannot show an order of {} strategies; {} can (leave out "
        "-r).",
        counted(ranking.blocks.size(), "block"), run.scenario.strategies.size(),
        blocks_of_first_look(questions));
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

/// `than thread-pool 34 % [29–38] less CPU time a request and 26 % [25–27] less memory`, of what is shown.
std::string side_clause(const RunResult& run, const Cell& chosen, const Cell& other) {
    std::vector<std::string> parts;
    for (const auto& [metric, noun] :
         {std::pair{"cpu_us_per_request", "CPU time a request"}, std::pair{"peak_rss_bytes", "memory"}}) {
        const Order* order = order_between(run, chosen, other, metric);
        if (order == nullptr || !order->is_ordered()) continue;
        parts.push_back(difference_of(ratio_between(*order, chosen), noun));
    }
    if (parts.empty()) return {};
    return fmt::format("{} than {}", listed(parts), name_in_text(run, other.strategy));
}

/// The second sentence: what differs beside speed among those that are as fast.
std::string side_sentence(const RunResult& run, const Choice& choice) {
    if (choice.close.size() < 2) return {};
    const Cell& chosen = *choice.chosen.front();
    std::vector<std::string> parts;
    for (const Cell* other : choice.close) {
        if (other == &chosen) continue;
        const std::string clause = side_clause(run, chosen, *other);
        if (!clause.empty()) parts.push_back(clause);
    }
    const std::string code = code_clause(run, choice.close);
    if (parts.empty()) {
        const bool asked = std::any_of(choice.close.begin(), choice.close.end(), [&](const Cell* other) {
            return order_between(run, chosen, *other, "cpu_us_per_request") != nullptr;
        });
        if (!asked) return code.empty() ? "" : fmt::format("They differ in {}.", code);
        const std::string tail = code.empty() ? "" : "; " + code;
        return fmt::format("No difference in CPU time or memory is shown{}.", tail);
    }
    return fmt::format("At that speed {} needs {}{}.", name_in_text(run, chosen.strategy),
                       fmt::join(parts, "; "), code.empty() ? "" : "; " + code);
}

/// How many times what the slowest of the ranked does, by pairs of trials.
std::string ratio_sentence(const RunResult& run, const Choice& choice) {
    const Cell* base = base_cell(run.summary, run.ranking->concurrency);
    if (base == nullptr || !by_throughput(run)) return {};
    if (std::find(choice.close.begin(), choice.close.end(), base) != choice.close.end()) return {};
    std::vector<Estimate> ratios;
    for (const Cell* cell : choice.close) {
        const Comparison* comparison = comparison_to_base(run, *cell);
        if (comparison == nullptr || !can_rank(comparison->ratio)) return {};
        ratios.push_back(comparison->ratio);
    }
    const Span span = span_of(ratios);
    std::string ideal;
    if (const auto shares = estimates_of(choice.close, "efficiency"); !shares.empty())
        ideal =
            fmt::format(", and {} of what the target's delays allow", range_of_values("efficiency", shares));
    return fmt::format(
        "{} speed is {} what {} does, block by block{}.", choice.close.size() == 1 ? "Its" : "Their",
        human_ratio_range(span.lowest, span.highest), name_in_text(run, base->strategy), ideal);
}

/// What is shown between those that are as fast.
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
    if (!open.empty()) text = fmt::format("No order between them is shown ({}).", fmt::join(open, ", "));
    if (!through.empty()) {
        text += fmt::format("{}The target answered some later than others: {}.", text.empty() ? "" : " ",
                            fmt::join(through, "; "));
    }
    return text;
}

/// Those that are slower by their medians alone: no order of them and the chosen is shown.
std::string unshown_sentence(const RunResult& run, const Choice& choice) {
    const Cell& chosen = *choice.chosen.front();
    std::vector<std::string> parts;
    std::vector<std::string> waited;
    for (const Cell* other : without(usable_cells(run, run.ranking->concurrency), choice.close)) {
        if (run.ranking->shows(chosen.strategy, other->strategy, ranking_metric(run))) continue;
        const Order* order = order_between(run, chosen, *other, ranking_metric(run));
        if (order == nullptr) continue;
        parts.push_back(fmt::format("{} ({})", name_in_text(run, other->strategy),
                                    human_ratio(ratio_between(*order, chosen))));
        if (turns_with_waits_given_back(*order)) waited.push_back(name_in_text(run, other->strategy));
    }
    if (parts.empty()) return {};
    std::string text =
        fmt::format("No order of {} against {} is shown; there the choice is by medians alone.",
                    name_in_text(run, chosen.strategy), listed(parts));
    if (!waited.empty())
        text += fmt::format(
            " Other programs had the CPU while {} waited for it; without them the order may be the other way "
            "round.",
            listed(waited));
    return text;
}

/// What other programs and the hypervisor took, and what the ratio would be without that.
std::string disturbance_sentence(const RunResult& run, const Choice* choice) {
    const auto disturbance = disturbance_of(run);
    if (!disturbance) return {};
    std::string text = describe(*disturbance);
    if (run.ranking) {
        const double least = least_difference_of_speed(run.trials, run.ranking->blocks);
        if (least > least_difference_on_quiet_machine)
            text += fmt::format(" There, speeds less than {:.0f} % apart have no order.", least * 100);
    }
    text += " The values are of this machine as it was";
    const Cell* base = choice == nullptr ? nullptr : base_cell(run.summary, run.ranking->concurrency);
    if (base == nullptr || choice->chosen.front() == base) return text + ".";
    const auto bounds = undisturbed_bounds(run.scenario, *base, *choice->chosen.front());
    // Bounds on both sides of 1 decide nothing, and one far beyond the other is only what the delays allow.
    constexpr double most_wide = 4;
    if (!bounds || bounds->low <= 1) return text + ".";
    const std::string at_most = bounds->high <= most_wide * bounds->low
                                    ? fmt::format(" and at most {}", human_ratio({bounds->high}))
                                    : "";
    return text + fmt::format("; undisturbed, {} serves at least {}{} what {} does.",
                              name_in_text(run, choice->chosen.front()->strategy), human_ratio({bounds->low}),
                              at_most, name_in_text(run, base->strategy));
}

/// Of an open loop whose rate was not held: times are those of a queue that grows.
std::string overload_sentence(const RunResult& run, const Group& cells) {
    if (run.scenario.plan.kind != PlanKind::open) return {};
    std::vector<std::string> parts;
    for (const Cell* cell : cells) {
        const Estimate* late = estimate_of(*cell, "sent_late_share");
        const Estimate* served = estimate_of(*cell, "throughput_rps");
        const bool is_late =
            std::any_of(cell->warnings.begin(), cell->warnings.end(),
                        [](const Warning& warning) { return warning.code == "rate-not-held"; });
        if (late == nullptr || served == nullptr || !is_late) continue;
        parts.push_back(fmt::format("{} served at least {} ({}), with {} of its requests late",
                                    name_in_text(run, cell->strategy), human_rate(served->value),
                                    human_percent(served->value / run.scenario.plan.rate_rps),
                                    human_percent(late->value)));
    }
    if (parts.empty()) return {};
    return fmt::format("The rate of {} was not held: {}.", human_rate(run.scenario.plan.rate_rps),
                       fmt::join(parts, "; "));
}

/// Of an open loop: what came of what was offered.
std::string offered_sentence(const RunResult& run, const Group& cells) {
    if (run.scenario.plan.kind != PlanKind::open) return {};
    const auto served = estimates_of(cells, "throughput_rps");
    if (served.empty()) return {};
    return fmt::format("Of {} offered, {} served {}.", human_rate(run.scenario.plan.rate_rps),
                       names_of(run, cells), range_of_values("throughput_rps", served));
}

/// What failed of the cells, whether the load asks for it or not.
std::string failed_sentence(const RunResult& run, const Group& cells) {
    constexpr std::size_t most_cells = 4;
    std::vector<std::string> parts;
    double least = 1;
    double most = 0;
    for (const Cell* cell : cells) {
        const auto failed = failed_requests(run, *cell);
        if (!failed || failed->failed == 0) continue;
        least = std::min(least, failed->share());
        most = std::max(most, failed->share());
        parts.push_back(fmt::format("{} {} ({} of {})", name_in_text(run, cell->strategy),
                                    human_percent(failed->share()), human_count(failed->failed),
                                    human_count(failed->requests)));
    }
    if (parts.empty()) return {};
    const Profile& profile = run.scenario.profile;
    const bool asked = profile.error_rate > 0 || profile.faults.sum() > 0;
    const char* why = has_foreign_target(run.scenario) ? ""
                      : asked                          ? ", of a load that asks for failures"
                                                       : ", of a load that asks for none";
    const std::string of_whom = parts.size() > most_cells
                                    ? fmt::format("{} to {} of {} strategies'", human_percent(least),
                                                  human_percent(most), parts.size())
                                    : listed(parts);
    return fmt::format("Failed requests: {}{}.", of_whom, why);
}

/// The first reason of that kind.
std::string why(const std::vector<Warning>& warnings, WarningKind kind) {
    const auto found = std::find_if(warnings.begin(), warnings.end(),
                                    [&](const Warning& warning) { return warning.kind == kind; });
    return found == warnings.end() ? "unknown" : words_of_code(found->code);
}

/// Cells by reason: `callback at 64 (the target was saturated)`.
template <typename Predicate>
std::string cells_by_reason(const RunResult& run, WarningKind kind, Predicate&& predicate) {
    constexpr std::size_t most_places = 4;
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const Cell& cell : run.summary) {
        if (!predicate(cell)) continue;
        names_by_reason[why(cell.warnings, kind)].push_back(
            fmt::format("{} at {}", name_in_text(run, cell.strategy), human_count(cell.concurrency)));
    }
    std::vector<std::string> parts;
    for (const auto& [reason, names] : names_by_reason) {
        const std::string which = names.size() > most_places ? counted(names.size(), "cell") : listed(names);
        parts.push_back(fmt::format("{} ({})", which, reason));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string wrong_sentence(const RunResult& run) {
    if (is_wrong_as_a_whole(run))
        return fmt::format("The run as a whole is wrong ({}): nothing is ranked.",
                           why(run.warnings, WarningKind::wrong));
    const std::string cells =
        cells_by_reason(run, WarningKind::wrong, [](const Cell& cell) { return !cell.usable(); });
    return cells.empty() ? "" : fmt::format("Wrong, and not ranked: {}.", cells);
}

std::string limited_sentence(const RunResult& run) {
    const std::string cells = cells_by_reason(
        run, WarningKind::limited, [&](const Cell& cell) { return is_usable(run, cell) && cell.limited(); });
    if (cells.empty()) return {};
    return fmt::format(
        "Limited by something else than the strategy, so that the value is a bound (≥ or ≤) and no rank is "
        "lost by it: {}.",
        cells);
}

/// At the lowest concurrency, where ways to wait hardly differ.
std::string lowest_sentence(const RunResult& run, std::uint32_t ranked) {
    constexpr double most_alike = 0.10;
    const std::uint32_t lowest = concurrencies_of(run).front();
    if (lowest == ranked) return {};
    const auto reach = reach_at(run, lowest);
    if (!reach || *reach > most_alike) return {};
    return fmt::format("At {} they are alike within {}: there the simplest code will do.",
                       load_of(run, lowest), human_deviation(std::max(*reach, 0.001)));
}

/// Where nothing was judged: the values alone.
std::string values_sentence(const RunResult& run, std::uint32_t level) {
    std::vector<std::string> parts;
    for (const Cell* cell : usable_cells(run, level)) {
        parts.push_back(
            fmt::format("{} {}", name_in_text(run, cell->strategy), values_of({cell}, ranking_metric(run))));
    }
    return fmt::format("At {}{}: {}.", load_of(run, level), delay_of(run.scenario), listed(parts));
}

void add_answer(std::vector<std::string>& sentences, const RunResult& run) {
    const auto add = [&](std::string sentence) {
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    };
    const auto level = highest_usable(run);
    const Group cells = level ? usable_cells(run, *level) : Group{};
    const bool ranks = run.ranking && level && run.ranking->concurrency == *level && cells.size() > 1;
    if (!level) {
        add(run.trials.empty() ? "Nothing was measured, so that there is no answer."
                               : "Nothing that was measured can be used, so that there is no answer.");
        return;
    }
    if (!ranks) {
        add(values_sentence(run, *level));
        add(overload_sentence(run, cells));
        add(offered_sentence(run, cells));
        add(failed_sentence(run, cells));
        add(disturbance_sentence(run, nullptr));
        return;
    }
    const Choice choice = choose(run);
    add(choice_sentence(run, choice));
    add(side_sentence(run, choice));
    const std::string too_few = too_few_sentence(run);
    add(too_few.empty() ? unshown_sentence(run, choice) : too_few);
    add(ratio_sentence(run, choice));
    add(likeness_sentence(run, choice));
    add(overload_sentence(run, cells));
    add(offered_sentence(run, choice.fastest));
    add(failed_sentence(run, cells));
    add(lowest_sentence(run, *level));
    if (has_foreign_target(run.scenario))
        add("This server does not tell how late it was itself: what it was later for one than for another "
            "counts "
            "as the strategy's.");
    add(disturbance_sentence(run, &choice));
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", human_count(count), noun, count == 1 ? "" : "s");
}

std::vector<std::string> answer(const RunResult& run) {
    std::vector<std::string> sentences;
    add_answer(sentences, run);
    for (std::string sentence : {limited_sentence(run), wrong_sentence(run)})
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    if (run.interrupted) {
        sentences.push_back(fmt::format(
            "The run was interrupted after {}{}.", counted(run.trials.size(), "trial"),
            run.ranking ? "; the answer is that of the last look before" : ", before an order was judged"));
    }
    return sentences;
}

}  // namespace asyncbench
