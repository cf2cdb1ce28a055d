#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/gate/gate_result.hpp"
#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// One trial of each arm, measured one after the other.
struct SamplePair {
    GateTrial base;
    GateTrial head;
};

/// What a paired gate with one cell would have said.
struct ReplayedSuite {
    Verdict verdict = Verdict::inconclusive;
    std::size_t pairs = 0;  ///< that it took, those that confirm included
    bool control_moved = false;
    std::vector<GateLine> lines;
};

/// Judges pairs that were measured already, by the procedure of a paired gate (looks.hpp), which may give up
/// on an arm. It takes pairs from the first on, as many as it needs; none where there are too few. `control`
/// holds the pairs of the control of the same blocks. Pure.
std::optional<ReplayedSuite> replay_suite(const GateRules& rules, const GateCell& cell,
                                          std::span<const SamplePair> pairs, const GateCell& control_cell,
                                          std::span<const SamplePair> control);

/// A change of a known size, which the gate is to find; or none, which it is not to find.
struct Injection {
    enum class Kind { nothing, latency, cpu };
    std::string name;  ///< `latency +10 %`
    Kind kind = Kind::nothing;
    double size = 0;  ///< a share
};

/// What became of one injection.
struct InjectionResult : Injection {
    std::vector<SamplePair> pairs;      ///< in the order measured
    std::vector<ReplayedSuite> suites;  ///< of pairs that no other suite has
    std::vector<GateLine> counted;      ///< instructions, in counted runs
};

/// With all of these, nine of ten gates without a change pass here.
struct SuggestedTolerance {
    std::string metric;
    Tolerance tolerance;
};

struct SelfTestResult {
    std::string tool_version;
    std::string command;
    std::string started_utc;
    Environment environment;
    Scenario scenario;
    GateRules rules;
    GateCell cell;
    GateCell control_cell;
    std::vector<InjectionResult> injections;
    std::vector<SamplePair> control;
    Nanoseconds elapsed{0};
    std::string failure;  ///< why it did not go on; empty where it did
    bool interrupted = false;
};

/// The share of suites with the verdict, with its interval of 95 %; none where there are no suites.
std::optional<Estimate> share_of(const std::vector<ReplayedSuite>& suites, Verdict verdict);

/// From the suites in which nothing was injected: for each metric that is judged in pairs the least
/// tolerance, in whole percents, that together nine of ten of them would have passed: of m metrics each may
/// lose the m-th part of that tenth (Bonferroni's inequality). Suites in which the
/// control moved say nothing of tolerances; none is told by fewer than ten others.
std::vector<SuggestedTolerance> suggested_tolerances(const SelfTestResult& result);

}  // namespace asyncbench
