#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "harness/load/strategy.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// What this program knows for its HTML reports: what each strategy is, and the source of those that have
/// one.
HtmlOptions html_options(const StrategyRegistry& strategies);

/// Of each strategy whose source this program has, by name.
std::map<std::string, std::uint32_t, std::less<>> code_lines(const StrategyRegistry& strategies);

}  // namespace asyncbench
