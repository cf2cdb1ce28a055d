#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// The trial that a report of a load tells of: the first that was measured; of a search the first that kept
/// to its goals, if one did. Null where the run is no load, or nothing of it was measured.
const Trial* load_trial(const RunResult& run);

/// A value that the threshold looks at, in its unit: `61.3 ms`, `0.2 %`.
std::string human_value(const Threshold& threshold, double value);

/// A threshold of the run, with the value that its trial had.
struct CheckedThreshold {
    std::string text;  ///< `p99<200ms (61.3 ms)`
    bool holds = false;
};
std::vector<CheckedThreshold> checked_thresholds(const RunResult& run);

// Sentences. The run has a load_trial().

/// What a search found; run.search is set.
std::string search_sentence(const RunResult& run);
/// The rate, what failed, and how long half and 99 % of the requests took.
std::string served_sentence(const RunResult& run);
/// Both, and thresholds: what the run says, the most important first.
std::vector<std::string> load_answer(const RunResult& run);

/// What a reader has to know of a load, the worst first, each code once: of the run, of its measured trials,
/// and what a closed loop cannot see.
std::vector<Warning> load_findings(const RunResult& run);

/// What is written of one class of failures.
struct FailureClass {
    ErrorClass error = ErrorClass::other;
    std::uint64_t count = 0;
    std::vector<std::string> reasons;  ///< `60 × status 503 (Service Unavailable)`, the commonest first
};
/// Of all measured trials, those classes that occurred; at most `most_reasons` of each.
std::vector<FailureClass> failure_classes(const RunResult& run, std::size_t most_reasons);

}  // namespace asyncbench
