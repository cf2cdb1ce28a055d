#pragma once

#include <string>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What a page holds of a result. Both are packed().
struct PackedRun {
    /// The line `shown`, and the compact text of the result's JSON without the histograms of the overhead and
    /// of the target's delay errors, but for what packs better in another form, which unpack.js turns back:
    /// a histogram is `{"hdr":{"bytes":N}}`, N bytes of `histograms`, in the order of the text; a timeline
    /// `{"deltas":[ids,...]}`, in differences, its columns as in the result.
    std::string json;
    /// HdrHistogram's V2 encoding of each, not deflated, one after the other. Each deflated for itself, as
    /// JSON has them, is noise to a compressor; side by side those of like trials take 2/3 of that, those of
    /// service and response time where they are the same half.
    std::string histograms;
};
PackedRun packed_run(const RunResult& run, const Json& shown);

/// The same of a run that goes on: of the result what charts are made of, and no histograms.
std::string packed_charts(const RunResult& run, const Json& shown);

}  // namespace asyncbench
