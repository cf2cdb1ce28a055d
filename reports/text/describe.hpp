#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// The question that the run is to answer, or else its scenario's name; of a load the server's URL.
std::string title_of(const RunResult& run);

/// The same over the answer, which a question of pages must not push out of sight; the scenario's details
/// have it whole.
std::string heading_of(const RunResult& run);

/// The scenario's name where it stands beside others, cut likewise.
std::string short_name_of(const RunResult& run);

/// The load in words: `closed loop for 2s, latency lognormal:20ms,80ms, 1,024 bytes a body, target mock`.
std::string describe_load(const Scenario& scenario);

/// `256 concurrent requests`; of an open loop `2,000/s offered and at most 256 concurrent requests`.
std::string describe_users(const PlanSpec& plan, std::uint32_t concurrency);

/// Of these requests: ` of 20 ms`, ` with latency lognormal:20ms,80ms`; empty where it is unknown or 0.
std::string describe_delay(const Scenario& scenario);

/// How many blocks, in which order, what the intervals are.
std::string describe_method(const RunResult& run);

/// From which blocks orders were judged and how sure they are; empty where nothing was judged.
std::string describe_judgement(const RunResult& run);

/// How many comparisons show a difference by chance, by the confidence that those of the run really have;
/// empty where none shows any.
std::string describe_multiplicity(const RunResult& run);

/// A warning and the cells that it was given in; each code stands once.
struct PlacedWarning {
    Warning warning;                  ///< of the first place
    std::vector<std::string> places;  ///< `callback at 64`; empty for the run as a whole
    bool same_everywhere = true;      ///< the sentence, with its numbers
};

/// A warning's code in words for a sentence, `the target answered late`.
std::string words_of_code(std::string_view code);

/// Those of the run first, then those of its cells.
std::vector<PlacedWarning> warnings_by_place(const RunResult& run);

/// `callback at 64; coroutine at 64; and 3 more`
std::string describe_places(const PlacedWarning& placed, std::size_t most = 4);

/// The cells by concurrency, inside it in the scenario's order.
std::vector<const Cell*> cells_by_concurrency(const RunResult& run);

/// Whether a comparison shows a difference, in words.
std::string difference_text(const Comparison& comparison);

/// Of all trials that were measured.
struct FailedRequests {
    std::uint64_t failed = 0;
    std::uint64_t requests = 0;  ///< failed ones included

    double share() const;  ///< of `requests`; 0 where there is none
};

/// Of the cell; none where no trial of it was measured.
std::optional<FailedRequests> failed_requests(const RunResult& run, const Cell& cell);

/// The same in words, `112 (11.5 %)`; "–" where none was measured.
std::string errors_of(const RunResult& run, const Cell& cell);

}  // namespace asyncbench
