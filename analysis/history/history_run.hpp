#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/stats/estimate.hpp"
#include "harness/measure/environment.hpp"

namespace asyncbench {

/// A metric of a cell in one run.
struct HistoryValue {
    std::string strategy;
    std::uint32_t concurrency = 0;
    std::string metric;
    Estimate estimate;

    std::string subject() const;  ///< `coroutine at 64`
    bool operator==(const HistoryValue&) const = default;
};

/// What a history keeps of a run.
struct HistoryRun {
    std::string identity;  ///< the same for the same measurement, whatever it is labelled with
    std::string time_utc;  ///< as utc_time() writes it; orders the runs
    std::string commit;    ///< empty where it is not known
    std::string tool_version;
    /// The scenario in JSON (scenario_json.hpp) without its name, strategies, concurrencies and repetitions:
    /// only values of the same work are a series.
    std::string work;
    Environment environment;
    std::vector<HistoryValue> values;

    bool operator==(const HistoryRun&) const = default;
};

/// Of the run's usable cells, those metrics that have a value. `time_utc` as utc_time() writes it.
HistoryRun history_run(const RunResult& run, std::string commit, std::string time_utc);

/// `2026-11-24T01:44:20Z` for a time of ISO 8601 to the second, with `Z` or an offset such as `+01:00`, as
/// git writes it (%cI); none for any other text.
std::optional<std::string> utc_time(std::string_view text);

}  // namespace asyncbench
