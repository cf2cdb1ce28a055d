#pragma once

#include <string>
#include <vector>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// Whether the target is a URL, so that the scenario's latency, payload and faults are not what it does.
bool has_foreign_target(const Scenario& scenario);

/// The question that the run is to answer, or else its scenario's name.
std::string title_of(const RunResult& run);

/// The load in words: `closed loop for 2s, latency lognormal:20ms,80ms, 1,024 bytes a body, target mock`.
std::string describe_load(const Scenario& scenario);

/// How many trials, in which order, what the intervals are.
std::string describe_method(const RunResult& run);

/// How many comparisons show a difference by chance, by the confidence that those of the run really have;
/// empty where none shows any.
std::string describe_multiplicity(const RunResult& run);

/// A warning and the cells that it was given in; each code stands once.
struct PlacedWarning {
    Warning warning;                  ///< of the first place
    std::vector<std::string> places;  ///< `callback at 64`; empty for the run as a whole
    bool same_everywhere = true;      ///< the sentence, with its numbers
};

/// Those of the run first, then those of its cells.
std::vector<PlacedWarning> warnings_by_place(const RunResult& run);

/// `callback at 64; coroutine at 64; and 3 more`
std::string describe_places(const PlacedWarning& placed, std::size_t most);

/// The cells by concurrency, inside it in the scenario's order.
std::vector<const Cell*> cells_by_concurrency(const RunResult& run);

/// Of the metric that the run ranks by, of `cell` to the first strategy at the same concurrency; null for the
/// first itself and where there is none.
const Comparison* comparison_to_first(const RunResult& run, const Cell& cell);

/// Whether a comparison shows a difference, in words.
std::string difference_text(const Comparison& comparison);

/// Failed requests of all trials of the cell that were measured; "–" where none was.
std::string errors_of(const RunResult& run, const Cell& cell);

}  // namespace asyncbench
