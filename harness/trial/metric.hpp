#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

enum class Better { lower, higher, neither };

/// What a value is where something was at its limit (WarningKind::limited).
enum class Bound { at_most = -1, none = 0, at_least = 1 };

/// How the gate judges a metric that default_gate_rules() names (analysis/gate/rules.cpp), unless it is told
/// otherwise.
struct GateDefault {
    enum class Test {
        none,    ///< it does not look at the metric by itself; if it is asked to, by pairs
        pairs,   ///< times and rates
        counts,  ///< by counted runs, which need no quiet machine
    };
    Test test = Test::none;
    double fail_from = 0;   ///< as a share
    double pass_below = 0;  ///< the same
};

/// Where a metric is shown without being asked for; bits.
enum ShownByDefault : unsigned { nowhere = 0, in_compare = 1, in_benchfmt = 2 };

/// One row of the catalogue that `asyncbench list metrics` prints. All that is the same wherever a metric
/// appears stands here and nowhere else.
struct MetricInfo {
    std::string_view name = {};        ///< carries its unit: `service_p50_ns`
    std::string_view short_name = {};  ///< that flags and files take, `p50`; may be empty
    std::string_view unit = {};
    Better better = Better::neither;
    Bound limited = Bound::none;
    GateDefault gate = {};
    unsigned shown = ShownByDefault::nowhere;
    std::string_view meaning = {};
};

/// All metrics a trial can carry, in the order reports show them.
std::span<const MetricInfo> metric_catalogue();
/// Null where the catalogue has no such metric.
const MetricInfo* find_metric(std::string_view name);

/// MetricInfo::limited of the metric, as a sign.
int bound_of_limited(std::string_view metric);

/// In the catalogue's order.
std::vector<std::string_view> metrics_shown(ShownByDefault place);

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

struct MetricKind {
    std::string_view unit;  ///< empty where it is not known
    Better better = Better::neither;
};

/// Of a metric of the catalogue what that says; of those in other programs' files what the name's end says:
/// `_ns` is a time, `_bytes` a size, `_per_second` a rate.
MetricKind metric_kind(std::string_view name);

}  // namespace asyncbench
