#include "harness/measure/build_info.hpp"

#include <boost/version.hpp>

#include "harness/measure/proc_file.hpp"

// Defined by CMake for this file alone, so that a new version recompiles this file alone.
#if !defined(ASYNCBENCH_VERSION) || !defined(ASYNCBENCH_BUILD_TYPE) || !defined(ASYNCBENCH_COMPILER_FLAGS)
#error \
    "harness/measure/build_info.cpp needs ASYNCBENCH_VERSION, _BUILD_TYPE and _COMPILER_FLAGS: see CMakeLists.txt"
#endif

namespace asyncbench {
namespace {

std::string compiler() {
#if defined(__clang__)
    // __clang_version__ names the source revision behind the number.
    return "Clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
           std::to_string(__clang_patchlevel__);
#else
    return std::string{"GCC "} + __VERSION__;
#endif
}

std::string boost_version() {
    return std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1'000) + "." +
           std::to_string(BOOST_VERSION % 100);
}

}  // namespace

BuildInfo build_info() {
    return {ASYNCBENCH_VERSION, compiler(), std::string{trimmed(ASYNCBENCH_COMPILER_FLAGS)},
            ASYNCBENCH_BUILD_TYPE, boost_version()};
}

}  // namespace asyncbench
