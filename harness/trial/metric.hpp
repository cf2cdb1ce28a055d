#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asyncbench {

enum class Better { lower, higher, neither };

/// One entry of the catalogue that `asyncbench list metrics` prints.
struct MetricInfo {
    std::string_view name;  ///< carries its unit: `service_p50_ns`
    std::string_view unit;
    Better better = Better::neither;
    std::string_view meaning;
};

/// All metrics a trial can carry, in the order reports show them.
std::span<const MetricInfo> metric_catalogue();
/// Null where the catalogue has no such metric.
const MetricInfo* find_metric(std::string_view name);

/// What a value of the metric is where something was at its limit
/// (WarningKind::limited): 1 for "at least", -1 for "at most", 0 where that says nothing of it.
int bound_of_limited(std::string_view metric);

/// A measured number, or why there is none. Unknown is never 0.
struct MetricValue {
    std::optional<double> value;
    std::string reason;  ///< why there is no value; empty where there is one

    static MetricValue unknown(std::string why) { return {std::nullopt, std::move(why)}; }
    bool operator==(const MetricValue&) const = default;
};

/// By metric name.
using Metrics = std::map<std::string, MetricValue, std::less<>>;

/// The value where it is there and known.
std::optional<double> value_of(const Metrics& metrics, std::string_view name);

}  // namespace asyncbench
