#include "analysis/ranking/looks.hpp"

#include <algorithm>
#include <cmath>

namespace asyncbench {

std::size_t questions_of(const Scenario& scenario) {
    const auto pairs = [](std::size_t count) { return count < 2 ? 0 : count * (count - 1) / 2; };
    const auto concurrent =
        std::count_if(scenario.strategies.begin(), scenario.strategies.end(),
                      [&](const StrategySpec& strategy) { return !has_one_in_flight(scenario, strategy); });
    constexpr std::size_t side_metrics = 2;
    return pairs(scenario.strategies.size()) + side_metrics * pairs(static_cast<std::size_t>(concurrent));
}

std::uint32_t blocks_of_first_look(std::size_t questions) {
    const double needed =
        std::log2(static_cast<double>(std::max<std::size_t>(questions, 1)) / alpha_of_look[0]);
    return 1 + static_cast<std::uint32_t>(std::ceil(needed));
}

std::uint32_t blocks_of_look(std::uint32_t first, std::size_t look) {
    return first << (look - 1);
}

}  // namespace asyncbench
