#include "harness/trial/metric.hpp"

#include <algorithm>
#include <array>

namespace asyncbench {
namespace {

using enum Better;

constexpr std::array catalogue{
    MetricInfo{"requests", "requests", neither, "Requests that ended, failed ones included."},
    MetricInfo{"errors", "requests", lower, "Requests that failed, by the profile's will or not."},
    MetricInfo{"elapsed_ns", "ns", neither, "From the start to the end of the last request."},
    MetricInfo{"throughput_rps", "requests/s", higher,
               "Requests that got a whole response, over the elapsed time."},
    MetricInfo{
        "ideal_rps", "requests/s", neither,
        "Throughput with the target's delays alone: each request goes to the next free user, and in an "
        "open loop not before its time."},
    MetricInfo{"efficiency", "share", higher,
               "throughput_rps over what is possible with the target's delays as they really were."},
    MetricInfo{"punctual_rps", "requests/s", higher,
               "The throughput with the target's own lateness taken out of each user's turn."},
    MetricInfo{"offered_rps", "requests/s", neither, "Rate of an open loop's schedule."},
    MetricInfo{"service_mean_ns", "ns", lower, "Mean time from the actual send to the response in hand."},
    MetricInfo{"service_p50_ns", "ns", lower, "Median service time."},
    MetricInfo{"service_p90_ns", "ns", lower, "90th percentile of the service time."},
    MetricInfo{"service_p99_ns", "ns", lower, "99th percentile of the service time."},
    MetricInfo{"service_p999_ns", "ns", lower, "99.9th percentile of the service time."},
    MetricInfo{"service_max_ns", "ns", lower, "Longest service time."},
    MetricInfo{"response_mean_ns", "ns", lower, "Mean time from the intended start to the response in hand."},
    MetricInfo{"response_p50_ns", "ns", lower, "Median response time."},
    MetricInfo{"response_p90_ns", "ns", lower, "90th percentile of the response time."},
    MetricInfo{"response_p99_ns", "ns", lower, "99th percentile of the response time."},
    MetricInfo{"response_p999_ns", "ns", lower, "99.9th percentile of the response time."},
    MetricInfo{"response_max_ns", "ns", lower, "Longest response time."},
    MetricInfo{"overhead_mean_ns", "ns", lower,
               "Mean of the service time less the time that the target held the request."},
    MetricInfo{"overhead_p50_ns", "ns", lower, "Median overhead: client, network and kernel."},
    MetricInfo{"overhead_p99_ns", "ns", lower, "99th percentile of the overhead."},
    MetricInfo{"punctual_response_mean_ns", "ns", lower,
               "Open loop: mean response time less the target's own lateness."},
    MetricInfo{"punctual_response_p50_ns", "ns", lower, "Median of the same."},
    MetricInfo{"punctual_response_p99_ns", "ns", lower, "99th percentile of the same."},
    MetricInfo{"cpu_us_per_request", "us/request", lower,
               "CPU time of the trial's process, user and system."},
    MetricInfo{"cpu_user_us_per_request", "us/request", lower, "CPU time in user mode."},
    MetricInfo{"cpu_system_us_per_request", "us/request", lower, "CPU time in the kernel."},
    MetricInfo{"cpu_share", "cores", lower, "CPU time over elapsed time: 1 is one core busy throughout."},
    MetricInfo{"cpu_wait_share", "share", lower,
               "Share of its time that a thread was ready to run and had no CPU, over the threads that did "
               "the work."},
    MetricInfo{"instructions_per_request", "instructions/request", lower,
               "Instructions retired in user mode."},
    MetricInfo{"allocations_per_request", "allocations/request", lower,
               "Calls of operator new, and libcurl's allocations."},
    MetricInfo{"voluntary_switches_per_request", "switches/request", lower,
               "Context switches because of waiting."},
    MetricInfo{"involuntary_switches_per_request", "switches/request", lower,
               "Context switches because the CPU was taken away."},
    MetricInfo{"peak_rss_bytes", "bytes", lower, "Largest resident memory of the trial's process."},
    MetricInfo{"memory_per_in_flight_bytes", "bytes/request", lower,
               "What the peak adds to the resident memory before the first request, over peak_in_flight."},
    MetricInfo{"peak_in_flight", "requests", neither, "Most requests that were in flight at once."},
    MetricInfo{"threads", "threads", lower, "Threads that did the work."},
    MetricInfo{"connections_opened", "connections", lower,
               "Connections opened while measuring (warm-up is apart)."},
    MetricInfo{"response_bytes_per_request", "bytes/request", neither,
               "Mean length of the bodies of whole responses."},
    MetricInfo{"loop_utilization", "share", neither,
               "Share of its time that the event loop was not waiting."},
    MetricInfo{"loop_longest_busy_ns", "ns", lower, "Longest stretch in which the event loop did not wait."},
    MetricInfo{"loop_longest_lag_ns", "ns", lower, "The most that a timer of the event loop came late."},
    MetricInfo{"neighbour_delay_p50_ns", "ns", lower,
               "How late others on the same loop had their turn: median over all the turns they wanted."},
    MetricInfo{"neighbour_delay_p99_ns", "ns", lower, "99th percentile of the neighbours' delay."},
    MetricInfo{"neighbour_delay_max_ns", "ns", lower, "Longest delay of a neighbour."},
    MetricInfo{"send_lateness_p99_ns", "ns", lower,
               "Open loop: 99th percentile of actual minus intended send, where the sender had time to be "
               "punctual."},
    MetricInfo{"sent_late_share", "share", lower,
               "Open loop: requests that found no free user at their time."},
    MetricInfo{"target_requests", "requests", neither, "Requests the target saw arrive."},
    MetricInfo{"target_connections", "connections", neither,
               "Connections that carried this trial, as the target saw."},
    MetricInfo{"target_cpu_share", "cores", lower, "CPU time of the target over elapsed time."},
    MetricInfo{"target_held_mean_ns", "ns", neither,
               "Mean time that the target held a request, from its arrival to the first byte of the answer."},
    MetricInfo{"target_lateness_mean_ns", "ns", lower,
               "Mean time that the target held a request for longer than it was to."},
    MetricInfo{"target_stamped_share", "share", neither,
               "Share of the requests whose arrival the kernel stamped, not the target."},
    MetricInfo{"target_delay_error_p50_ns", "ns", lower,
               "Median of the target's actual minus intended delay."},
    MetricInfo{"target_delay_error_p99_ns", "ns", lower, "99th percentile of the target's delay error."},
    MetricInfo{"steal_share", "share", lower,
               "Share of the machine's CPU time that its hypervisor gave to others."},
    MetricInfo{"throttled_share", "share", lower,
               "Share of the time in which the CPU quota of this container stopped its programs."},
    MetricInfo{"other_load_cores", "cores", lower,
               "CPU time of other programs on this machine over elapsed time."},
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
    if (metric == "throughput_rps" || metric == "efficiency") return 1;
    const bool is_time = metric.starts_with("service_") || metric.starts_with("response_") ||
                         metric.starts_with("overhead_") || metric.starts_with("punctual_response_");
    return is_time ? -1 : 0;
}

std::optional<double> value_of(const Metrics& metrics, std::string_view name) {
    const auto found = metrics.find(name);
    return found == metrics.end() ? std::nullopt : found->second.value;
}

}  // namespace asyncbench
