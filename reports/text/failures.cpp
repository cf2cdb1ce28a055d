#include "reports/text/failures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/load/failures.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {

std::vector<CellFailures> failures_by_cell(const RunResult& run) {
    std::vector<CellFailures> all;
    for (const Cell* cell : cells_by_concurrency(run)) {
        CellFailures failures;
        failures.cell = cell;
        for (const Trial& trial : run.trials) {
            if (!is_of(trial, *cell) || !trial.failure.empty()) continue;
            failures.errors += trial.errors;
            failures.endings += trial.endings;
            failures.requests += trial.requests();
        }
        if (failures.errors.total() > 0) all.push_back(std::move(failures));
    }
    return all;
}

std::string describe(const CellFailures& failures) {
    constexpr std::size_t most = 5;
    return fmt::format("{}", fmt::join(failures_in_words(failures.errors, failures.endings, most), "; "));
}

std::vector<std::string> failure_lines(const RunResult& run, std::size_t most) {
    const std::vector<CellFailures> all = failures_by_cell(run);
    std::vector<std::string> lines;
    for (const CellFailures& failures : all) {
        if (lines.size() == most) {
            lines.push_back(fmt::format("and {}", counted(all.size() - most, "more cell")));
            break;
        }
        lines.push_back(fmt::format(
            "{} at {}: {} of {} failed: {}", name_in_text(run, failures.cell->strategy),
            human_count(failures.cell->concurrency), human_count(failures.errors.total()),
            counted(std::max(failures.requests, failures.errors.total()), "request"), describe(failures)));
    }
    return lines;
}

}  // namespace asyncbench
