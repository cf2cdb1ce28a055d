#pragma once

#include <cstdint>
#include <optional>

#include "harness/trial/scenario.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// A sample is one trial; shorter ones are noise, longer ones cost pairs.
constexpr std::uint64_t least_requests_of_sample = 300;
constexpr std::chrono::milliseconds least_time_of_sample{100};

/// The requests of a batch that make a sample at this concurrency, as the target's delay bounds its speed.
/// None where it does not: the delay is unknown, or so short that the client bounds it.
std::optional<std::uint64_t> requests_of_sample(const Scenario& scenario, std::uint32_t concurrency);

/// The same from a trial that was measured to find out. Throws Error where it measured nothing.
std::uint64_t requests_of_sample(const Trial& measured);

/// How many requests each trial of a cell has, where its plan fixes that; 0 where it does not. Of a batch
/// that number itself.
std::uint64_t planned_requests(const Scenario& scenario, std::uint32_t concurrency);

}  // namespace asyncbench
