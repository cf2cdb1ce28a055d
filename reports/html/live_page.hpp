#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/run_result.hpp"

namespace asyncbench {

// The page of a run that goes on. It is served: its style sheet and scripts are files beside it, and it asks
// `state` for what is new.

/// The page without any result yet.
std::string live_page(const Scenario& scenario);

/// The Content-Security-Policy to serve it with.
const char* live_page_policy();

/// A run so far as an `<article>`, which live.js puts into the page: the report without the raw result.
std::string live_article(const RunResult& run);

struct LiveAsset {
    const char* type;  ///< of media
    std::string_view text;
};
/// What the page loads; none for any other path.
std::optional<LiveAsset> live_page_asset(std::string_view path);

}  // namespace asyncbench
