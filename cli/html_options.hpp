#pragma once

#include "harness/load/strategy.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// What this program knows for its HTML reports: the sources of those strategies that have one.
HtmlOptions html_options(const StrategyRegistry& strategies);

}  // namespace asyncbench
