#include "reports/html/standing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/cell_text.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

std::string_view chart_standing(const RunResult& run, const Cell& cell) {
    if (!is_usable(run, cell)) return "wrong";
    if (cell.limited()) return "limited";
    return cell.used_trials > 0 && 2 * cell.disturbed_trials >= cell.used_trials ? "disturbed" : "ok";
}

std::string_view chart_standing(const RunResult& run, const TrialResult& trial) {
    if (!trial.usable() || is_wrong_as_a_whole(run)) return "wrong";
    if (trial.limited()) return "limited";
    return trial.disturbed() ? "disturbed" : "ok";
}

int chart_bound(std::string_view standing, std::string_view metric) {
    return standing == "limited" ? bound_of_limited(metric) : 0;
}

bool has_drawn(const RunResult& run, std::string_view standing) {
    return std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        if (!is_usable(run, cell)) return false;
        return (standing == "limited" && cell.limited_trials > 0) ||
               (standing == "disturbed" && cell.disturbed_trials > 0);
    });
}

std::string trials_text(const Cell& cell) {
    std::string text = fmt::format("{} of {}", cell.used_trials, cell.trials);
    if (cell.limited_trials > 0) text += fmt::format(", {} limited", cell.limited_trials);
    if (cell.disturbed_trials > 0) text += fmt::format(", {} disturbed", cell.disturbed_trials);
    return text;
}

}  // namespace asyncbench
