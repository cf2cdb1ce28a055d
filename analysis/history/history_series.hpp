#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/history/history_run.hpp"
#include "analysis/stats/change_points.hpp"

namespace asyncbench {

struct HistoryPoint {
    std::size_t run = 0;  ///< index into the runs that the series was made of
    Estimate estimate;
};

/// One metric of one subject doing one work, by time.
struct HistorySeries {
    std::string work;
    std::string subject;
    std::string strategy;
    std::string metric;
    std::vector<HistoryPoint> points;
    std::vector<ChangePoint> changes;  ///< of the values of `points`
};

struct HistorySelection {
    std::vector<std::string> subjects = {};  ///< or strategies; empty: all
    std::vector<std::string> metrics = {};   ///< of the catalogue; empty: all
    std::size_t last = 0;                    ///< points of each series, the newest; 0: all
};

/// A history holds few runs, of which ten are the least in which a change can show at this significance; one
/// series in a hundred that did not change shows one.
constexpr double history_significance = 0.01;

/// By work, strategy, concurrency and metric: the work of the newest run last, metrics in the order of their
/// catalogue. `runs` by time, as HistoryStore::runs() gives them.
std::vector<HistorySeries> history_series(std::span<const HistoryRun> runs,
                                          const HistorySelection& selection);

/// `kernel: 6.1.0 became 6.5.0` for each fact that both know and that differs; not for what always does, such
/// as the load average.
std::vector<std::string> environment_changes(const Environment& before, const Environment& after);

}  // namespace asyncbench
