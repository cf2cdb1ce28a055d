#include <array>

#include "reports/html/figures.hpp"

namespace asyncbench {
namespace {

using enum FigureGroup;

constexpr std::array figures{
    Figure{
        throughput, "throughput", "throughput", "Throughput",
        "A symbol, or a bar's end, is the median of a cell's trials, the line through it the interval, a "
        "small symbol a trial. Where lines are drawn over the concurrency, both axes are logarithmic: twice "
        "as "
        "much is as far everywhere, and neither begins at 0; bars begin at 0, on an even axis. The dotted "
        "line is the ideal: what the target's delays alone would allow at "
        "this concurrency (Little's law), on a client that costs nothing. A thin dashed line in a "
        "strategy's colour is the scalability law fitted to its trials: what it would do where nothing was "
        "measured. A strategy that follows the ideal keeps all its requests in flight; one that stays "
        "level does them one after another. A pale symbol is a measurement that is not valid; no line goes "
        "through it. Lines that coincide lie on each other, the later strategy thinner on top; the names "
        "at the right stand in the order of the last values. Differences too small to be seen here are in "
        "the next chart. Higher is better."},
    Figure{
        efficiency, "share", "share", "Throughput as a share of the ideal",
        "The same throughput over the ideal at its concurrency, on an even axis, which begins where the "
        "values "
        "do and not at 0: here differences of a percent can be "
        "seen. A small symbol is a trial, the symbol the median of its cell, the line through it the "
        "interval; 100 % is a "
        "client that costs nothing. A cell below nine tenths of the best one at its concurrency stands at "
        "the lower "
        "edge with its number, where there is no room with an arrow that tells it when pointed at; the axis "
        "from 0 % shows all. Higher is better.",
        "efficiency", "Percent of the ideal", 0.01},
    Figure{
        latency, "ratios", "ratios", "Against each other",
        "Each small symbol is a pair: a strategy's trial over the baseline's trial of the same block, so "
        "that a "
        "machine that grew slower meanwhile cancels out. The symbol is the median of the pairs, the line its "
        "interval. Where the line crosses 1×, no difference is shown. Which side is better stands with the "
        "measure and above the chart. The axis is logarithmic: twice and half are equally far from 1×. Any "
        "strategy can be the baseline. Where the axis shows small differences, a strategy whose median is "
        "far "
        "from 1× stands at the edge with that number, and without its pairs; of the others all pairs are "
        "drawn, however far off."},
    Figure{
        latency, "latency", "latency", "Latency by percentile",
        "Each step to the right is rarer: 99 % means that one request in a hundred was slower. The axis of "
        "latency is logarithmic and does not begin at 0: what looks like a step may be a few percent, as "
        "its numbers say. Service "
        "time runs "
        "from the actual send, response time, dashed, from the moment the request should have been sent: "
        "where the "
        "dashed line leaves the solid one, requests waited before they were sent. Where both coincide "
        "only the "
        "solid one is seen. With more strategies than colours, those whose colour another has are drawn in "
        "dashes and dots. All valid trials of a cell are merged."},
    Figure{latency, "distribution", "distribution", "Distribution of latency",
           "How many of the requests were done after so long: the steeper a curve, the more alike its "
           "requests; the "
           "further left, the faster. The axis of latency is logarithmic and does not begin at 0. Solid is "
           "service time, dashed response time, as above. All valid "
           "trials of a "
           "cell are merged."},
    Figure{latency, "timeline", "timeline", "The first requests",
           "A bar is one request, from its send to its response in hand; time goes to the right, the first "
           "requests "
           "stand on top. Stairs are requests done one after another, a block is requests in flight "
           "together. The "
           "first valid trial of each strategy, its first 32 requests."},
    Figure{cost, "cpu", "cell-metric", "CPU time per request",
           "What the client's process itself spent, in user mode and in the kernel, over all requests. A "
           "small symbol is "
           "a trial, the symbol the median of its cell, the line through it the interval. Lower is better.",
           "cpu_us_per_request", "Microseconds per request", 1},
    Figure{cost, "memory", "cell-metric", "Memory",
           "The largest resident memory of the client's process; the table of all numbers also says what one "
           "request "
           "in flight adds. A small symbol is a trial, the symbol the median of its cell, the line through "
           "it the "
           "interval. Lower is better.",
           "peak_rss_bytes", "Peak resident memory in MB", 1e6},
    Figure{
        cost, "instructions", "cell-metric", "Instructions per request",
        "Instructions that the client retired in user mode, which hardly vary between trials: where times "
        "are too "
        "noisy to tell, these still do. A small symbol is a trial, the symbol the median of its cell. Lower "
        "is better.",
        "instructions_per_request", "Thousands of instructions per request", 1e3},
    Figure{
        cost, "allocations", "cell-metric", "Allocations per request",
        "Pieces of memory that the client asked for, its HTTP library included. A small symbol is a trial, "
        "the symbol "
        "the median of its cell. Lower is better.",
        "allocations_per_request", "Allocations per request", 1},
    Figure{
        loop, "utilization", "cell-metric", "Loop utilization",
        "The share of its time that the event loop was not waiting. Near 100 % the loop itself is the "
        "limit, and a "
        "second one (loops=2) would help. A small symbol is a trial, the symbol the median of its cell, the "
        "line "
        "through it the interval.",
        "loop_utilization", "Percent of the time", 0.01},
    Figure{loop, "stalls", "cell-metric", "Longest stall",
           "The longest stretch in which the event loop did not wait: so long nobody else on it had a turn. "
           "A small "
           "symbol is a trial, the symbol the median of its cell, the line through it the interval. Lower is "
           "better.",
           "loop_longest_busy_ns", "Milliseconds", 1e6},
    Figure{loop, "lag", "cell-metric", "Latest timer",
           "The most that a timer of the event loop came late, which is what a stall does to others. A small "
           "dot is a "
           "trial, the symbol the median of its cell, the line through it the interval. Lower is better.",
           "loop_longest_lag_ns", "Milliseconds", 1e6},
    Figure{
        drift, "drift", "drift", "Drift over the run",
        "Every trial in the order run, by how far the measure that the run ranks by, throughput or where the "
        "rate is given the p99 response time, is from the median of its cell. A level cloud is a "
        "machine "
        "that stayed the same; a slope or a step is one that changed, which blocks of random order let "
        "meet all "
        "strategies alike. Its height is the noise that differences have to be seen through. A pale "
        "symbol is a "
        "trial that is not valid."},
};

}  // namespace

std::span<const Figure> run_figures() {
    return figures;
}

}  // namespace asyncbench
