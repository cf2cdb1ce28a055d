#pragma once

#include <span>
#include <string>
#include <string_view>

namespace asyncbench {

/// A file of benches/pitfalls that was embedded at build time
/// (scripts/cmake/AsyncbenchBenchSources.cmake).
struct PitfallSource {
    std::string_view name;  ///< `blocking_http.cpp`
    std::string_view text;
};

std::span<const PitfallSource> pitfall_sources();

/// What stands between `namespace WAY {` and `}  // namespace WAY` in the file:
/// the code of one way. Throws std::out_of_range where file or way is not
/// there.
std::string code_of_way(std::string_view file, std::string_view way);

}  // namespace asyncbench
