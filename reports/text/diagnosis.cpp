#include "reports/text/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

std::vector<CellDiagnosis> diagnoses_by_cell(const RunResult& run) {
    // A program of its own may diagnose unasked: `exec:asyncbench trial --diagnose`.
    const bool told = std::any_of(run.trials.begin(), run.trials.end(),
                                  [](const Trial& trial) { return trial.diagnosis.has_value(); });
    if (!run.scenario.diagnose && !told) return {};
    std::vector<CellDiagnosis> diagnoses;
    for (const Cell* cell : cells_by_concurrency(run)) {
        CellDiagnosis diagnosis;
        diagnosis.cell = cell;
        for (const Trial& trial : run.trials) {
            if (!is_of(trial, *cell) || !trial.diagnosis) continue;
            ++diagnosis.trials;
            diagnosis.found += *trial.diagnosis;
        }
        diagnoses.push_back(std::move(diagnosis));
    }
    return diagnoses;
}

std::string describe(const CountedFinding& counted) {
    const std::string times =
        counted.count == 1 ? "once" : fmt::format("{} times", human_count(counted.count));
    return fmt::format("{}, {}: {}", name_of(counted.first.kind), times, counted.first.message);
}

std::string describe(const CellDiagnosis& diagnosis) {
    if (diagnosis.trials == 0) return "no trial told what its detectors found.";
    const Diagnosis& found = diagnosis.found;
    std::uint64_t count = found.not_listed;
    for (const CountedFinding& counted : found.findings) count += counted.count;
    std::string text = count == 0 ? "no finding" : counted(count, "finding");
    text += fmt::format(" in {}", counted(diagnosis.trials, "trial"));
    if (found.suppressed > 0)
        text += fmt::format(", {} not told one by one", counted(found.suppressed, "stall"));
    if (found.lag_ns.empty()) return text + "; it runs no event loop.";
    text += fmt::format("; what was ready on the loop waited {} at p50, {} at p99",
                        human_time(static_cast<double>(found.lag_ns.value_at_percentile(50))),
                        human_time(static_cast<double>(found.lag_ns.value_at_percentile(99))));
    if (!found.stalls_ns.empty()) {
        text += fmt::format(", {} of up to {}", counted(found.stalls_ns.count(), "stall"),
                            human_time(static_cast<double>(found.stalls_ns.max())));
    }
    return text + ".";
}

}  // namespace asyncbench
