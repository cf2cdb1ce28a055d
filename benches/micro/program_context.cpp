// What the numbers depend on, for the reader of the program's JSON.
#include <benchmark/benchmark.h>
#include <curl/curl.h>

#include <thread>

#include "harness/measure/build_info.hpp"

namespace asyncbench {
namespace {

[[maybe_unused]] const bool added = [] {
    const BuildInfo build = build_info();
    benchmark::AddCustomContext("asyncbench", build.version);
    benchmark::AddCustomContext("compiler", build.compiler);
    benchmark::AddCustomContext("compiler_flags", build.compiler_flags);
    benchmark::AddCustomContext("boost", build.boost_version);
    benchmark::AddCustomContext("libcurl", curl_version_info(CURLVERSION_NOW)->version);
    // Before a process has its second thread, glibc takes mutexes at half the price, which no program of
    // interest pays; the benchmarks that run before those with threads shall not, either.
    std::thread([] {}).join();
    return true;
}();

}  // namespace
}  // namespace asyncbench
