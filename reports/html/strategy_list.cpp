#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"

namespace asyncbench {

std::string strategy_list(const RunResult& run, const HtmlOptions& options) {
    std::string items;
    std::set<std::string> seen;
    for (const StrategySpec& strategy : run.scenario.strategies) {
        const auto known =
            std::find_if(options.code.begin(), options.code.end(),
                         [&](const StrategyCode& each) { return each.strategy == strategy.name; });
        if (known == options.code.end() || known->description.empty() || !seen.insert(strategy.name).second)
            continue;
        items += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(strategy.name),
                             escape_html(known->description));
    }
    return items.empty() ? "" : fmt::format("<dl class=\"strategies\">\n{}</dl>\n", items);
}

}  // namespace asyncbench
