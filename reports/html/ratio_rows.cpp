#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/trial/summary.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"

namespace asyncbench {
namespace {

const Cell* cell_of(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency) {
    const auto found = std::find_if(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return cell.strategy == strategy && cell.concurrency == concurrency;
    });
    return found == run.summary.end() ? nullptr : &*found;
}

Json row_of(const Comparison& comparison) {
    Json row = row_of(comparison.head, comparison.concurrency);
    row["base"] = comparison.base.text();
    row["measure"] = metric_label(comparison.metric);
    return row;
}

/// A logarithmic axis has no place for others.
bool is_drawable(const Estimate& ratio) {
    return std::isfinite(ratio.high) && ratio.low > 0;
}

}  // namespace

Json ratio_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Comparison& comparison : run.comparisons) {
        const Estimate& ratio = comparison.ratio;
        if (!is_drawable(ratio)) continue;
        Json row = row_of(comparison);
        row["value"] = rounded(ratio.value);
        row["low"] = rounded(has_interval(ratio) ? ratio.low : ratio.value);
        row["high"] = rounded(has_interval(ratio) ? ratio.high : ratio.value);
        row["text"] = human_ratio(ratio);
        row["shown"] = difference_text(comparison);
        rows.push_back(std::move(row));
    }
    return rows;
}

Json pair_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Comparison& comparison : run.comparisons) {
        const Cell* base = cell_of(run, comparison.base, comparison.concurrency);
        const Cell* head = cell_of(run, comparison.head, comparison.concurrency);
        if (base == nullptr || head == nullptr || !is_drawable(comparison.ratio)) continue;
        for (const PairedRatio& pair : paired_ratios(*base, *head, comparison.metric, run.trials)) {
            Json row = row_of(comparison);
            row["block"] = pair.repetition + 1;
            row["value"] = rounded(pair.ratio);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace asyncbench
