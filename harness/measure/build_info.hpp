#pragma once

#include <string>

namespace asyncbench {

/// What was fixed when this program was built.
struct BuildInfo {
    std::string version;         ///< of asyncbench: `0.1.0`
    std::string compiler;        ///< name and version: `GCC 12.2.0`
    std::string compiler_flags;  ///< optimization, macros, sanitizers; without include paths
    std::string build_type;      ///< of CMake: `RelWithDebInfo`
    std::string boost_version;   ///< of the headers compiled in: `1.81.0`
};

BuildInfo build_info();

}  // namespace asyncbench
