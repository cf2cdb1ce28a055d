#pragma once

#include "harness/load/strategy.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// What this program knows for its HTML reports: what each strategy is, and the source of those that have one.
HtmlOptions html_options(const StrategyRegistry& strategies);

}  // namespace asyncbench
