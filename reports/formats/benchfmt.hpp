#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/trial/metric.hpp"

namespace asyncbench {

// Go's benchmark format (https://go.dev/design/14313-benchmark-format), as benchstat of golang.org/x/perf
// reads it: lines `key: value`, `Unit <unit> better=<lower|higher>` and `Benchmark<Name>/<key>=<value>...
// <iterations> <value> <unit>...`.

/// Text as a part of a benchmark's name: without space, which ends the name, and, where it is one of several
/// parts, without `/`, which would end the part.
std::string benchfmt_name(std::string_view text);
std::string benchfmt_part(std::string_view text);

/// `service-p50-ns` of `service_p50_ns`: parted by dashes, so that benchstat knows the unit at the end and
/// shows seconds.
std::string benchfmt_unit(std::string_view metric);

/// `Unit service-p50-ns better=lower` and a line end; empty where neither is better.
std::string benchfmt_unit_line(std::string_view metric);

/// The line of one trial with those of the metrics wanted that it knows; empty where it knows none. `name` is
/// made of the parts above. The iterations are its requests.
std::string benchfmt_line(std::string_view name, const Metrics& metrics,
                          std::span<const std::string_view> wanted);

/// `key: value` and a line end.
std::string benchfmt_setting(std::string_view key, std::string_view value);

}  // namespace asyncbench
