#include "reports/text/cells.hpp"

#include <algorithm>

namespace asyncbench {

const Estimate* estimate_of(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    return found == cell.metrics.end() ? nullptr : &found->second;
}

const Cell* find_cell(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency) {
    const auto found = std::find_if(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return cell.strategy == strategy && cell.concurrency == concurrency;
    });
    return found == run.summary.end() ? nullptr : &*found;
}

}  // namespace asyncbench
