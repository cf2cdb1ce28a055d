#include "harness/trial/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "async/errors.hpp"

namespace asyncbench {

void check(const Scenario& scenario) {
    if (scenario.strategies.empty()) {
        throw UsageError("There is no strategy to measure; name one with -s.");
    }
    if (scenario.concurrency.empty()) {
        throw UsageError("There is no concurrency to measure at; give one with -c.");
    }
    if (scenario.stall_threshold < std::chrono::milliseconds{1}) {
        throw UsageError("The stall threshold must be at least 1ms: shorter steps are what loops are for.");
    }
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
