#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/measure/environment.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// A cell with its trials, or a benchmark of another program's file with its repetitions.
struct MeasuredCell : Cell {
    std::string name;            ///< `coroutine at 64`, `BM_Gather/64`; joins base and head
    std::uint64_t requests = 0;  ///< that each trial was told to do; 0 where that is not fixed
    /// Every one, in the order measured, without histograms. A repetition of a benchmark has metrics only.
    std::vector<Trial> measured;

    bool is_of_trials() const { return !strategy.name.empty(); }  ///< false of a benchmark
};

/// The metrics that its usable trials have, with a value or without one: those of the catalogue first.
std::vector<std::string> metrics_of(const MeasuredCell& cell);

/// One metric in the usable trials of a cell, in the order measured.
struct CellValues {
    std::vector<double> values;  ///< finite
    /// Of each value its block, which pairs it with the same block of another cell.
    std::vector<std::uint32_t> repetitions;
};
CellValues values_of(const MeasuredCell& cell, std::string_view metric);

/// A file of results, whatever wrote it, as far as a comparison needs it.
struct MeasuredValues {
    std::string source;  ///< the file's name
    std::string work;    ///< what was asked of the cells; results of different work are not compared
    Environment environment;
    std::vector<MeasuredCell> cells;
    std::optional<Ranking> ranking;  ///< what the run itself answered
    std::vector<Warning> warnings;
};

/// Finds cells by their names. Refers to the values, which outlive it and are not changed.
class CellsByName {
  public:
    explicit CellsByName(const MeasuredValues& measured);

    /// Null where there is none.
    const MeasuredCell* find(std::string_view name) const;

  private:
    std::unordered_map<std::string_view, const MeasuredCell*> cells_;
};

/// Whether asyncbench measured it: its cells are strategies, and its metrics those of trials.
bool is_of_trials(const MeasuredValues& measured);

/// What a scenario asks of each request and trial, whatever measures it: `plan batch, requests 2000, ...`.
std::string work_of(const Scenario& scenario);

/// What two such texts do not have in common: `latency 20ms; and latency 22ms`.
std::string difference_of_work(std::string_view base, std::string_view head);

MeasuredValues measured_values(const RunResult& run, std::string source);

}  // namespace asyncbench
