#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// One thing about the machine or the build that numbers depend on.
struct EnvironmentFact {
    std::string name;                  ///< stable, for programs: `cpu_model`, `kernel`, `curl_version`, ...
    std::optional<std::string> value;  ///< none where it cannot be known here
    std::string reason;                ///< why there is no value

    bool operator==(const EnvironmentFact&) const = default;
};

struct Environment {
    std::vector<EnvironmentFact> facts;

    /// Null where there is no fact of this name. Valid as long as `facts` is not changed.
    const EnvironmentFact* find(std::string_view name) const;
    bool operator==(const Environment&) const = default;
};

/// Reads this machine and this build; no host or user name. Reads files and asks the kernel; takes some
/// milliseconds. Never throws for what cannot be read: such a fact has a reason instead of a value.
Environment read_environment();

}  // namespace asyncbench
