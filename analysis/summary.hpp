#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// What an interval must really have before a difference, and so a rank, may rest on it: five trials give
/// 0.9375, the widest interval of four has 0.875.
constexpr double least_confidence_to_rank = 0.9;

/// One cell for each strategy and concurrency of the scenario, in the scenario's order: the median over its
/// used trials of each metric with the interval of order statistics (stats/order_statistics.hpp, confidence
/// 0.95 or what so few trials can give). A cell none of whose trials was run is left out.
std::vector<Cell> summarize(const Scenario& scenario, const std::vector<Trial>& trials);

/// What the cell has of the metric; null where it has nothing.
const Estimate* estimate_of(const Cell& cell, std::string_view metric);

/// Whether a warning says that the run itself is wrong, so that no cell counts, whatever its trials were.
bool is_wrong_as_a_whole(const RunResult& run);

/// Whether the cell counts: it is usable, and the run as a whole is not wrong.
bool is_usable(const RunResult& run, const Cell& cell);

/// Head over base of one metric in the two trials of a block.
struct PairedRatio {
    std::uint32_t repetition = 0;
    double ratio = 1;
};

/// Of the repetitions in which both trials are usable and the metric is over 0, in the order run.
std::vector<PairedRatio> paired_ratios(const Cell& base, const Cell& head, std::string_view metric,
                                       const std::vector<Trial>& trials);

/// Head against base, two cells of one concurrency, by those pairs; none where there is no pair.
std::optional<Comparison> compare_cells(const Cell& base, const Cell& head, std::string_view metric,
                                        const std::vector<Trial>& trials);

/// What the cells of a concurrency are compared with: the first of them that is usable, so that one that
/// is not does not take every comparison with it; null where none is.
const Cell* base_cell(const std::vector<Cell>& cells, std::uint32_t concurrency);

/// Each strategy against base_cell() of its concurrency, for throughput, latency, CPU and memory: the median
/// ratio of trials paired by repetition, so that a drift of the machine cancels out. Pairs with a wrong
/// trial are left out, and so are comparisons with a wrong cell.
std::vector<Comparison> compare_with_first(const std::vector<Cell>& cells, const std::vector<Trial>& trials);
/// The same for the metrics named.
std::vector<Comparison> compare_with_first(const std::vector<Cell>& cells, const std::vector<Trial>& trials,
                                           std::span<const std::string_view> metrics);

}  // namespace asyncbench
