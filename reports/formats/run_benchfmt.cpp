#include <fmt/format.h>

#include <array>
#include <string>

#include "reports/formats/benchfmt.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

/// benchstat makes a table of each.
constexpr std::array<std::string_view, 10> shown{
    "throughput_rps",           "service_p50_ns",          "service_p99_ns", "response_p50_ns",
    "response_p99_ns",          "cpu_us_per_request",      "peak_rss_bytes", "memory_per_in_flight_bytes",
    "instructions_per_request", "allocations_per_request",
};

}  // namespace

std::string benchfmt_report(const RunResult& run) {
    // benchstat compares only what has the same settings: neither the date nor our version is one.
    std::string text = benchfmt_setting("scenario", run.scenario.name) +
                       benchfmt_setting("load", describe_load(run.scenario));
    for (const std::string_view metric : shown) text += benchfmt_unit_line(metric);
    for (const TrialResult& trial : run.trials) {
        if (!trial.usable()) continue;
        const std::string name =
            fmt::format("Run/strategy={}/concurrency={}", benchfmt_part(trial.spec.strategy.text()),
                        trial.spec.plan.concurrency);
        text += benchfmt_line(name, trial.metrics, shown);
    }
    return text;
}

}  // namespace asyncbench
