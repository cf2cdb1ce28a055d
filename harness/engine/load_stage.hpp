#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// A part of a load's course: over `duration` the rate, in requests a second, or the number of connections
/// goes from one to the other in a straight line.
struct LoadStage {
    double from = 0;
    double to = 0;
    Nanoseconds duration{0};

    bool operator==(const LoadStage&) const = default;
};

/// `0:1k@30s,1k@2m,1k:0@10s`: for 30 s from 0 to 1,000 a second, then 1,000 for two minutes, then down.
/// Throws UsageError, a sentence.
std::vector<LoadStage> parse_stages(std::string_view text);
/// The same of connections, whose numbers are whole.
std::vector<LoadStage> parse_connection_stages(std::string_view text);
std::string text_of(const std::vector<LoadStage>& stages);  ///< the form that both read

/// What the straight line encloses: requests, where the values are rates.
double area_of(const LoadStage& stage);

/// Of all stages together.
Nanoseconds duration_of(const std::vector<LoadStage>& stages);
double highest(const std::vector<LoadStage>& stages);
double mean(const std::vector<LoadStage>& stages);
/// After so much of them; after the last one what it ends with.
double value_at(const std::vector<LoadStage>& stages, Nanoseconds time);

}  // namespace asyncbench
