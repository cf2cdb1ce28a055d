#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// How the requests of a cell ended, of all its trials that were measured.
struct CellFailures {
    const Cell* cell = nullptr;
    ErrorCounts errors;
    Endings endings;
    std::uint64_t requests = 0;  ///< failed ones included
};

/// The cells in which requests failed, by concurrency; those that were asked to fail are among them.
std::vector<CellFailures> failures_by_cell(const RunResult& run);

/// What failed, the commonest first: `60 × status 503 (Service Unavailable); 2 × timeout: ...`.
std::string describe(const CellFailures& failures);

/// A line for each of these cells, `coroutine at 4: 60 of 100 requests failed: ...`, and where there are more
/// than `most`, one that says how many are left out.
std::vector<std::string> failure_lines(const RunResult& run, std::size_t most);

}  // namespace asyncbench
