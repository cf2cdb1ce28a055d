#include "reports/text/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "analysis/ranking/looks.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/choice_text.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/disturbance.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/load_answer.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// The highest concurrency at which anything counts.
std::optional<std::uint32_t> highest_usable(const RunResult& run) {
    std::optional<std::uint32_t> highest;
    for (const Cell& cell : run.summary) {
        if (!is_usable(run, cell) || estimate_of(cell, ranking_metric(run)) == nullptr) continue;
        highest = std::max(highest.value_or(0), cell.concurrency);
    }
    return highest;
}

/// Where so few blocks cannot show any order, however clear it is.
std::string too_few_sentence(const RunResult& run) {
    const Ranking& ranking = *run.ranking;
    const double least_p_value = std::ldexp(1.0, 1 - static_cast<int>(ranking.blocks.size()));
    const std::size_t questions = questions_of(run.scenario);
    if (least_p_value * static_cast<double>(questions) <= ranking.alpha) return {};
    return fmt::format(
        "The choice is by medians alone: {} cannot show an order of {} strategies; {} can ({}).",
        counted(ranking.blocks.size(), "block"), run.scenario.strategies.size(),
        blocks_of_first_look(questions), run.scenario.repetitions > 0 ? "leave out -r" : "raise --budget");
}

/// How many times what the slowest of the ranked does, by pairs of trials.
std::string ratio_sentence(const RunResult& run, const Choice& choice) {
    const Cell* base = base_cell(run.summary, run.ranking->concurrency);
    if (base == nullptr || !ranks_by_throughput(run)) return {};
    if (std::find(choice.close.begin(), choice.close.end(), base) != choice.close.end()) return {};
    std::vector<Estimate> ratios;
    for (const Cell* cell : choice.close) {
        const Comparison* comparison = comparison_to_base(run, *cell);
        if (comparison == nullptr || !has_interval(comparison->ratio)) return {};
        ratios.push_back(comparison->ratio);
    }
    const Span span = span_of(ratios);
    std::string ideal;
    if (const auto shares = estimates_of(choice.close, "efficiency"); !shares.empty())
        ideal = fmt::format(", and {} of what the target's delays, as they were, allow",
                            range_of_values("efficiency", shares));
    return fmt::format(
        "{} speed is {} what {} does, block by block{}.", choice.close.size() == 1 ? "Its" : "Their",
        human_ratio_range(span.lowest, span.highest), name_in_text(run, base->strategy), ideal);
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
    const std::string times = bounds->high <= most_wide * bounds->low
                                  ? human_ratio_range(bounds->low, {bounds->high})
                                  : "at least " + human_ratio({bounds->low});
    return text + fmt::format("; on an idle machine, {} serves {} what {} does.",
                              name_in_text(run, choice->chosen.front()->strategy), times,
                              name_in_text(run, base->strategy));
}

/// Of an open loop whose rate was not held: times are those of a queue that grows.
std::string overload_sentence(const RunResult& run, const Group& cells) {
    if (run.scenario.plan.kind != PlanKind::open) return {};
    std::vector<std::string> parts;
    for (const Cell* cell : cells) {
        const Estimate* late = estimate_of(*cell, "sent_late_share");
        const Estimate* served = estimate_of(*cell, "throughput_rps");
        if (served == nullptr || !misses_rate(*cell)) continue;
        parts.push_back(fmt::format("{} served at least {} ({}), with {} of its requests late",
                                    name_in_text(run, cell->strategy), human_rate(served->value),
                                    human_percent(served->value / run.scenario.plan.rate_rps),
                                    human_percent(late->value)));
    }
    if (parts.empty()) return {};
    return fmt::format(
        "The rate of {} was not held: {}. Their queue grew until the end, so that a longer run has longer "
        "response times.",
        human_rate(run.scenario.plan.rate_rps), fmt::join(parts, "; "));
}

/// Of an open loop: what came of what was offered, of those who held the rate.
std::string offered_sentence(const RunResult& run, Group cells) {
    if (run.scenario.plan.kind != PlanKind::open) return {};
    std::erase_if(cells, [](const Cell* cell) { return misses_rate(*cell); });
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
    const std::string cells = cells_by_reason(
        run, WarningKind::wrong, [](const Cell& cell) { return cell.standing() == Standing::wrong; });
    return cells.empty() ? "" : fmt::format("Wrong, and not ranked: {}.", cells);
}

std::string unavailable_sentence(const RunResult& run) {
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const Cell& cell : run.summary) {
        if (!cell.unavailable()) continue;
        std::vector<std::string>& names = names_by_reason[cell.reason()->message];
        const std::string name = name_in_text(run, cell.strategy);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    std::vector<std::string> sentences;
    for (const auto& [reason, names] : names_by_reason)
        sentences.push_back(fmt::format("Not available for this work: {}. {}", listed(names), reason));
    return fmt::format("{}", fmt::join(sentences, " "));
}

std::string limited_sentence(const RunResult& run) {
    const std::string cells = cells_by_reason(
        run, WarningKind::limited, [&](const Cell& cell) { return is_usable(run, cell) && cell.limited(); });
    if (cells.empty()) return {};
    return fmt::format(
        "Limited, so that the true value may be better (≥ or ≤) and nobody is called slower for it: {}.",
        cells);
}

/// At the lowest concurrency, where ways to wait hardly differ.
std::string lowest_sentence(const RunResult& run, std::uint32_t ranked) {
    const std::uint32_t lowest = concurrencies_of(run).front();
    if (lowest == ranked) return {};
    const auto within = all_alike_within(run, lowest);
    if (!within) return {};
    return fmt::format("At {} all are alike within {}: there the simplest code will do.",
                       describe_users(run.scenario.plan, lowest), human_deviation(std::max(*within, 0.001)));
}

/// Where nothing was judged: the values alone.
std::string values_sentence(const RunResult& run, std::uint32_t level) {
    std::vector<std::string> parts;
    for (const Cell* cell : usable_cells(run, level)) {
        parts.push_back(
            fmt::format("{} {}", name_in_text(run, cell->strategy), values_of({cell}, ranking_metric(run))));
    }
    const char* what = ranks_by_throughput(run) ? "" : ", 99 % of the requests are answered within";
    return fmt::format("At {}{}{}: {}.", describe_users(run.scenario.plan, level),
                       describe_delay(run.scenario), what, listed(parts));
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
        add(overload_sentence(run, cells));
        add(values_sentence(run, *level));
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
    add(waits_sentence(run, choice));
    add(overload_sentence(run, cells));
    add(offered_sentence(run, choice.fastest));
    add(failed_sentence(run, cells));
    add(lowest_sentence(run, *level));
    if (has_foreign_target(run.scenario) && !is_known(run, "overhead_p50_ns"))
        add("This server does not report its own delays: if it answered one strategy later than another, "
            "that "
            "counts against the strategy.");
    add(disturbance_sentence(run, &choice));
}

}  // namespace

std::vector<std::string> answer(const RunResult& run) {
    if (load_trial(run) != nullptr) return load_answer(run);
    std::vector<std::string> sentences;
    add_answer(sentences, run);
    for (std::string sentence : {limited_sentence(run), wrong_sentence(run), unavailable_sentence(run)})
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    if (run.interrupted) {
        sentences.push_back(fmt::format(
            "The run was interrupted after {}{}.", counted(run.trials.size(), "trial"),
            run.ranking ? "; the answer is that of the last look before" : ", before an order was judged"));
    }
    return sentences;
}

}  // namespace asyncbench
