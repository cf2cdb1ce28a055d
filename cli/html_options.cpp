#include "cli/html_options.hpp"

#include "benches/strategies/strategy_sources.hpp"
#include "harness/measure/build_info.hpp"

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

}  // namespace asyncbench
