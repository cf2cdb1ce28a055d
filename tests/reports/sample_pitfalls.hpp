#pragma once

#include "analysis/pitfalls_result.hpp"

// MADE UP, as sample_run.hpp.

namespace asyncbench::sample {

/// One pitfall whose harm is speed, with three ways; one that loses work, diagnosed; one whose ways are not
/// separated.
PitfallsResult clean_pitfalls();

/// An invalid measurement, and interrupted before the end.
PitfallsResult troubled_pitfalls();

/// Every text from outside tries to become markup or script.
PitfallsResult hostile_pitfalls();

}  // namespace asyncbench::sample
