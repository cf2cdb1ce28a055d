#pragma once

#include <span>
#include <string_view>

namespace asyncbench {

/// A file of benches/strategies that was embedded at build time (scripts/cmake/AsyncbenchBenchSources.cmake).
struct StrategySource {
    std::string_view name;  ///< `thread_pool.cpp`, as StrategyInfo::source has it
    std::string_view text;
};

std::span<const StrategySource> strategy_sources();

}  // namespace asyncbench
