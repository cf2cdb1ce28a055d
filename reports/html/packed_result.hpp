#pragma once

#include <string>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// A run's whole result, as a page holds it. Both are packed().
struct PackedResult {
    /// The compact text of its JSON without the histograms of the overhead and of the target's
    /// delay errors, but for what packs better in another form, which unpack.js turns back:
    /// a histogram is `{"hdr":{"bytes":N}}`, N bytes of `histograms`, in the order of the text; a timeline
    /// `{"deltas":[ids,...]}`, in differences, its columns as in the result.
    std::string json;
    /// HdrHistogram's V2 encoding of each, not deflated, one after the other. Each deflated for itself, as
    /// JSON has them, is noise to a compressor; side by side those of like trials take 2/3 of that, those of
    /// service and response time where they are the same half.
    std::string histograms;
};

PackedResult pack_result(const RunResult& run);

}  // namespace asyncbench
