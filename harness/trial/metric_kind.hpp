#pragma once

#include <string_view>

#include "harness/trial/metric.hpp"

namespace asyncbench {

struct MetricKind {
    std::string_view unit;  ///< empty where it is not known
    Better better = Better::neither;
};

/// Of a metric of the catalogue what that says; of those in other programs' files what the name's end says:
/// `_ns` is a time, `_bytes` a size, `_per_second` a rate.
MetricKind metric_kind(std::string_view name);

}  // namespace asyncbench
