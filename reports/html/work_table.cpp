#include <fmt/format.h>

#include <algorithm>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

std::string hex(const Fingerprint& fingerprint) {
    return fmt::format("{:016x}", fingerprint.sum);
}

struct Work {
    Fingerprint client;
    Fingerprint served;
    std::uint64_t errors = 0;
    std::uint64_t arrived = 0;
    std::uint64_t connections = 0;
    bool target_known = true;
    bool measured = false;  ///< in one trial at least
};

Work work_of(const RunResult& run, const Cell& cell) {
    Work work;
    for (const TrialResult& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.failure.empty()) continue;
        work.measured = true;
        work.client += trial.client;
        work.errors += trial.errors.total();
        work.target_known = work.target_known && trial.target.has_value();
        if (!trial.target) continue;
        work.served += trial.target->served;
        work.arrived += trial.target->requests;
        work.connections += trial.target->connections;
    }
    return work;
}

/// A response that the client lost or gave up on may still have been served; the harness judged each trial.
std::string same_work(const Cell& cell, const Work& work) {
    if (work.client == work.served) return "yes";
    const bool mismatch = std::any_of(cell.warnings.begin(), cell.warnings.end(),
                                      [](const Warning& warning) { return warning.code == "work-mismatch"; });
    return mismatch ? "no" : "yes, apart from failed requests";
}

}  // namespace

std::string work_table(const RunResult& run) {
    HtmlTable table(
        "What client and target each say was done, summed over the trials of a cell.",
        {"Strategy", concurrency_heading, "Responses received", "Client's fingerprint", "Errors",
         "Requests arrived", "Responses served", "Target's fingerprint", "Connections", "Same work"});
    for (const Cell* cell : cells_by_concurrency(run)) {
        const Work work = work_of(run, *cell);
        if (!work.measured) {
            std::vector<std::string> row(10, nothing);
            row[0] = cell->strategy.text();
            row[1] = human_count(cell->concurrency);
            table.add_row(row, true);
            continue;
        }
        std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency),
                                     human_count(work.client.count), hex(work.client),
                                     human_count(work.errors)};
        if (work.target_known) {
            row.insert(row.end(), {human_count(work.arrived), human_count(work.served.count),
                                   hex(work.served), human_count(work.connections), same_work(*cell, work)});
        } else {
            row.insert(row.end(), {nothing, nothing, nothing, nothing, "the target does not tell"});
        }
        table.add_row(row, !is_usable(run, *cell), standing_of(run, *cell));
    }
    return table.text();
}

}  // namespace asyncbench
