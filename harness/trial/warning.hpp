#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// What a finding means for the numbers it stands beside, from the least to the most.
enum class WarningKind {
    note,       ///< worth knowing; changes nothing about the numbers
    disturbed,  ///< the machine was busy: the value stands, and its interval is as wide as that made it
    limited,    ///< something was at its limit: the value is a bound
    wrong,      ///< other work, a lost trial or an impossible time: the value is never used
};

/// Something a reader of the numbers must know. A value: reports decide how it looks.
struct Warning {
    std::string code;     ///< stable, for programs: `work-mismatch`, `target-saturated`, ...
    std::string message;  ///< one sentence for people: what, how much, what to do
    WarningKind kind = WarningKind::note;

    bool operator==(const Warning&) const = default;
};

/// The code of the note that says why a kind of work has no client for a strategy (harness/work/service.hpp).
inline constexpr std::string_view unavailable_code = "unavailable";

/// Whether one of them has the code.
inline bool has(const std::vector<Warning>& warnings, std::string_view code) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [code](const Warning& warning) { return warning.code == code; });
}

/// Whether one of them is of that kind.
inline bool has(const std::vector<Warning>& warnings, WarningKind kind) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [kind](const Warning& warning) { return warning.kind == kind; });
}

}  // namespace asyncbench
