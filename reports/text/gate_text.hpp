#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/gate/gate_result.hpp"
#include "reports/text/metric_label.hpp"

namespace asyncbench {

// What all reports of a gate say in words. Names and commands are as they came: who writes them to a terminal
// or a page escapes them.

const std::string& subject_name(const GateResult& result, std::size_t subject);

/// `FAIL`, `PASS, better`, `information`, `not reported`
std::string verdict_text(const GateLine& line);

/// A value with its interval, or "–" where it is not known.
std::string absolute_text(std::string_view metric, const Estimate& estimate);
/// `1.213× [1.180–1.241]`, or "–".
std::string ratio_text(const Estimate& ratio);
/// What the column of ratios is called: it is not the ratio of the two medians beside it.
std::string_view ratio_heading(GateShape shape);
/// `fails from +5 %, passes below +10 %`
std::string describe(const Tolerance& tolerance);

/// The verdict and what it rests on, in one sentence: `FAIL: head is worse than base in 1 of 6 checks: ...`
std::string gate_headline(const GateResult& result);

/// Where the numbers come from: shape, programs or files, load, how many trials in how long.
std::string describe_gate(const GateResult& result);

/// What the control showed; empty where there was none.
std::string describe_control(const GateResult& result);

/// A sentence for each way in which base and head were not measured alike, or trials were lost.
std::vector<std::string> gate_disturbances(const GateResult& result);

/// By which procedure it was decided.
std::string describe_decision(const GateResult& result);

/// What to do now, a sentence each; none where there is nothing to do.
std::vector<std::string> gate_advice(const GateResult& result);

}  // namespace asyncbench
