#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asyncbench {

inline constexpr std::size_t longest_trial_name = 64;

/// What a request target asks for.
struct Route {
    enum class Kind { unknown, io, stats, health };

    Kind kind = Kind::unknown;
    std::string_view trial;  ///< points into the parsed text; `[a-z0-9-]{1,64}`
    std::uint64_t id = 0;    ///< of `io`
};

/// `/io/{trial}/{k}`, `/stats/{trial}` or `/healthz`, to the letter; all other text is unknown. `k` is
/// decimal and fits 64 bits.
Route parse_route(std::string_view target);

}  // namespace asyncbench
