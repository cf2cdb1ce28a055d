#include <array>

#include "reports/html/figures.hpp"

namespace asyncbench {
namespace {

using enum FigureGroup;

constexpr std::array figures{
    Figure{throughput, "throughput", "throughput", "Throughput",
           "Dotted is the ideal: what the target's delays alone allow, on a client that costs nothing."},
    Figure{throughput, "share", "share", "Throughput as a share of the ideal",
           "On an even axis, where a percent is seen; a cell far below the best stands at the edge with its "
           "number.",
           "efficiency", "Percent of the ideal", 0.01},
    Figure{ratios, "ratios", "ratios", "Against each other",
           "Each strategy over the baseline, in trials of one block. An order is shown only where the table "
           "below says so: a line that misses 1× is not yet one."},
    Figure{
        latency, "latency", "latency", "Latency by percentile",
        "Each step to the right is rarer: at 99 % one request in a hundred was slower. All trials' requests "
        "count together; tables have medians over trials."},
    Figure{latency, "distribution", "distribution", "Distribution of latency",
           "How many requests were done after so long: the steeper a curve, the more alike its requests."},
    Figure{
        latency, "timeline", "timeline", "The first requests",
        "A bar is a request, from its send to its response: stairs are one after another, a block is many in "
        "flight."},
    Figure{overhead, "overhead", "cell-metric", "Median overhead",
           "Service time less what the target held the request: client, network and kernel. Less is better.",
           "overhead_p50_ns", "Microseconds", 1e3},
    Figure{cost, "cpu", "cell-metric", "CPU time per request",
           "Of the client's process, in user mode and in the kernel. Less is better.", "cpu_us_per_request",
           "Microseconds per request", 1},
    Figure{cost, "memory", "cell-metric", "Memory",
           "The largest resident memory of the client's process. Less is better.", "peak_rss_bytes",
           "Peak resident memory in MB", 1e6},
    Figure{cost, "instructions", "cell-metric", "Instructions per request",
           "Retired by the client in user mode; they hardly vary where times do. Fewer are better.",
           "instructions_per_request", "Thousands of instructions per request", 1e3},
    Figure{cost, "allocations", "cell-metric", "Allocations per request",
           "Pieces of memory that the client asked for, its HTTP library included. Fewer are better.",
           "allocations_per_request", "Allocations per request", 1},
    Figure{loop, "utilization", "cell-metric", "Loop utilization",
           "How much of its time the event loop did not wait; near 100 % it is the limit itself.",
           "loop_utilization", "Percent of the time", 0.01},
    Figure{loop, "stalls", "cell-metric", "Longest stall",
           "So long nobody else on the loop had a turn. Less is better.", "loop_longest_busy_ns",
           "Milliseconds", 1e6},
    Figure{loop, "lag", "cell-metric", "Latest timer",
           "The most that a timer of the loop came late. Less is better.", "loop_longest_lag_ns",
           "Milliseconds", 1e6},
    Figure{
        drift, "drift", "drift", "Drift over the run",
        "Each trial in the order run, from its cell's median: a slope or a step is a machine that changed."},
};

}  // namespace

std::span<const Figure> run_figures() {
    return figures;
}

}  // namespace asyncbench
