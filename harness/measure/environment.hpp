#pragma once

#include <optional>
#include <string>
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

    const EnvironmentFact* find(std::string_view name) const;
    bool operator==(const Environment&) const = default;
};

/// Reads this machine and this build. Reads files and asks the kernel; takes some milliseconds.
Environment read_environment();

}  // namespace asyncbench
