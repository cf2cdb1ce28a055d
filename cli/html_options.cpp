#include "cli/html_options.hpp"

#include "benches/strategies/strategy_sources.hpp"
#include "harness/measure/build_info.hpp"
#include "reports/text/lines_of_code.hpp"

namespace asyncbench {

HtmlOptions html_options(const StrategyRegistry& strategies) {
    HtmlOptions options;
    options.code_version = build_info().version;
    for (const StrategyInfo& info : strategies.all()) {
        StrategyCode code{info.name, "benches/strategies/" + info.source, {}, info.description};
        for (const StrategySource& source : strategy_sources())
            if (info.source == source.name) code.text = source.text;
        options.code.push_back(std::move(code));
    }
    return options;
}

std::map<std::string, std::uint32_t, std::less<>> code_lines(const StrategyRegistry& strategies) {
    std::map<std::string, std::uint32_t, std::less<>> lines;
    for (const StrategyCode& code : html_options(strategies).code)
        lines.emplace(code.strategy, lines_of_code(code.text));
    return lines;
}

}  // namespace asyncbench
