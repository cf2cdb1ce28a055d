#include "harness/trial/metric.hpp"

#include <algorithm>
#include <array>

namespace asyncbench {
namespace {

using enum Better;
using enum ShownByDefault;

// Of equal arms on two cores, p50, throughput and memory vary by 0.4 to 3 % from trial to trial, and CPU time
// by 15 to 25 %: with less, it alone would keep a gate measuring.
constexpr GateDefault paired(double fail_from, double pass_below) {
    return {GateDefault::Test::pairs, fail_from, pass_below};
}
constexpr GateDefault counted(double fail_from) {
    return {GateDefault::Test::counts, fail_from, fail_from};
}

constexpr std::array catalogue{
    MetricInfo{.name = "requests",
               .unit = "requests",
               .gate = counted(0),
               .meaning = "Requests that ended, failed ones included."},
    MetricInfo{.name = "errors",
               .unit = "requests",
               .better = lower,
               .gate = counted(0),
               .meaning = "Requests that failed, by the profile's will or not."},
    MetricInfo{
        .name = "elapsed_ns", .unit = "ns", .meaning = "From the start to the end of the last request."},
    MetricInfo{.name = "throughput_rps",
               .short_name = "throughput",
               .unit = "requests/s",
               .better = higher,
               .limited = Bound::at_least,
               .gate = paired(0.05, 0.10),
               .shown = in_compare | in_benchfmt,
               .meaning = "Requests that got a whole response, over the elapsed time."},
    MetricInfo{
        .name = "ideal_rps",
        .unit = "requests/s",
        .meaning =
            "Throughput with the target's delays alone: each request goes to the next free user, and in an "
            "open loop not before its time."},
    MetricInfo{
        .name = "efficiency",
        .unit = "share",
        .better = higher,
        .limited = Bound::at_least,
        .meaning = "throughput_rps over what is possible with the target's delays as they really were."},
    MetricInfo{.name = "punctual_rps",
               .unit = "requests/s",
               .better = higher,
               .meaning = "The throughput with the target's own lateness taken out of each user's turn."},
    MetricInfo{.name = "offered_rps", .unit = "requests/s", .meaning = "Rate of an open loop's schedule."},
    MetricInfo{.name = "service_mean_ns",
               .short_name = "mean",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Mean time from the actual send to the response in hand."},
    MetricInfo{.name = "service_p50_ns",
               .short_name = "p50",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .gate = paired(0.05, 0.10),
               .shown = in_compare | in_benchfmt,
               .meaning = "Median service time."},
    MetricInfo{.name = "service_p90_ns",
               .short_name = "p90",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "90th percentile of the service time."},
    MetricInfo{.name = "service_p99_ns",
               .short_name = "p99",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .shown = in_compare | in_benchfmt,
               .meaning = "99th percentile of the service time."},
    MetricInfo{.name = "service_p999_ns",
               .short_name = "p999",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "99.9th percentile of the service time."},
    MetricInfo{.name = "service_max_ns",
               .short_name = "max",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Longest service time."},
    MetricInfo{.name = "response_mean_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Mean time from the intended start to the response in hand."},
    MetricInfo{.name = "response_p50_ns",
               .short_name = "response-p50",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .shown = in_benchfmt,
               .meaning = "Median response time."},
    MetricInfo{.name = "response_p90_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "90th percentile of the response time."},
    MetricInfo{.name = "response_p99_ns",
               .short_name = "response-p99",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .shown = in_benchfmt,
               .meaning = "99th percentile of the response time."},
    MetricInfo{.name = "response_p999_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "99.9th percentile of the response time."},
    MetricInfo{.name = "response_max_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Longest response time."},
    MetricInfo{.name = "overhead_mean_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Mean of the service time less the time that the target held the request."},
    MetricInfo{.name = "overhead_p50_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Median overhead: client, network and kernel."},
    MetricInfo{.name = "overhead_p99_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "99th percentile of the overhead."},
    MetricInfo{.name = "punctual_response_mean_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Open loop: mean response time less the target's own lateness."},
    MetricInfo{.name = "punctual_response_p50_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "Median of the same."},
    MetricInfo{.name = "punctual_response_p99_ns",
               .unit = "ns",
               .better = lower,
               .limited = Bound::at_most,
               .meaning = "99th percentile of the same."},
    MetricInfo{.name = "cpu_us_per_request",
               .short_name = "cpu",
               .unit = "us/request",
               .better = lower,
               .gate = paired(0.15, 0.40),
               .shown = in_compare | in_benchfmt,
               .meaning = "CPU time of the trial's process, user and system."},
    MetricInfo{.name = "cpu_user_us_per_request",
               .unit = "us/request",
               .better = lower,
               .meaning = "CPU time in user mode."},
    MetricInfo{.name = "cpu_system_us_per_request",
               .unit = "us/request",
               .better = lower,
               .meaning = "CPU time in the kernel."},
    MetricInfo{.name = "cpu_share",
               .unit = "cores",
               .better = lower,
               .meaning = "CPU time over elapsed time: 1 is one core busy throughout."},
    MetricInfo{
        .name = "cpu_wait_share",
        .unit = "share",
        .better = lower,
        .meaning =
            "Share of its time that a thread was ready to run and had no CPU, over the threads that did "
            "the work."},
    MetricInfo{.name = "voluntary_switches_per_request",
               .unit = "switches/request",
               .better = lower,
               .meaning = "Context switches because of waiting."},
    MetricInfo{.name = "involuntary_switches_per_request",
               .unit = "switches/request",
               .better = lower,
               .meaning = "Context switches because the CPU was taken away."},
    MetricInfo{.name = "peak_rss_bytes",
               .short_name = "peak-memory",
               .unit = "bytes",
               .better = lower,
               .gate = paired(0.05, 0.10),
               .shown = in_compare | in_benchfmt,
               .meaning = "Largest resident memory of the trial's process."},
    MetricInfo{
        .name = "memory_per_in_flight_bytes",
        .unit = "bytes/request",
        .better = lower,
        .shown = in_benchfmt,
        .meaning =
            "What the peak adds to the resident memory before the first request, over peak_in_flight."},
    MetricInfo{.name = "instructions_per_request",
               .short_name = "instructions",
               .unit = "instructions/request",
               .better = lower,
               .gate = counted(0.02),
               .shown = in_compare | in_benchfmt,
               .meaning = "Instructions retired in user mode."},
    MetricInfo{.name = "allocations_per_request",
               .short_name = "allocations",
               .unit = "allocations/request",
               .better = lower,
               .gate = counted(0),
               .shown = in_benchfmt,
               .meaning = "Calls of operator new, and libcurl's allocations."},
    MetricInfo{.name = "peak_in_flight",
               .unit = "requests",
               .meaning = "Most requests that were in flight at once."},
    MetricInfo{
        .name = "threads", .unit = "threads", .better = lower, .meaning = "Threads that did the work."},
    MetricInfo{.name = "connections_opened",
               .short_name = "connections",
               .unit = "connections",
               .better = lower,
               .gate = counted(0),
               .meaning = "Connections opened while measuring (warm-up is apart)."},
    MetricInfo{.name = "response_bytes_per_request",
               .unit = "bytes/request",
               .meaning = "Mean length of the bodies of whole responses."},
    MetricInfo{.name = "loop_utilization",
               .unit = "share",
               .meaning = "Share of its time that the event loop was not waiting."},
    MetricInfo{.name = "loop_longest_busy_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "Longest stretch in which the event loop did not wait."},
    MetricInfo{.name = "loop_longest_lag_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "The most that a timer of the event loop came late."},
    MetricInfo{
        .name = "neighbour_delay_p50_ns",
        .unit = "ns",
        .better = lower,
        .meaning = "How late others on the same loop had their turn: median over all the turns they wanted."},
    MetricInfo{.name = "neighbour_delay_p99_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "99th percentile of the neighbours' delay."},
    MetricInfo{.name = "neighbour_delay_max_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "Longest delay of a neighbour."},
    MetricInfo{
        .name = "send_lateness_p99_ns",
        .unit = "ns",
        .better = lower,
        .meaning =
            "Open loop: 99th percentile of actual minus intended send, where the sender had time to be "
            "punctual."},
    MetricInfo{.name = "sent_late_share",
               .unit = "share",
               .better = lower,
               .meaning = "Open loop: requests that found no free user at their time."},
    MetricInfo{.name = "target_requests", .unit = "requests", .meaning = "Requests the target saw arrive."},
    MetricInfo{.name = "target_connections",
               .unit = "connections",
               .meaning = "Connections that carried this trial, as the target saw."},
    MetricInfo{.name = "target_cpu_share",
               .unit = "cores",
               .better = lower,
               .meaning = "CPU time of the target over elapsed time."},
    MetricInfo{
        .name = "target_held_mean_ns",
        .unit = "ns",
        .meaning =
            "Mean time that the target held a request, from its arrival to the first byte of the answer."},
    MetricInfo{.name = "target_lateness_mean_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "Mean time that the target held a request for longer than it was to."},
    MetricInfo{.name = "target_stamped_share",
               .unit = "share",
               .meaning = "Share of the requests whose arrival the kernel stamped, not the target."},
    MetricInfo{.name = "target_delay_error_p50_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "Median of the target's actual minus intended delay."},
    MetricInfo{.name = "target_delay_error_p99_ns",
               .unit = "ns",
               .better = lower,
               .meaning = "99th percentile of the target's delay error."},
    MetricInfo{.name = "steal_share",
               .unit = "share",
               .better = lower,
               .meaning = "Share of the machine's CPU time that its hypervisor gave to others."},
    MetricInfo{.name = "throttled_share",
               .unit = "share",
               .better = lower,
               .meaning = "Share of the time in which the CPU quota of this container stopped its programs."},
    MetricInfo{.name = "other_load_cores",
               .unit = "cores",
               .better = lower,
               .meaning = "CPU time of other programs on this machine over elapsed time."},
};

}  // namespace

std::span<const MetricInfo> metric_catalogue() {
    return catalogue;
}

const MetricInfo* find_metric(std::string_view name) {
    const auto* found = std::find_if(catalogue.begin(), catalogue.end(),
                                     [&](const MetricInfo& info) { return info.name == name; });
    return found == catalogue.end() ? nullptr : found;
}

int bound_of_limited(std::string_view metric) {
    const MetricInfo* info = find_metric(metric);
    return info == nullptr ? 0 : static_cast<int>(info->limited);
}

std::vector<std::string_view> metrics_shown(ShownByDefault place) {
    std::vector<std::string_view> names;
    for (const MetricInfo& info : catalogue)
        if ((info.shown & place) != 0) names.push_back(info.name);
    return names;
}

std::optional<double> value_of(const Metrics& metrics, std::string_view name) {
    const auto found = metrics.find(name);
    return found == metrics.end() ? std::nullopt : found->second.value;
}

MetricKind metric_kind(std::string_view name) {
    if (const MetricInfo* info = find_metric(name)) return {info->unit, info->better};
    if (name.ends_with("_ns")) return {"ns", Better::lower};
    if (name.ends_with("_bytes")) return {"bytes", Better::lower};
    if (name.ends_with("_per_second")) return {"1/s", Better::higher};
    return {};
}

}  // namespace asyncbench
