#include "cli/load_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "analysis/rate_search.hpp"
#include "reports/load_report.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// Of the offered rate. Where less is served the queue grows, and its times say how long the trial was.
constexpr double least_served_share = 0.95;

bool generator_was_the_limit(const Trial& trial) {
    constexpr std::array<std::string_view, 3> codes{"generator-saturated", "generator-late",
                                                    "quota-throttled"};
    return std::any_of(codes.begin(), codes.end(),
                       [&](std::string_view code) { return has(trial.warnings, code); });
}

/// Responses a second that were right; none where that is not known.
std::optional<double> served_rps(const Trial& trial) {
    const auto served = value_of(trial.metrics, "throughput_rps");
    if (!served || trial.client.count == 0) return served;
    const std::uint64_t wrong = trial.errors.status + trial.errors.content;
    return *served * (1 - static_cast<double>(wrong) / static_cast<double>(trial.client.count));
}

RateStep step_of(const Scenario& scenario, const Trial& trial, bool confirms) {
    RateStep step{.rate_rps = scenario.plan.rate_rps, .holds = true, .confirms = confirms, .why = {}};
    step.limited = generator_was_the_limit(trial);
    if (!trial.usable()) {
        step.holds = false;
        step.why = trial.failure.empty() ? "nothing was answered" : trial.failure;
        return step;
    }
    const double served = served_rps(trial).value_or(0);
    if (served < least_served_share * step.rate_rps) {
        step.holds = false;
        step.why = fmt::format("serves {}", human_rate(served));
    }
    for (const Threshold& goal : scenario.goals) {
        if (goal.holds(trial)) continue;
        step.holds = false;
        const auto value = goal.value_in(trial);
        step.why = fmt::format("{}{}{}", step.why, step.why.empty() ? "" : ", ",
                               value ? text_of_value(goal, *value) : goal.text() + " is not known");
    }
    return step;
}

/// What the connections bear as fast as they can; none where that cannot be measured.
std::optional<double> closed_loop_rps(Scenario scenario, const MeasureLoad& measure,
                                      std::vector<Trial>& trials) {
    scenario.plan.kind = PlanKind::closed;
    Trial trial = measure(scenario, 0);
    const auto served = value_of(trial.metrics, "throughput_rps");
    if (trial.usable() && served && *served > 0) return served;
    trials.push_back(std::move(trial));
    return std::nullopt;
}

}  // namespace

void search_rate(RunResult& run, bool has_first_rate, const MeasureLoad& measure,
                 const std::atomic<bool>& stop, const std::function<void(const RateStep& step)>& on_step) {
    Scenario& scenario = run.scenario;
    RateSearchResult& found = run.search.emplace();
    for (const Threshold& goal : scenario.goals) found.goals.push_back(goal.text());
    if (!has_first_rate) {
        found.closed_loop_rps = closed_loop_rps(scenario, measure, run.trials);
        if (!found.closed_loop_rps) return;
        scenario.plan.rate_rps = *found.closed_loop_rps;
    }
    RateSearch search({.first_rps = scenario.plan.rate_rps});
    while (const auto next = search.next()) {
        const bool goes_on = next->confirms && !found.steps.empty() && found.steps.back().confirms &&
                             found.steps.back().rate_rps == next->rate_rps;
        if (!goes_on) run.trials.clear();
        scenario.plan.rate_rps = next->rate_rps;
        run.trials.push_back(measure(scenario, static_cast<std::uint32_t>(run.trials.size())));
        if (stop || !run.trials.back().failure.empty()) break;
        found.steps.push_back(step_of(scenario, run.trials.back(), next->confirms));
        on_step(found.steps.back());
        search.add(found.steps.back().holds);
    }
    found.highest_held = search.highest_held();
    found.lowest_broken = search.lowest_broken();
}

}  // namespace asyncbench
