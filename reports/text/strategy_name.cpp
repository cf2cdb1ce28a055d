#include "reports/text/strategy_name.hpp"

#include <algorithm>
#include <set>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// Whether names of so many columns are as many as there are in full.
bool tells_apart(const std::vector<StrategySpec>& strategies, std::size_t columns) {
    std::set<std::string> names;
    std::set<std::string> shortened;
    for (const StrategySpec& strategy : strategies) {
        names.insert(strategy.text());
        shortened.insert(shortened_inside(strategy.text(), columns));
    }
    return shortened.size() == names.size();
}

}  // namespace

std::string name_in_text(const RunResult& run, const StrategySpec& strategy) {
    constexpr std::size_t least_columns = 40;
    const std::string name = strategy.text();
    std::size_t columns = least_columns;
    while (columns < columns_of(name) && !tells_apart(run.scenario.strategies, columns)) columns *= 2;
    return shortened_inside(name, columns);
}

}  // namespace asyncbench
