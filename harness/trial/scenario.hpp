#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/http/resolve_rule.hpp"
#include "harness/trial/threshold.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// A server of ours, which a scenario names as its target and `asyncbench target` starts
/// (targets/target.hpp).
struct OwnTarget {
    std::string_view name;
    std::string_view meaning;  ///< a sentence
};
inline constexpr std::array own_targets{
    OwnTarget{"mock", "One event loop; thousands of delayed responses at once."},
    OwnTarget{"blocking", "A thread a connection, as a synchronous framework does it."}};
std::vector<std::string> names_of_own_targets();  ///< in that order; the first is the default

/// All that the flags of `run` say (scenario_option.hpp). A scenario file says the same in JSON
/// (scenario_json.hpp). The plan's concurrency is set for each cell.
struct Scenario : TrialSettings {
    std::string name = "default";
    std::string question;  ///< what a person wants to know; shown over the answer
    std::vector<StrategySpec> strategies;
    std::vector<std::uint32_t> concurrency;
    SecretText target{own_targets.front().name};  ///< of own_targets, or a URL
    /// The body of requests to a foreign target, as it was written; `@FILE` stands for what a file holds,
    /// which is read by read_body().
    std::optional<SecretText> data;
    /// Blocks to measure; 0: until the order is clear or the budget is spent.
    std::uint32_t repetitions = 0;
    Nanoseconds budget{std::chrono::minutes{2}};  ///< of all blocks together, where their number is open
    /// Names of the strategies that have one request in flight whatever the concurrency. A closed loop
    /// measures them once a block, for all levels.
    std::vector<std::string> one_in_flight;
    std::vector<ResolveRule> resolve;  ///< of a URL: in place of looking its host up
    bool pin = false;
    std::vector<Threshold> thresholds;  ///< of a load
    std::vector<Threshold> goals;       ///< of a load: the highest rate that keeps to them is looked for

    Scenario() { warmup = std::chrono::milliseconds{200}; }
};

inline constexpr Limits<std::uint64_t> repetitions_limits{1, 1'000'000, "from 1 to 1000000"};

/// For a message about `text` that is neither: ` For a server, write http://localhost:8080/.` where it looks
/// like the address of one; else empty.
std::string hint_of_server(std::string_view text);

/// Whether the target is a URL, so that the scenario's latency, payload and faults are not what it does.
bool has_foreign_target(const Scenario& scenario);

/// `http://h/` and `/a` are `http://h/a`: takes the last slash of the target where paths stand behind it.
void end_target_before_paths(Scenario& scenario);

/// Whether response times say more than service times do. In a closed loop a request is due when it is sent,
/// so that both are the same.
bool has_response_times(const Scenario& scenario);
/// The requests' body from the file that `data` names, if it does. Throws UsageError.
void read_body(Scenario& scenario);

/// Throws UsageError where there is nothing to compare or measure, no such target, or the same twice: trials
/// are told apart by strategy and concurrency.
void check(const Scenario& scenario);

/// Whether a strategy has one request in flight whatever the concurrency.
bool has_one_in_flight(const Scenario& scenario, const StrategySpec& strategy);
/// Whether a block measures it once for all levels: in a closed loop each level would do the same.
bool is_measured_once(const Scenario& scenario, const StrategySpec& strategy);

}  // namespace asyncbench
