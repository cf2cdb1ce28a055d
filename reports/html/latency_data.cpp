#include "reports/html/latency_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/html/columns.hpp"
#include "reports/html/drawn_number.hpp"

namespace asyncbench {
namespace {

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

std::vector<double> percentiles_of_distribution() {
    std::vector<double> percentiles;
    for (int percentile = 0; percentile < 98; percentile += 2) percentiles.push_back(percentile);
    percentiles.insert(percentiles.end(), {98, 99, 99.5, 99.9, 100});
    return percentiles;
}

}  // namespace

Json latency_columns(const RunResult& run, const std::vector<const Cell*>& cells, Percentiles which) {
    Json columns = columns_named({"strategy", "concurrency", "kind", "percentile", "milliseconds"});
    const auto add = [&](const Cell& cell, const Histogram& histogram, const char* kind) {
        if (histogram.empty()) return;
        const std::vector<double> percentiles =
            which == Percentiles::of_tail ? percentiles_of_tail(histogram) : percentiles_of_distribution();
        for (const double percentile : percentiles) {
            const auto nanoseconds = static_cast<double>(histogram.value_at_percentile(percentile));
            if (nanoseconds <= 0) continue;
            add_row(columns, {{"strategy", cell.strategy.text()},
                              {"concurrency", cell.concurrency},
                              {"kind", kind},
                              {"percentile", 100 - rounded(100 - percentile)},
                              {"milliseconds", rounded(nanoseconds / 1e6)}});
        }
    };
    for (const Cell* cell : cells) {
        add(*cell, cell->service_time_ns, "service time");
        if (has_response_times(run.scenario)) add(*cell, cell->response_time_ns, "response time");
    }
    return columns;
}

}  // namespace asyncbench
