#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// All that the flags of `run` say (scenario_option.hpp). A scenario file says the same in JSON
/// (scenario_json.hpp). The plan's concurrency is set for each cell.
struct Scenario : TrialSettings {
    std::string name = "default";
    std::string question;  ///< what a person wants to know; shown over the answer
    std::vector<StrategySpec> strategies;
    std::vector<std::uint32_t> concurrency;
    SecretText target = "mock";  ///< mock, blocking or a URL
    /// Blocks to measure; 0: until the order is clear or the budget is spent.
    std::uint32_t repetitions = 0;
    Nanoseconds budget{std::chrono::minutes{2}};  ///< of all blocks together, where their number is open
    /// Names of the strategies that have one request in flight whatever the concurrency. A closed loop
    /// measures them once a block, for all levels.
    std::vector<std::string> one_in_flight;
    bool pin = false;

    Scenario() { warmup = std::chrono::milliseconds{200}; }
};

inline constexpr Limits<std::uint64_t> repetitions_limits{1, 1'000'000, "from 1 to 1000000"};

/// Whether the target is a URL, so that the scenario's latency, payload and faults are not what it does.
bool has_foreign_target(const Scenario& scenario);

/// Throws UsageError where there is nothing to compare or measure, no such target, or the same twice: trials
/// are told apart by strategy and concurrency.
void check(const Scenario& scenario);

/// Whether a strategy has one request in flight whatever the concurrency.
bool has_one_in_flight(const Scenario& scenario, const StrategySpec& strategy);
/// Whether a block measures it once for all levels: in a closed loop each level would do the same.
bool is_measured_once(const Scenario& scenario, const StrategySpec& strategy);

}  // namespace asyncbench
