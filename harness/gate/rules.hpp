#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/measure/clock.hpp"
#include "harness/stats/paired_test.hpp"

namespace asyncbench {

/// What becomes of a metric.
enum class Lane {
    paired,         ///< decided by the paired test, on times and rates
    deterministic,  ///< decided by counts that need no quiet machine
    information,    ///< shown, decides nothing
};

struct MetricRule {
    std::string metric;  ///< of the catalogue (`service_p50_ns`), or of a file
    Lane lane = Lane::paired;
    Tolerance tolerance;
};

/// A limit that head must hold by itself: `p99<50ms`.
struct Budget {
    std::string metric;
    bool below = true;  ///< the value must stay below the limit; else above
    double limit = 0;   ///< in the metric's unit
    std::string text;   ///< as the user wrote it
};

/// Everything that decides what the gate says of what it measured.
struct GateRules {
    std::vector<MetricRule> metrics;
    std::vector<Budget> budgets;
    Looks looks;
    bool confirm = true;          ///< measure afresh what failed, before it counts
    double control_limit = 0.05;  ///< how far the negative control may move, as a share
    std::uint32_t deterministic_runs = 3;
};

/// p50 and throughput by pairs, CPU and memory with wider tolerances; counts in the deterministic lane; p99
/// for information.
GateRules default_gate_rules();

/// `p50` for `service_p50_ns`, `throughput` for `throughput_rps`, ...: the short names that flags and files
/// take, besides those of the catalogue. Throws UsageError, which names the known ones.
std::string metric_named(std::string_view name);

/// `p99<50ms`, `throughput>1000/s`, `peak-memory<64MB`. Throws UsageError.
Budget parse_budget(std::string_view text);

}  // namespace asyncbench
