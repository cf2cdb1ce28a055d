#pragma once

#include <vector>

#include "async/detect/finding.hpp"

namespace asyncbench {

/// A small program that a detector is held against. It runs on its own, on a thread without a loop.
struct ScorecardCase {
    Finding::Kind detector;  ///< the one that has to find it, or that might wrongly
    bool faulty;             ///< false: correct code, of which no detector may say anything
    const char* name;        ///< what it does, in a few words
    void (*run)();
};

// One file a group of detectors.
std::vector<ScorecardCase> task_cases();
std::vector<ScorecardCase> stall_cases();
std::vector<ScorecardCase> blocking_call_cases();

}  // namespace asyncbench
