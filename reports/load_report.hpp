#pragma once

#include <string>

#include "analysis/run_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// What is about to be measured, in a sentence: `2,000/s offered for 10s over 50 connections, ...`
std::string load_heading(const Scenario& scenario);

/// What the threshold looks at, with the value that a trial had: `p99 61.3 ms`.
std::string text_of_value(const Threshold& threshold, double value);

/// `1,061/s: p99 61.3 ms`, or `1,061/s holds`.
std::string text_of(const RateStep& step);

/// What `asyncbench load` tells of its one trial, or of load_trial() at the rate that it found: at most 30
/// lines, of 80 columns where the style has no fewer. UTF-8.
std::string load_terminal_report(const RunResult& run, TerminalStyle style);

}  // namespace asyncbench
