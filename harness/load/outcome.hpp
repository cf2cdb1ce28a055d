#pragma once

#include <cstdint>
#include <string>

namespace asyncbench {

/// Something other than an answer that came of a strategy's work: requests it never sent, errors it raised,
/// exceptions it lost. A strategy that tells of one accounts for the requests that are missing.
struct Outcome {
    std::string code;         ///< stable, for programs: `not-sent`, `error-raised`, `gave-up`, ...
    std::uint64_t count = 0;  ///< how often
    std::string message;      ///< one sentence for people, with its numbers

    bool operator==(const Outcome&) const = default;
};

}  // namespace asyncbench
