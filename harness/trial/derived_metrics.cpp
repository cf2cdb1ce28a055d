#include "harness/trial/derived_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "harness/trial/ideal.hpp"

namespace asyncbench {
namespace {

void put(Metrics& metrics, const std::string& name, double value) {
    metrics[name] =
        std::isfinite(value) ? MetricValue{value, {}} : MetricValue::unknown("has no finite value");
}

/// The mean and these percentiles of `prefix`; nothing of no times.
void put_times(Metrics& metrics, const std::string& prefix, const Histogram& times,
               std::initializer_list<std::string_view> suffixes) {
    static const std::map<std::string_view, double> percentiles{
        {"_p50_ns", 50}, {"_p90_ns", 90}, {"_p99_ns", 99}, {"_p999_ns", 99.9}, {"_max_ns", 100}};
    if (times.empty()) return;
    put(metrics, prefix + "_mean_ns", times.mean());
    for (const std::string_view suffix : suffixes) {
        put(metrics, prefix + std::string(suffix),
            static_cast<double>(times.value_at_percentile(percentiles.at(suffix))));
    }
}

/// What is possible with the target's delays as they were, and what this trial would have done had the target
/// been punctual. By Little's law a user's turn takes U / X; of it the target's lateness, the mean time it
/// held a request less the mean it was to, is not the strategy's.
void put_rates(Trial& result, double throughput_rps) {
    if (!result.spec.verify) return;
    Metrics& metrics = result.metrics;
    const double ideal = ideal_rps(result.spec, result.requests());
    const TargetView::Held held = result.target ? result.target->held : TargetView::Held{};
    double lateness_s = 0;
    if (held.count > 0) {
        const auto count = static_cast<double>(held.count);
        lateness_s = static_cast<double>((held.sum - held.intended_sum).count()) / count / 1e9;
        put(metrics, "target_held_mean_ns", static_cast<double>(held.sum.count()) / count);
        put(metrics, "target_lateness_mean_ns", lateness_s * 1e9);
        put(metrics, "target_stamped_share", static_cast<double>(held.stamped) / count);
    }
    const double users = result.spec.plan.concurrency;
    if (std::isfinite(ideal) && ideal > 0) {
        put(metrics, "ideal_rps", ideal);
        put(metrics, "efficiency", throughput_rps * (1 / ideal + lateness_s / users));
    }
    if (held.count == 0 || !(throughput_rps > 0) || result.spec.plan.kind == PlanKind::open) return;
    const double in_flight = std::clamp(value_of(metrics, "peak_in_flight").value_or(users), 1.0, users);
    const double punctual_turn_s = in_flight / throughput_rps - lateness_s;
    if (punctual_turn_s > 0) put(metrics, "punctual_rps", in_flight / punctual_turn_s);
}

}  // namespace

void complete_metrics(Trial& result, std::optional<Nanoseconds> cpu) {
    Metrics& metrics = result.metrics;
    const auto put_missing = [&](const char* name, double value) {
        if (!metrics.contains(name)) put(metrics, name, value);
    };
    const double elapsed_ns = value_of(metrics, "elapsed_ns").value_or(0);
    const auto requests = static_cast<double>(result.requests());
    if (elapsed_ns <= 0 || requests <= 0) return;
    // A load generator waits for the last responses after the time that it measures.
    const std::uint64_t answered = result.load ? result.load->answered_in_time : result.client.count;
    const double throughput = static_cast<double>(answered) * 1e9 / elapsed_ns;
    put(metrics, "requests", requests);
    put(metrics, "errors", static_cast<double>(result.errors.total()));
    put(metrics, "throughput_rps", throughput);
    put_rates(result, throughput);
    put_times(metrics, "service", result.service_time_ns,
              {"_p50_ns", "_p90_ns", "_p99_ns", "_p999_ns", "_max_ns"});
    put_times(metrics, "response", result.response_time_ns,
              {"_p50_ns", "_p90_ns", "_p99_ns", "_p999_ns", "_max_ns"});
    put_times(metrics, "overhead", result.overhead_ns, {"_p50_ns", "_p99_ns"});
    put_times(metrics, "punctual_response", result.punctual_response_ns, {"_p50_ns", "_p99_ns"});
    if (cpu) {
        put_missing("cpu_us_per_request", static_cast<double>(cpu->count()) / 1e3 / requests);
        put_missing("cpu_share", static_cast<double>(cpu->count()) / elapsed_ns);
    } else {
        for (const char* name : {"cpu_us_per_request", "cpu_share"}) {
            metrics.emplace(name, MetricValue::unknown("the program ended before its CPU time was read"));
        }
    }
}

}  // namespace asyncbench
