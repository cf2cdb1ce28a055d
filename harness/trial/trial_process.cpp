#include "harness/trial/trial_process.hpp"

#include <fmt/format.h>

#include <cmath>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "async/detect/diagnose.hpp"
#include "async/errors.hpp"
#include "harness/http/http_service.hpp"
#include "harness/http/transfer.hpp"
#include "harness/load/plan.hpp"
#include "harness/load/recorder.hpp"
#include "harness/measure/allocations.hpp"
#include "harness/measure/descriptors.hpp"
#include "harness/measure/perf_counters.hpp"
#include "harness/measure/process_usage.hpp"
#include "harness/trial/ideal.hpp"
#include "harness/trial/trial_json.hpp"

namespace asyncbench {
namespace {

/// The kind of work that the spec asks for.
std::unique_ptr<Service> service_for(const TrialSpec& spec) {
    return std::make_unique<HttpService>(
        HttpServiceOptions{.request = request_of(spec.request, spec.base_url.reveal()),
                           .numbered = spec.verify,
                           .timeout = spec.timeout,
                           .paths = spec.request.paths,
                           .seed = spec.seed,
                           .tls = spec.request.tls,
                           .address = spec.address});
}

StrategyOptions options_for(const TrialSpec& spec, Service& service) {
    StrategyOptions options;
    options.service = &service;
    options.concurrency = spec.plan.concurrency;
    options.parameters = spec.strategy.options;
    return options;
}

/// Opens connections, fills caches and lets the allocator grow. Done with ids and a trial name of its own, so
/// that what the target counts of the measured trial is the measured work alone.
void warm_up(const TrialSpec& spec, Strategy& strategy) {
    if (spec.warmup.count() == 0) return;
    PlanSpec closed;
    closed.kind = PlanKind::closed;
    closed.concurrency = spec.plan.concurrency;
    closed.duration = spec.warmup;
    Plan plan(closed, spec.seed, spec.trial + "-warmup");
    Recorder discarded({spec.profile, spec.seed, spec.verify});
    plan.start();
    strategy.run(plan, discarded);
}

class MetricWriter {
  public:
    explicit MetricWriter(Metrics& metrics) : metrics_(metrics) {}

    void put(const char* name, double value) {
        metrics_[name] =
            std::isfinite(value) ? MetricValue{value, {}} : MetricValue::unknown("has no finite value");
    }
    void put_unknown(const char* name, std::string reason) {
        metrics_[name] = MetricValue::unknown(std::move(reason));
    }
    void put_times(const std::string& prefix, const Histogram& histogram, const char* why_none) {
        const auto at = [&](double percentile) {
            return static_cast<double>(histogram.value_at_percentile(percentile));
        };
        const std::pair<const char*, double> percentiles[] = {
            {"_p50_ns", 50}, {"_p90_ns", 90}, {"_p99_ns", 99}, {"_p999_ns", 99.9}, {"_max_ns", 100}};
        if (histogram.empty()) {
            for (const auto& [suffix, percentile] : percentiles) {
                put_unknown((prefix + suffix).c_str(), why_none);
            }
            return put_unknown((prefix + "_mean_ns").c_str(), why_none);
        }
        for (const auto& [suffix, percentile] : percentiles) put((prefix + suffix).c_str(), at(percentile));
        put((prefix + "_mean_ns").c_str(), histogram.mean());
    }

    /// Of times that are not ranked by their tails, the parent derives what is shown from the histogram.
    void say_why_none(const std::string& prefix, const Histogram& histogram, const char* why_none) {
        if (!histogram.empty()) return;
        for (const char* suffix : {"_mean_ns", "_p50_ns", "_p99_ns"})
            put_unknown((prefix + suffix).c_str(), why_none);
    }

  private:
    Metrics& metrics_;
};

void put_work(MetricWriter& metrics, const TrialSpec& spec, const Measurement& measurement) {
    const double seconds = static_cast<double>(measurement.elapsed.count()) / 1e9;
    const double throughput = static_cast<double>(measurement.received.count) / seconds;
    metrics.put("requests", static_cast<double>(measurement.requests));
    metrics.put("errors", static_cast<double>(measurement.errors.total()));
    metrics.put("elapsed_ns", static_cast<double>(measurement.elapsed.count()));
    metrics.put("throughput_rps", throughput);
    metrics.put("connections_opened", static_cast<double>(measurement.connections));
    if (measurement.received.count > 0) {
        metrics.put("response_bytes_per_request", static_cast<double>(measurement.received_body_bytes) /
                                                      static_cast<double>(measurement.received.count));
    } else {
        metrics.put_unknown("response_bytes_per_request", "no request was answered");
    }
    constexpr const char* no_answer = "no request was answered";
    metrics.put_times("service", measurement.service_time_ns, no_answer);
    metrics.put_times("response", measurement.response_time_ns, no_answer);
    const char* const not_held = measurement.received.count == 0
                                     ? no_answer
                                     : "no right response told how long the target held its request";
    metrics.say_why_none("overhead", measurement.overhead_ns, not_held);
    if (spec.plan.kind == PlanKind::open) {
        metrics.say_why_none(
            "punctual_response", measurement.punctual_response_ns,
            measurement.overhead_ns.empty() ? not_held : "the delays of a foreign target are not known");
    }
    if (spec.verify) {
        const double ideal = ideal_rps(spec, measurement.requests);
        if (std::isfinite(ideal)) {
            metrics.put("ideal_rps", ideal);
            metrics.put("efficiency", throughput / ideal);
        } else {
            metrics.put_unknown("ideal_rps",
                                "the target delays nothing, so that nothing bounds the throughput");
            metrics.put_unknown("efficiency", "there is no ideal where the target delays nothing");
        }
    } else {
        metrics.put_unknown("ideal_rps", "the delays of a foreign target are not known");
        metrics.put_unknown("efficiency", "the delays of a foreign target are not known");
    }
    if (spec.plan.kind == PlanKind::open) {
        metrics.put("offered_rps", spec.plan.rate_rps);
        metrics.put("sent_late_share",
                    static_cast<double>(measurement.sent_late) / static_cast<double>(measurement.requests));
        if (measurement.send_lateness_ns.empty()) {
            metrics.put_unknown("send_lateness_p99_ns", "no sender had time to be punctual");
        } else {
            metrics.put("send_lateness_p99_ns",
                        static_cast<double>(measurement.send_lateness_ns.value_at_percentile(99)));
        }
    }
}

void put_usage(MetricWriter& metrics, const ProcessUsage& used, std::uint64_t rss_before,
               const Measurement& measurement) {
    const auto requests = static_cast<double>(measurement.requests);
    const auto cpu_us = static_cast<double>(used.cpu().count());
    metrics.put("cpu_us_per_request", cpu_us / requests);
    metrics.put("cpu_user_us_per_request", static_cast<double>(used.cpu_user.count()) / requests);
    metrics.put("cpu_system_us_per_request", static_cast<double>(used.cpu_system.count()) / requests);
    metrics.put("cpu_share", cpu_us * 1e3 / static_cast<double>(measurement.elapsed.count()));
    metrics.put("voluntary_switches_per_request", static_cast<double>(used.voluntary_switches) / requests);
    metrics.put("involuntary_switches_per_request",
                static_cast<double>(used.involuntary_switches) / requests);
    metrics.put("peak_rss_bytes", static_cast<double>(used.peak_rss_bytes));
    const double added = static_cast<double>(used.peak_rss_bytes) - static_cast<double>(rss_before);
    metrics.put("memory_per_in_flight_bytes",
                std::max(added, 0.0) / static_cast<double>(measurement.peak_in_flight));
    metrics.put("peak_in_flight", static_cast<double>(measurement.peak_in_flight));
}

void put_strategy(MetricWriter& metrics, const StrategyStats& stats) {
    metrics.put("threads", stats.threads);
    if (stats.loops) {
        metrics.put("loop_utilization", static_cast<double>(stats.loops->busy.count()) /
                                            static_cast<double>(stats.loops->total.count()));
        metrics.put("loop_longest_busy_ns", static_cast<double>(stats.loops->longest_busy.count()));
        metrics.put("loop_longest_lag_ns", static_cast<double>(stats.loops->longest_lag.count()));
    } else {
        metrics.put_unknown("loop_utilization", "the strategy has no event loop");
        metrics.put_unknown("loop_longest_busy_ns", "the strategy has no event loop");
        metrics.put_unknown("loop_longest_lag_ns", "the strategy has no event loop");
    }
    if (stats.neighbour_delay_ns && !stats.neighbour_delay_ns->empty()) {
        for (const auto& [name, percentile] : {std::pair{"neighbour_delay_p50_ns", 50.0},
                                               {"neighbour_delay_p99_ns", 99.0},
                                               {"neighbour_delay_max_ns", 100.0}}) {
            metrics.put(name, static_cast<double>(stats.neighbour_delay_ns->value_at_percentile(percentile)));
        }
    }
}

void put_cpu_wait(MetricWriter& metrics, std::optional<Nanoseconds> before, std::optional<Nanoseconds> after,
                  const ProcessUsage& used, const StrategyStats& stats, const Measurement& measurement) {
    if (!before || !after) {
        metrics.put_unknown("cpu_wait_share", "this kernel does not say how long threads wait for a CPU");
        return;
    }
    if (used.threads < stats.threads) {
        metrics.put_unknown("cpu_wait_share", "threads that did the work ended before this was read");
        return;
    }
    const auto thread_ns = static_cast<double>(measurement.elapsed.count()) * stats.threads;
    metrics.put("cpu_wait_share", static_cast<double>((*after - *before).count()) / thread_ns);
}

/// Counts that do not depend on how fast the machine is.
void put_counts(MetricWriter& metrics, const CounterValue& instructions, std::uint64_t allocations,
                const Measurement& measurement) {
    const auto requests = static_cast<double>(measurement.requests);
    if (instructions.value) {
        metrics.put("instructions_per_request", static_cast<double>(*instructions.value) / requests);
    } else {
        metrics.put_unknown("instructions_per_request", instructions.reason);
    }
    if (allocations_are_counted()) {
        metrics.put("allocations_per_request", static_cast<double>(allocations) / requests);
    } else {
        metrics.put_unknown("allocations_per_request", allocations_not_counted);
    }
}

/// The measured part: everything between `go` and the result.
Trial measure(const TrialSpec& spec, Strategy& strategy, std::uint64_t rss_before, PerfCounters& counters,
              Nanoseconds extra_delay) {
    Recorder recorder({spec.profile, spec.seed, spec.verify, spec.plan.kind == PlanKind::open});
    Plan plan(spec.plan, spec.seed, spec.trial, extra_delay);

    const std::optional<Nanoseconds> waited_before = process_cpu_wait();
    const ProcessUsage before = read_process_usage();
    const std::uint64_t allocations_before = process_allocations();
    counters.start();
    plan.start();
    strategy.run(plan, recorder);
    const auto elapsed = std::chrono::duration_cast<Nanoseconds>(Clock::now() - plan.started());
    counters.stop();
    const std::uint64_t allocations = process_allocations() - allocations_before;
    const ProcessUsage used = read_process_usage() - before;
    const std::optional<Nanoseconds> waited = process_cpu_wait();

    Trial result;
    result.spec = spec;
    Measurement measurement = recorder.measurement(plan.started());
    const StrategyStats stats = strategy.stats();
    if (measurement.requests == 0) {
        if (stats.outcomes.empty()) {
            throw Error("The plan held no request, so that there is nothing to measure. Raise -q, -d or -n.");
        }
        measurement.elapsed = elapsed;
    }
    MetricWriter metrics(result.metrics);
    put_work(metrics, spec, measurement);
    put_usage(metrics, used, rss_before, measurement);
    put_strategy(metrics, stats);
    put_cpu_wait(metrics, waited_before, waited, used, stats, measurement);
    put_counts(metrics, counters.values().instructions, allocations, measurement);
    result.client = measurement.received;
    result.errors = measurement.errors;
    result.endings = std::move(measurement.endings);
    result.outcomes = stats.outcomes;
    result.service_time_ns = std::move(measurement.service_time_ns);
    result.response_time_ns = std::move(measurement.response_time_ns);
    result.overhead_ns = std::move(measurement.overhead_ns);
    result.punctual_response_ns = std::move(measurement.punctual_response_ns);
    result.timeline = std::move(measurement.timeline);
    return result;
}

}  // namespace

int run_trial_process(std::istream& in, std::ostream& out, const StrategyRegistry& strategies,
                      const TrialOverrides& overrides) {
    const auto report = [&out](const Trial& result) { out << to_json_line(result) << '\n' << std::flush; };
    const auto fail = [&report](std::string why) {
        Trial result;
        result.failure = std::move(why);
        report(result);
    };
    std::string line;
    if (!std::getline(in, line)) {
        fail("No trial spec on stdin; `asyncbench run` starts this command, see docs/trial-protocol.md.");
        return 64;
    }
    try {
        TrialSpec spec = trial_spec_from_json(line);
        if (overrides.strategy) spec.strategy = *overrides.strategy;
        if (overrides.diagnose) spec.diagnose = true;
        spec.profile.compute += overrides.extra_compute;
        raise_descriptor_limit();
        initialize_curl();
        PerfCounters counters;  // before the strategy's threads, which it then counts too
        const std::uint64_t rss_before = read_process_usage().rss_bytes;
        const auto service = service_for(spec);
        const auto strategy = strategies.make(spec.strategy.name, options_for(spec, *service));
        warm_up(spec, *strategy);
        std::optional<Diagnose> diagnose;  // of the measured work alone
        if (spec.diagnose) {
            DiagnoseOptions options;
            options.stalls.threshold = spec.stall_threshold;
            options.tell = false;  // the result does
            diagnose.emplace(options);
        }
        out << ready_line() << '\n' << std::flush;
        if (!std::getline(in, line) || line != "go") return 0;  // the parent gave up
        Trial result = measure(spec, *strategy, rss_before, counters, overrides.extra_delay);
        if (diagnose) result.diagnosis = diagnose->report();
        report(result);
        return 0;
    } catch (const Unavailable& reason) {
        report(Trial::of_unavailable(reason.what()));
        return 1;
    } catch (const std::exception& failure) {
        fail(failure.what());
        return 1;
    }
}

}  // namespace asyncbench
