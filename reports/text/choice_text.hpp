#pragma once

#include <string>

#include "analysis/ranking/choice.hpp"
#include "analysis/run_result.hpp"

namespace asyncbench {

// The sentences of the answer about the choice. `run` is judged, and at the ranked concurrency two cells or
// more are usable. A sentence is empty where there is nothing to say.

/// What to choose and why, and the speed of everybody.
std::string choice_sentence(const RunResult& run, const Choice& choice);

/// What differs beside speed among those that are as fast.
std::string side_sentence(const RunResult& run, const Choice& choice);

/// What is shown of the speed of those that are as fast.
std::string likeness_sentence(const RunResult& run, const Choice& choice);

/// Who of these is behind maybe only because it waited for a CPU.
std::string waits_sentence(const RunResult& run, const Choice& choice);

/// Who is slower than the chosen by the medians alone.
std::string unshown_sentence(const RunResult& run, const Choice& choice);

}  // namespace asyncbench
