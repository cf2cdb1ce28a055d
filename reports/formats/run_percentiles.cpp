#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "reports/formats/percentile_text.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

/// Safe as a file's name everywhere, whatever the text is.
std::string plain_name(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string name;
    for (const char c : text.substr(0, longest)) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    return name;
}

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
        if (cell->valid_trials == 0) continue;
        const std::string name =
            fmt::format("{}-at-{}", plain_name(cell->strategy.text()), cell->concurrency);
        add(tables, name + "-service", cell->service_time_ns);
        add(tables, name + "-response", cell->response_time_ns);
    }
    return tables;
}

}  // namespace asyncbench
