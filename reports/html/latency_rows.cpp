#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/html/chart_rows.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// At each of the percentiles; those below which nothing is told apart from 0 are left out.
void add_rows(Json& rows, const Cell& cell, const Histogram& histogram, std::string_view kind,
              const std::vector<double>& percentiles) {
    for (const double percentile : percentiles) {
        const auto nanoseconds = static_cast<double>(histogram.value_at_percentile(percentile));
        if (nanoseconds <= 0) continue;
        Json row = row_of(cell.strategy, cell.concurrency);
        row["kind"] = kind;
        row["percentile"] = 100 - rounded(100 - percentile);
        row["milliseconds"] = rounded(nanoseconds / 1e6);
        rows.push_back(std::move(row));
    }
}

/// Ever closer to 100 %, up to the slowest single request.
std::vector<double> percentiles_of_tail(const Histogram& histogram) {
    constexpr double steps_per_decade = 8;
    const auto count = static_cast<double>(histogram.count());
    const int last = static_cast<int>(std::ceil(std::log10(count) * steps_per_decade));
    std::vector<double> percentiles;
    for (int step = 0; step <= last; ++step) {
        const double one_in = std::min(std::pow(10, step / steps_per_decade), count);
        percentiles.push_back(100 - 100 / one_in);
    }
    return percentiles;
}

std::vector<double> percentiles_of_distribution(const Histogram&) {
    std::vector<double> percentiles;
    for (int percentile = 0; percentile < 98; percentile += 2) percentiles.push_back(percentile);
    percentiles.insert(percentiles.end(), {98, 99, 99.5, 99.9, 100});
    return percentiles;
}

Json rows_at(const RunResult& run, std::vector<double> (*percentiles_of)(const Histogram&)) {
    Json rows = Json::array();
    for (const Cell* cell : cells_by_concurrency(run)) {
        if (!is_usable(run, *cell) || cell->service_time_ns.empty() || cell->response_time_ns.empty())
            continue;
        add_rows(rows, *cell, cell->service_time_ns, "service time", percentiles_of(cell->service_time_ns));
        if (has_response_times(run.scenario)) {
            add_rows(rows, *cell, cell->response_time_ns, "response time",
                     percentiles_of(cell->response_time_ns));
        }
    }
    return rows;
}

}  // namespace

Json percentile_rows(const RunResult& run) {
    return rows_at(run, percentiles_of_tail);
}

Json distribution_rows(const RunResult& run) {
    return rows_at(run, percentiles_of_distribution);
}

}  // namespace asyncbench
