#include "reports/text/ranking.hpp"

#include <algorithm>

#include "reports/text/cells.hpp"

namespace asyncbench {

std::string_view ranking_metric(const RunResult& run) {
    return ranking_metric(run.scenario);
}

bool ranks_by_throughput(const RunResult& run) {
    return ranking_metric(run) == "throughput_rps";
}

Group usable_cells(const RunResult& run, std::uint32_t concurrency) {
    Group cells;
    for (const Cell& cell : run.summary) {
        if (cell.concurrency == concurrency && is_usable(run, cell) &&
            estimate_of(cell, ranking_metric(run)) != nullptr)
            cells.push_back(&cell);
    }
    return cells;
}

std::vector<std::uint32_t> concurrencies_of(const RunResult& run) {
    std::vector<std::uint32_t> levels;
    for (const Cell& cell : run.summary) levels.push_back(cell.concurrency);
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

}  // namespace asyncbench
