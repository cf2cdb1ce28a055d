#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// A part of a load's course: over `duration` the rate goes from one to the other in a straight line.
struct RateStage {
    double from_rps = 0;
    double to_rps = 0;
    Nanoseconds duration{0};

    bool operator==(const RateStage&) const = default;
};

/// `0:1k@30s,1k@2m,1k:0@10s`: for 30 s from 0 to 1,000 a second, then 1,000 for two minutes, then down.
/// Throws UsageError, a sentence.
std::vector<RateStage> parse_stages(std::string_view text);
std::string text_of(const std::vector<RateStage>& stages);  ///< the form that parse_stages() reads

/// Of all stages together.
Nanoseconds duration_of(const std::vector<RateStage>& stages);
double most_rps(const std::vector<RateStage>& stages);
double mean_rps(const std::vector<RateStage>& stages);

}  // namespace asyncbench
