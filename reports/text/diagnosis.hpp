#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// What the detectors found in all trials of a cell.
struct CellDiagnosis {
    const Cell* cell = nullptr;
    std::size_t trials = 0;  ///< that told; none where the strategy is a program that cannot
    Diagnosis found;
};

/// For the cells in the order of cells_by_concurrency(); empty where no trial was told to
/// diagnose, nor did so unasked.
std::vector<CellDiagnosis> diagnoses_by_cell(const RunResult& run);

/// `blocking-call, 12 times: ...`
std::string describe(const CountedFinding& counted);

/// The whole in a sentence: `No finding in 5 trials; the loop ran what was ready 0.1 ms late at p99.`
std::string describe(const CellDiagnosis& diagnosis);

}  // namespace asyncbench
