#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "reports/html/chart_rows.hpp"

namespace asyncbench {
namespace {

constexpr double name_pixels = 15;  ///< from one name to the next

/// Names that touch each other, stacked.
struct Stack {
    std::vector<Json> rows;
    double sum = 0;  ///< of the places, from above, that its first name would have if each stood at its end

    double top() const { return sum / static_cast<double>(rows.size()); }
    double bottom() const { return top() + static_cast<double>(rows.size()) * name_pixels; }
};

void merge_into(Stack& above, Stack& below) {
    const double offset = static_cast<double>(above.rows.size()) * name_pixels;
    above.sum += below.sum - offset * static_cast<double>(below.rows.size());
    std::move(below.rows.begin(), below.rows.end(), std::back_inserter(above.rows));
}

/// The axis, whole decades, and its pixels.
struct Axis {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double pixels = 0;

    void include(const Json& rows) {
        for (const Json& row : rows) {
            for (const char* field : {"value", "low", "high"}) {
                if (!row.contains(field) || !(row[field] > 0)) continue;
                const double decade = std::log10(row[field].get<double>());
                low = std::min(low, std::floor(decade));
                high = std::max(high, std::ceil(decade));
            }
        }
    }

    double from_above(double value) const { return (high - std::log10(value)) / (high - low) * pixels; }
    double value_at(double below) const { return std::pow(10, high - below / pixels * (high - low)); }
};

/// Where the lines end that reach the last concurrency, the highest first.
std::vector<Json> line_ends(const Json& datasets) {
    std::vector<Json> ends;
    const Json& cells = datasets["throughput"];
    for (const Json& row : cells) {
        if (!(row["value"] > 0) || row["concurrency"] != cells.back()["concurrency"]) continue;
        ends.push_back({{"strategy", row["strategy"]},
                        {"label", row["strategy"]},
                        {"concurrency", row["concurrency"]},
                        {"value", row["value"]}});
    }
    if (!datasets["ideal"].empty()) {
        const Json& last = datasets["ideal"].back();
        ends.push_back({{"label", "ideal"}, {"concurrency", last["concurrency"]}, {"value", last["value"]}});
    }
    std::stable_sort(ends.begin(), ends.end(), [](const Json& one, const Json& other) {
        return one["value"].get<double>() > other["value"].get<double>();
    });
    return ends;
}

/// Moved into the chart where they stand out of it.
double first_place(const Stack& stack, double pixels) {
    const double height = static_cast<double>(stack.rows.size() - 1) * name_pixels;
    return std::clamp(stack.top(), name_pixels / 2, std::max(name_pixels / 2, pixels - height));
}

}  // namespace

Json end_rows(const Json& datasets, double pixels) {
    Axis axis{.pixels = pixels};
    for (const char* set : {"throughput", "throughput_trials", "ideal", "fit"}) axis.include(datasets[set]);
    std::vector<Json> ends = line_ends(datasets);
    Json rows = Json::array();
    if (!(axis.high > axis.low) || static_cast<double>(ends.size()) * name_pixels > pixels) return rows;
    std::vector<Stack> stacks;
    for (Json& end : ends) {
        const double place = axis.from_above(end["value"].get<double>());
        stacks.push_back({.rows = {std::move(end)}, .sum = std::max(place, name_pixels / 2)});
        while (stacks.size() > 1 && stacks[stacks.size() - 2].bottom() > stacks.back().top()) {
            merge_into(stacks[stacks.size() - 2], stacks.back());
            stacks.pop_back();
        }
    }
    for (Stack& stack : stacks) {
        double place = first_place(stack, pixels);
        for (Json& row : stack.rows) {
            row["place"] = rounded(axis.value_at(place));
            rows.push_back(std::move(row));
            place += name_pixels;
        }
    }
    return rows;
}

}  // namespace asyncbench
