#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/ranking/rank.hpp"
#include "analysis/run_result.hpp"

namespace asyncbench::test {

/// What one made-up trial measured.
struct Measured {
    double speed = 100;  ///< throughput
    std::optional<double> punctual =
        {};  ///< throughput with the target's lateness taken out; as `speed` where none
    double cpu_us = 10;
    double rss_bytes = 1e6;
    bool limited = false;
    bool disturbed = false;
    std::optional<double> cpu_wait_share = {};
    std::string wrong = {};    ///< a code that makes the trial wrong
    std::string failure = {};  ///< for which it is lost
};

/// Of the strategy's index and the block.
using Measure = std::function<Measured(std::size_t strategy, std::uint32_t block)>;

/// A closed loop of 100 users; strategies named `sequential` have one request in flight.
Scenario scenario_of(const std::vector<std::string>& strategies);

/// A run of `blocks` blocks, summed up and not judged.
RunResult run_in(const Scenario& scenario, std::uint32_t blocks, const Measure& measure);
RunResult run_of(const std::vector<std::string>& strategies, std::uint32_t blocks, const Measure& measure);

/// Sums up the trials again, after a test has changed them.
void sum_up(RunResult& run);

/// The judgement of all blocks.
Ranking judged(const RunResult& run, double alpha = 0.05);

/// The order of two strategies of `ranking`, by its own metric where none is named.
Order order_of(const Ranking& ranking, const std::string& base, const std::string& head,
               const std::string& metric = "");

}  // namespace asyncbench::test
