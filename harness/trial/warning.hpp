#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace asyncbench {

/// Something a reader of the numbers must know. A value: reports decide how it looks.
struct Warning {
    std::string code;          ///< stable, for programs: `work-mismatch`, `target-saturated`, ...
    std::string message;       ///< one sentence for people: what, how much, what to do
    bool invalidates = false;  ///< the measurement must not be used for a ranking

    bool operator==(const Warning&) const = default;
};

/// Whether one of them says that there is no measurement.
inline bool has_invalidating(const std::vector<Warning>& warnings) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [](const Warning& warning) { return warning.invalidates; });
}

}  // namespace asyncbench
