#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/environment.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// A row of Google Benchmark's JSON, as far as a comparison needs it. Text is UTF-8, of any length.
struct BenchmarkRow {
    enum class Kind {
        repetition,  ///< has values
        failed,
        skipped,
        aggregate,  ///< mean, median, ... of other rows
        fit,        ///< of a complexity to several benchmarks: BigO, RMS
    };
    Kind kind = Kind::repetition;
    std::string name;            ///< without `/repeats:N`, which is no part of what is done
    bool says_its_kind = false;  ///< by run_type; versions before 1.5 do not
    /// Of a name that is registered twice each has others; none where the file does not say.
    std::optional<std::uint64_t> family;
    std::optional<std::uint64_t> instance;    ///< within the family
    std::optional<std::uint64_t> repetition;  ///< from 0
    Metrics metrics;
    std::string reason;  ///< of one that failed or was skipped; may be empty
};

struct BenchmarkFile {
    Environment environment;
    std::vector<BenchmarkRow> rows;
    std::vector<Warning> warnings;  ///< notes: what was left out, and why
};

/// Throws Error as google_benchmark_values() does.
BenchmarkFile read_benchmark_file(std::string_view text, const std::string& source);

}  // namespace asyncbench
