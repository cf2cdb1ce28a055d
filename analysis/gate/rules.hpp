#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/paired_test.hpp"
#include "async/clock.hpp"

namespace asyncbench {

/// What becomes of a metric.
enum class Lane {
    paired,         ///< decided by the paired test, on times and rates
    deterministic,  ///< decided by counts that need no quiet machine
    information,    ///< shown, decides nothing
};

/// Where a rule comes from, which says how much it matters that a file cannot tell its metric.
enum class AskedBy {
    nobody,  ///< a default
    file,    ///< the configuration, which a repository keeps for every shape of the gate
    flag,    ///< of this very gate
};

struct MetricRule {
    std::string metric;  ///< of the catalogue (`service_p50_ns`), or of a file
    Lane lane = Lane::paired;
    Tolerance tolerance;
    /// Decides nothing where base does not tell the metric; where it is false, that is INCONCLUSIVE.
    bool if_known = false;
    AskedBy asked_by = AskedBy::nobody;
};

/// A limit that head must hold by itself: `p99<50ms`.
struct Budget {
    std::string metric;
    bool below = true;  ///< the value must stay below the limit; else above
    double limit = 0;   ///< in the metric's unit
    std::string text;   ///< as the user wrote it
};

/// Smaller ones leave no room between their interval's confidence and 1, which no number of pairs would
/// reach.
constexpr double least_alpha = 1e-9;
constexpr double largest_alpha = 0.5;

/// Everything that decides what the gate says of what it measured.
struct GateRules {
    std::vector<MetricRule> metrics;
    std::vector<std::string> ignored;  ///< metrics that were taken out by name: no default brings them back
    std::vector<Budget> budgets;
    Looks looks;
    bool confirm = true;          ///< measure again what failed, before it counts
    double control_limit = 0.05;  ///< how far the negative control may move, as a share
    std::uint32_t deterministic_runs = 3;
};

/// p50 and throughput by pairs, CPU and memory with wider tolerances; counts by counted runs; p99
/// for information. `errors` is of the counted runs, and counted over all trials of the paired gate
/// too.
GateRules default_gate_rules();

/// What the catalogue says of one of its metrics: information where it has no test of its own.
MetricRule default_rule(std::string_view metric);

/// The rule of a metric; null where there is none.
const MetricRule* find_rule(const GateRules& rules, std::string_view metric);

/// `p50` for `service_p50_ns`, `throughput` for `throughput_rps`, ...: the short names that flags and files
/// take, besides those of the catalogue; `counter:allocations_per_op` for a number that only files of other
/// programs have, which counts as deterministic. Throws UsageError, which names the known ones.
std::string metric_named(std::string_view name);

/// `p99<50ms`, `throughput>1000/s`, `peak-memory<64MB`. Throws UsageError.
Budget parse_budget(std::string_view text);

/// `5%` in [0, 1000 %] as the share 0.05. Throws UsageError that names `what`.
double parse_percent(std::string_view text, std::string_view what);

/// What a flag or a file says of a metric: `5%` or `5%,10%` (fails from, passes below; left out, twice the
/// first, and of a count the first; `errors` takes none), `information`, or `ignore`. Throws UsageError,
/// which begins with the name of the metric.
void set_rule(GateRules& rules, std::string_view name, std::string_view text,
              AskedBy asked_by = AskedBy::flag);

/// Files of other programs are gated by their times, with the tolerances of p50, unless these have a rule or
/// are ignored.
void add_times_of_others(GateRules& rules);

/// Throws UsageError where the looks do not ascend from at least 2, or alpha lies outside [least_alpha,
/// largest_alpha].
void check(const GateRules& rules);

}  // namespace asyncbench
