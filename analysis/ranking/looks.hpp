#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// The chance that a run shows any order that is none, over all its looks together.
constexpr double alpha_of_run = 0.05;

/// What each look may spend of it, by Bonferroni. The first gets the most: the default budget reaches no
/// other, and with 3 % ten blocks can order four strategies and compare what they need of CPU and memory.
constexpr std::array<double, 3> alpha_of_look{0.03, 0.01, 0.01};

/// How many questions the answer asks: every pair of strategies by what the run ranks by, and every pair of
/// those with more than one request in flight by CPU and by memory. Holm's procedure is over all of them.
std::size_t questions_of(const Scenario& scenario);

/// The fewest blocks that can answer `questions`, all agreeing: the exact two-sided sign test of n agreeing
/// blocks gives 2^(1-n), which Holm's first step compares with alpha / questions.
std::uint32_t blocks_of_first_look(std::size_t questions);

/// Clear blocks after which look 1, 2 or 3 is taken: n, 2 n and 4 n.
std::uint32_t blocks_of_look(std::uint32_t first, std::size_t look);

}  // namespace asyncbench
