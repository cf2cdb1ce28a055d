#include "reports/text/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>

#include "harness/workload/units.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/group_text.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

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

/// The groups from the first on that are told one by one: where there are many cells, the best and as many
/// after it as have names enough.
std::size_t groups_told(const std::vector<Group>& groups) {
    std::size_t cells = 0;
    for (const Group& group : groups) cells += group.size();
    if (cells <= most_names + 1) return groups.size();
    constexpr std::size_t most_told = 4;
    std::size_t told = 1;
    for (std::size_t names = groups.front().size(); told < groups.size(); ++told) {
        names += groups[told].size();
        if (names > most_told) break;
    }
    return told;
}

/// What is not told one by one: `; 7 others 120–800/s`.
std::string text_of_others(const RunResult& run, const std::vector<Group>& groups, std::size_t told) {
    Group others;
    for (std::size_t i = told; i < groups.size(); ++i)
        others.insert(others.end(), groups[i].begin(), groups[i].end());
    if (others.empty()) return {};
    const std::string_view metric = ranking_metric(run);
    const bool all_rank = can_be_ranked(*groups.back().front(), metric);
    return fmt::format("; {} {}{}", counted(others.size(), "other"),
                       range_of_values(metric, estimates_of(others, metric)),
                       all_rank ? "" : ", some of too few trials to rank");
}

std::string ranking_sentence(const RunResult& run, std::uint32_t concurrency,
                             const std::vector<Group>& groups) {
    const std::string_view metric = ranking_metric(run);
    const bool by_throughput = metric == "throughput_rps";
    const Group& best = groups.front();
    const bool is_plural =
        best.size() > 1 && (!is_named(best) || (is_alike(run, best) && can_be_ranked(*best.front(), metric)));
    const std::size_t told = groups_told(groups);
    std::string texts;
    for (std::size_t i = 0; i < told; ++i) {
        const Group& group = groups[i];
        if (!texts.empty()) texts += can_be_ranked(*group.front(), metric) ? "; " : "; besides ";
        const char* verb = texts.empty() && by_throughput ? is_plural ? " serve" : " serves" : "";
        texts += text_of(run, group, groups.size() == 1, verb);
    }
    return fmt::format("At {}{}, {}{}{}.", load_of(run, concurrency), delay_of(run.scenario),
                       by_throughput ? "" : "the 99th percentile of the response time is: ", texts,
                       text_of_others(run, groups, told));
}

/// ` (sequential is not valid)` where the comparison is with another than the scenario's first strategy.
std::string why_base(const RunResult& run, const StrategySpec& base) {
    const StrategySpec& first = run.scenario.strategies.front();
    return first == base ? "" : fmt::format(" ({} is not valid)", name_in_text(run, first));
}

/// How many times what its concurrency is compared with the best group is, by pairs of trials; nothing where
/// that is not shown of each of them.
std::string ratio_sentence(const RunResult& run, const Group& best) {
    std::vector<Estimate> ratios;
    const Comparison* comparison = nullptr;
    for (const Cell* cell : best) {
        comparison = comparison_to_base(run, *cell);
        if (comparison == nullptr || !can_rank(comparison->ratio)) return {};
        if (!differs_from(run, *cell, comparison->base)) return {};
        ratios.push_back(comparison->ratio);
    }
    const Span span = span_of(ratios);
    const std::string ratio = human_ratio_range(span.lowest, span.highest);
    const std::string base = name_in_text(run, comparison->base);
    const std::string why = why_base(run, comparison->base);
    const bool one = best.size() == 1;
    if (ranking_metric(run) != "throughput_rps") {
        return fmt::format("{} of {} {} {} that of {}{}, trial by trial", one ? "That" : "Those",
                           names_again(run, best), one ? "is" : "are", ratio, base, why);
    }
    return fmt::format("Trial by trial, {} {} {} what {} does{}", names_again(run, best),
                       one ? "serves" : "serve", ratio, base, why);
}

/// Of an open loop: what came of what was offered. Efficiency is of what the schedule, the places and the
/// target's delays allow together, so that it is high where the places, and not the strategy, are too few.
struct Served {
    std::string rate;   ///< `288/s [287–289]`
    std::string share;  ///< `96.0 %` of what was offered
};

std::optional<Served> served_by(const RunResult& run, const Group& group) {
    const std::vector<Estimate> served = estimates_of(group, "throughput_rps");
    const double offered = run.scenario.plan.rate_rps;
    if (served.empty() || !(offered > 0)) return std::nullopt;
    std::vector<Estimate> shares;
    shares.reserve(served.size());
    for (const Estimate& each : served)
        shares.push_back({each.value / offered, each.low / offered, each.high / offered, 0});
    const Span span = span_of(served);
    return Served{human_range("throughput_rps", span.lowest, span.highest),
                  range_of_values("efficiency", shares)};
}

/// The ranked cells of an open loop that do not hold its rate.
Group overloaded(const RunResult& run, const std::vector<Group>& groups) {
    constexpr double most_late = 0.01;  // as `rate-not-held` has it
    Group found;
    if (run.scenario.plan.kind != PlanKind::open) return found;
    for (const Group& group : groups) {
        std::copy_if(group.begin(), group.end(), std::back_inserter(found), [&](const Cell* cell) {
            const Estimate* late = estimate_of(*cell, "sent_late_share");
            return late != nullptr && late->value > most_late;
        });
    }
    return found;
}

/// Before all else: of whoever does not hold the rate, times are those of a queue that grows.
std::string overload_sentence(const RunResult& run, const Group& group) {
    if (group.empty()) return {};
    const auto served = served_by(run, group);
    if (!served) return {};
    return fmt::format(
        "The rate was not held: {} served {} of {} offered ({}), and {} of the requests found "
        "no free place at their time.",
        names_of(run, group), served->rate, human_rate(run.scenario.plan.rate_rps), served->share,
        range_of_values("sent_late_share", estimates_of(group, "sent_late_share")));
}

/// What the best group reaches of what is possible; `again` where the sentence has named it already.
std::string ideal_clause(const RunResult& run, const Group& best, bool again) {
    const PlanSpec& plan = run.scenario.plan;
    const std::vector<Estimate> ideals = estimates_of(best, "ideal_rps");
    const std::vector<Estimate> efficiencies = estimates_of(best, "efficiency");
    if (ideals.empty() || efficiencies.empty()) return {};
    const bool one = best.size() == 1;
    const std::string ideal = range_of_values("ideal_rps", ideals);
    const std::string share = range_of_values("efficiency", efficiencies);
    if (plan.kind == PlanKind::open) {
        const auto served = served_by(run, best);
        if (!served) return {};
        return fmt::format(
            "Of {} offered, {} served {} ({}), {} of what the schedule and the target's delays "
            "allow",
            human_rate(plan.rate_rps), names_again(run, best), served->rate, served->share, share);
    }
    const std::string how = plan.kind == PlanKind::batch ? fmt::format(" at which the batch of {} would run",
                                                                       counted(plan.requests, "request"))
                                                         : "";
    if (again) {
        return fmt::format("{} {} {} of the {}{} with the target's delays alone", one ? "it" : "they",
                           one ? "reaches" : "reach", share, ideal, how);
    }
    return fmt::format("Of the {}{} with the target's delays alone, {} {} {}", ideal, how,
                       names_again(run, best), one ? "reaches" : "reach", share);
}

/// One sentence where both are of the same kind of number.
void add_ratio_and_ideal(std::vector<std::string>& sentences, const RunResult& run, const Group& best,
                         bool is_overloaded) {
    const std::string ratio = ratio_sentence(run, best);
    const bool joined = !ratio.empty() && run.scenario.plan.kind != PlanKind::open;
    const std::string ideal = is_overloaded ? "" : ideal_clause(run, best, joined);
    if (joined) {
        sentences.push_back(ideal.empty() ? ratio + "." : fmt::format("{}; {}.", ratio, ideal));
        return;
    }
    for (const std::string& each : {ratio, ideal})
        if (!each.empty()) sentences.push_back(each + ".");
}

/// What failed of the ranked cells, whether the load asks for it or not.
std::string failed_sentence(const RunResult& run, const std::vector<Group>& groups) {
    constexpr std::size_t most_cells = 4;
    std::vector<std::string> parts;
    double least = 1;
    double most = 0;
    for (const Group& group : groups) {
        for (const Cell* cell : group) {
            const auto failed = failed_requests(run, *cell);
            if (!failed || failed->failed == 0) continue;
            least = std::min(least, failed->share());
            most = std::max(most, failed->share());
            parts.push_back(fmt::format("{} {} ({} of {})", name_in_text(run, cell->strategy),
                                        human_percent(failed->share()), human_count(failed->failed),
                                        human_count(failed->requests)));
        }
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

/// What the first says that invalidates.
std::string why_invalid(const std::vector<Warning>& warnings) {
    const auto why = std::find_if(warnings.begin(), warnings.end(),
                                  [](const Warning& warning) { return warning.invalidates; });
    return why == warnings.end() ? "unknown" : words_of_code(why->code);
}

std::string invalid_sentence(const RunResult& run) {
    constexpr std::size_t most_places = 4;
    if (is_invalid_as_a_whole(run)) {
        return fmt::format("Not ranked, because the measurement is not valid: the run as a whole ({}).",
                           why_invalid(run.warnings));
    }
    std::map<std::string, std::vector<std::string>> names_by_reason;
    for (const Cell& cell : run.summary) {
        if (cell.valid()) continue;
        names_by_reason[why_invalid(cell.warnings)].push_back(
            fmt::format("{} at {}", name_in_text(run, cell.strategy), human_count(cell.concurrency)));
    }
    if (names_by_reason.empty()) return {};
    std::vector<std::string> parts;
    for (const auto& [reason, names] : names_by_reason) {
        const std::string which = names.size() > most_places ? counted(names.size(), "cell") : listed(names);
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
        const Group late = overloaded(run, groups);
        add(overload_sentence(run, late));
        add(ranking_sentence(run, *level, groups));
        add_ratio_and_ideal(sentences, run, groups.front(), !late.empty());
        add(failed_sentence(run, groups));
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
