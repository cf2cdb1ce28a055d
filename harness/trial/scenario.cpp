#include "harness/trial/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "async/errors.hpp"

namespace asyncbench {

bool has_foreign_target(const Scenario& scenario) {
    const std::string& target = scenario.target.reveal();
    return target.starts_with("http://") || target.starts_with("https://");
}

void check(const Scenario& scenario) {
    if (scenario.strategies.empty()) {
        throw UsageError("There is no strategy to measure; name one with -s.");
    }
    if (scenario.concurrency.empty()) {
        throw UsageError("There is no concurrency to measure at; give one with -c.");
    }
    if (scenario.target != "mock" && scenario.target != "blocking" && !has_foreign_target(scenario)) {
        throw UsageError(fmt::format(
            "'{}' is no target; give mock, blocking, or a URL that starts with http:// or https://.",
            scenario.target.shown()));
    }
    if (scenario.plan.kind != PlanKind::batch && scenario.plan.duration.count() == 0)
        throw UsageError("There is no duration to measure for; give one with -d.");
    if (scenario.plan.kind == PlanKind::open && scenario.plan.rate_rps == 0)
        throw UsageError("There is no rate of the open loop; give one with -q.");
    std::set<std::string> strategies;
    for (const StrategySpec& strategy : scenario.strategies) {
        if (strategies.insert(strategy.text()).second) continue;
        throw UsageError(fmt::format(
            "The strategy '{}' is there twice; each is compared with the others once. Take one out.",
            strategy.text()));
    }
    std::set<std::uint32_t> concurrency;
    for (const std::uint32_t users : scenario.concurrency) {
        if (concurrency.insert(users).second) continue;
        throw UsageError(fmt::format("The concurrency {} is there twice; take one out.", users));
    }
}

bool has_one_in_flight(const Scenario& scenario, const StrategySpec& strategy) {
    const auto& names = scenario.one_in_flight;
    return std::find(names.begin(), names.end(), strategy.name) != names.end();
}

bool is_measured_once(const Scenario& scenario, const StrategySpec& strategy) {
    return scenario.plan.kind == PlanKind::closed && has_one_in_flight(scenario, strategy);
}

}  // namespace asyncbench
