#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "reports/formats/percentile_text.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/plain_name.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t longest_name = 80;

void add(std::vector<PercentileTable>& tables, const std::string& name, const Histogram& histogram) {
    const auto same = std::count_if(tables.begin(), tables.end(), [&](const PercentileTable& table) {
        return table.name == name || table.name.starts_with(name + "-");
    });
    tables.push_back({same == 0 ? name : fmt::format("{}-{}", name, same + 1), percentile_text(histogram)});
}

}  // namespace

std::vector<PercentileTable> percentile_tables(const RunResult& run) {
    std::vector<PercentileTable> tables;
    for (const Cell* cell : cells_by_concurrency(run)) {
        if (cell->used_trials == 0) continue;
        const std::string name =
            fmt::format("{}-at-{}", plain_name(cell->strategy.text(), longest_name), cell->concurrency);
        add(tables, name + "-service", cell->service_time_ns);
        add(tables, name + "-response", cell->response_time_ns);
    }
    return tables;
}

}  // namespace asyncbench
