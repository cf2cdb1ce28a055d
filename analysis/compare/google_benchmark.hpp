#pragma once

#include <string>
#include <string_view>

#include "analysis/compare/measured_values.hpp"

namespace asyncbench {

/// Of Google Benchmark's JSON (`--benchmark_format=json`): repetitions where there are, never its aggregates.
/// Times are in nanoseconds (`real_time_ns`, `cpu_time_ns`). Counters keep their names.
///
/// Each row is judged by itself. One that cannot be used is left out, and a warning of the file names it.
/// Numbers that are not finite are unknown values; a warning of the benchmark says so. A benchmark with an error
/// is wrong. One that was skipped is a warning. Benchmarks of the same name are told apart by family_index, or
/// by repetition_index where that starts again: `BM_Copy (1 of 2)`. Where nothing tells them apart, the name is
/// wrong. Names, reasons and warnings are UTF-8 of bounded length.
///
/// Throws Error, sentences that name `source`, where the text is something else, or no row can be used.
MeasuredValues google_benchmark_values(std::string_view text, std::string source);

}  // namespace asyncbench
