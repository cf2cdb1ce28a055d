#pragma once

#include <string>

namespace asyncbench {

/// Something a reader of the numbers must know. A value: reports decide how it looks.
struct Warning {
    std::string code;          ///< stable, for programs: `work-mismatch`, `target-saturated`, ...
    std::string message;       ///< one sentence for people: what, how much, what to do
    bool invalidates = false;  ///< the measurement must not be used for a ranking

    bool operator==(const Warning&) const = default;
};

}  // namespace asyncbench
