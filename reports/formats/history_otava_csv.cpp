#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "reports/formats/csv.hpp"
#include "reports/history_report.hpp"

namespace asyncbench {
namespace {

struct Column {
    std::string name;
    std::map<std::size_t, double> values;  // by run
};

std::vector<Column> columns_of(std::span<const HistorySeries> all, std::size_t newest) {
    std::vector<Column> columns;
    for (const HistorySeries& series : all) {
        if (series.points.empty() || series.points.back().run != newest) continue;
        Column column{fmt::format("{} {}", series.subject, series.metric), {}};
        for (const HistoryPoint& point : series.points) column.values[point.run] = point.estimate.value;
        columns.push_back(std::move(column));
    }
    return columns;
}

}  // namespace

OtavaCsv history_otava_csv(std::span<const HistoryRun> runs, std::span<const HistorySeries> series) {
    OtavaCsv csv{"time,commit", 0, 0};
    if (runs.empty()) return {csv.text + "\n", 0, 0};
    const std::vector<Column> columns = columns_of(series, runs.size() - 1);
    for (const Column& column : columns) csv.text += "," + csv_field(column.name);
    csv.text += "\n";
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::string row = runs[i].time_utc + "," + csv_field(runs[i].commit);
        bool whole = !columns.empty();
        for (const Column& column : columns) {
            const auto value = column.values.find(i);
            whole = whole && value != column.values.end();
            if (whole) row += fmt::format(",{}", value->second);
        }
        if (whole) csv.text += row + "\n";
        ++(whole ? csv.runs : csv.left_out);
    }
    return csv;
}

}  // namespace asyncbench
