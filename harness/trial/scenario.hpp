#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// All that the flags of `run` say. A scenario file says the same in JSON (scenario_json.hpp).
struct Scenario {
    std::string name = "default";
    std::string question;  ///< what a person wants to know; shown over the answer
    std::vector<StrategySpec> strategies;
    std::vector<std::uint32_t> concurrency;
    PlanSpec plan;  ///< its concurrency is set for each cell from the list above
    Profile profile;
    std::string target = "mock";  ///< mock, blocking or a URL
    std::uint32_t repetitions = 5;
    Nanoseconds warmup{std::chrono::milliseconds{250}};
    Nanoseconds timeout{std::chrono::seconds{30}};
    std::uint64_t seed = 1;
    bool pin = false;
    bool diagnose = false;  ///< measure with every detector on, which costs a little
    Nanoseconds stall_threshold{std::chrono::milliseconds{100}};  ///< of diagnose; 1 ms or more
};

/// Throws UsageError where there is nothing to compare, or the same twice: trials are told apart by strategy
/// and concurrency.
void check(const Scenario& scenario);

}  // namespace asyncbench
