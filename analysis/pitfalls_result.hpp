#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/pitfall.hpp"

namespace asyncbench {

/// What was measured of a pitfall.
struct PitfallResult {
    Pitfall pitfall;
    RunResult run;  ///< its comparisons are with the wrong way
    /// One more trial of each way with every detector on: apart, so that what they cost is in no number.
    std::optional<RunResult> diagnosed;
};

/// What `asyncbench pitfalls` measured.
struct PitfallsResult {
    std::string tool_version;
    std::string command;  ///< that repeats it, quoted for a shell
    std::string started_utc;
    Environment environment;
    std::vector<PitfallResult> pitfalls;  ///< in the order measured
    bool interrupted = false;

    bool usable() const;  ///< every run is
};

}  // namespace asyncbench
