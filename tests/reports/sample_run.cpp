#include "tests/reports/sample_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <set>
#include <utility>

#include "analysis/ranking/looks.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "harness/work/random.hpp"

namespace asyncbench::sample {

const char* const hostile_text =
    "</script><script>window.hostile=1</script><img src=x "
    "onerror=\"window.hostile=1\">'\"&amp;`${window.hostile=1}` "
    "]]> --> \xe2\x80\xa8 \xe2\x80\xa9 \\u003cb>";

namespace {

constexpr std::uint64_t timeline_length = 64;

/// How a made-up strategy behaves.
struct Model {
    std::string text;
    std::uint32_t parallelism;  ///< the most requests it has in flight; 0: all
    double overhead_us;         ///< it adds to each request
    double cpu_us;              ///< per request
    double bytes_in_flight;     ///< per request
};

double noise(std::uint64_t seed, std::uint64_t id, double share) {
    return 1 + share * (2 * to_unit(random_bits(seed, id, 99)) - 1);
}

Nanoseconds from_us(double us) {
    return Nanoseconds{std::llround(us * 1e3)};
}

TrialSpec spec_of(const Scenario& scenario, const Model& model, std::uint32_t concurrency, std::string name) {
    TrialSpec spec;
    spec.trial = std::move(name);
    spec.strategy = StrategySpec::parse(model.text);
    spec.plan = scenario.plan;
    spec.plan.concurrency = concurrency;
    spec.profile = scenario.profile;
    spec.seed = scenario.seed;
    spec.base_url = "http://127.0.0.1:40123";
    spec.warmup = scenario.warmup;
    spec.timeout = scenario.timeout;
    return spec;
}

/// Fills histograms, fingerprints and timeline from the delays that the profile gives.
void do_requests(Trial& trial, std::uint32_t in_flight, std::uint64_t requests, double overhead_us) {
    using User = std::pair<double, std::uint32_t>;  // when it is free, and which
    std::priority_queue<User, std::vector<User>, std::greater<>> users;
    for (std::uint32_t user = 0; user < in_flight; ++user) users.emplace(0, user);
    for (std::uint64_t id = 0; id < requests; ++id) {
        const auto [sent_us, user] = users.top();
        users.pop();
        const double delay_us = static_cast<double>(trial.spec.profile.delay.sample(1, id).count()) / 1e3;
        const double service_us = delay_us + overhead_us * noise(trial.order, id, 0.8);
        // A user of the closed loop waits while fewer requests than users can be in flight.
        const double wait_us =
            service_us * (static_cast<double>(trial.spec.plan.concurrency) / in_flight - 1);
        const double done_us = sent_us + service_us;
        users.emplace(done_us, user);
        trial.service_time_ns.record(from_us(service_us).count());
        trial.response_time_ns.record(from_us(service_us + wait_us).count());
        trial.client.add(id);
        if (id < timeline_length) {
            trial.timeline.push_back(
                {id, from_us(std::max(0.0, sent_us - wait_us)), from_us(sent_us), from_us(done_us)});
        }
    }
}

void put_latency(Metrics& metrics, const std::string& kind, const Histogram& histogram) {
    const auto at = [&](double percentile) {
        return MetricValue{static_cast<double>(histogram.value_at_percentile(percentile)), {}};
    };
    metrics[kind + "_mean_ns"] = {histogram.mean(), {}};
    metrics[kind + "_p50_ns"] = at(50);
    metrics[kind + "_p90_ns"] = at(90);
    metrics[kind + "_p99_ns"] = at(99);
    metrics[kind + "_p999_ns"] = at(99.9);
    metrics[kind + "_max_ns"] = {static_cast<double>(histogram.max()), {}};
}

void put_loop(Metrics& metrics, const Model& model, std::uint32_t order) {
    const bool has_loop = model.parallelism == 0 && !model.text.starts_with("exec:");
    const auto put = [&](const char* name, double value) {
        metrics[name] =
            has_loop ? MetricValue{value, {}} : MetricValue::unknown("this strategy has no event loop");
    };
    put("loop_utilization", 0.3 * noise(order, 5, 0.1));
    put("loop_longest_busy_ns", std::round(1.8e6 * noise(order, 6, 0.3)));
    put("loop_longest_lag_ns", std::round(2.1e6 * noise(order, 7, 0.3)));
}

/// As many requests as a test needs, or as many as a trial of a second has, each with a delay error of its
/// own: what a result's size comes of.
enum class Detail { little, realistic };

std::uint64_t requests_of(const Scenario& scenario, std::uint32_t in_flight, Detail detail) {
    if (detail == Detail::little) return std::clamp<std::uint64_t>(std::uint64_t{in_flight} * 60, 60, 2000);
    const double seconds = static_cast<double>(scenario.profile.delay.mean().count()) / 1e9;
    return static_cast<std::uint64_t>(in_flight / seconds);
}

/// Mostly some 60 microseconds, with a tail.
void put_delay_errors(Trial& trial, std::uint64_t requests, Detail detail) {
    Histogram& errors = trial.target->delay_error_ns;
    if (detail == Detail::little) {
        errors.record(60'000, requests * 99 / 100);
        errors.record(400'000, requests - requests * 99 / 100);
        return;
    }
    const DelaySpec shape = DelaySpec::parse("lognormal:60us,400us");
    for (std::uint64_t id = 0; id < requests; ++id) errors.record(shape.sample(trial.order + 2, id).count());
}

Trial trial_of(const Scenario& scenario, const Model& model, std::uint32_t concurrency,
               std::uint32_t repetition, std::uint32_t order, Detail detail) {
    Trial trial;
    trial.spec = spec_of(scenario, model, concurrency, fmt::format("made-up-{}", order));
    trial.repetition = repetition;
    trial.order = order;
    trial.started_utc = fmt::format("2000-01-01T00:{:02}:{:02}Z", (order * 3 / 60) % 60, order * 3 % 60);
    const std::uint32_t in_flight =
        model.parallelism == 0 ? concurrency : std::min(concurrency, model.parallelism);
    const std::uint64_t requests = requests_of(scenario, in_flight, detail);
    do_requests(trial, in_flight, requests, model.overhead_us);

    const double mean_us = trial.service_time_ns.mean() / 1e3;
    const double throughput = in_flight / mean_us * 1e6 * noise(order, 1, 0.015);
    const double ideal = concurrency / (static_cast<double>(scenario.profile.delay.mean().count()) / 1e9);
    Metrics& metrics = trial.metrics;
    metrics["requests"] = {static_cast<double>(requests), {}};
    metrics["errors"] = {0, {}};
    metrics["elapsed_ns"] = {std::round(static_cast<double>(requests) / throughput * 1e9), {}};
    metrics["throughput_rps"] = {throughput, {}};
    metrics["ideal_rps"] = {ideal, {}};
    metrics["efficiency"] = {throughput / ideal, {}};
    put_latency(metrics, "service", trial.service_time_ns);
    put_latency(metrics, "response", trial.response_time_ns);
    metrics["cpu_us_per_request"] = {model.cpu_us * noise(order, 2, 0.05), {}};
    metrics["peak_rss_bytes"] = {6.5e6 + concurrency * model.bytes_in_flight * noise(order, 3, 0.02), {}};
    metrics["memory_per_in_flight_bytes"] = {model.bytes_in_flight * noise(order, 4, 0.02), {}};
    metrics["connections_opened"] = {static_cast<double>(in_flight), {}};
    metrics["instructions_per_request"] =
        MetricValue::unknown("this kernel refuses performance counters (perf_event_paranoid is 3)");

    put_loop(metrics, model, trial.order);
    if (detail == Detail::realistic) {
        const DelaySpec shape = DelaySpec::parse("lognormal:200us,900us");
        for (std::uint64_t id = 0; id < requests; ++id)
            trial.overhead_ns.record(shape.sample(trial.order + 3, id).count());
        metrics["overhead_mean_ns"] = {trial.overhead_ns.mean(), {}};
        metrics["overhead_p50_ns"] = {static_cast<double>(trial.overhead_ns.value_at_percentile(50)), {}};
        metrics["overhead_p99_ns"] = {static_cast<double>(trial.overhead_ns.value_at_percentile(99)), {}};
        metrics["punctual_rps"] = {throughput * 1.003, {}};
        metrics["target_lateness_mean_ns"] = {63'000, {}};
    }

    TargetView target;
    target.requests = requests;
    target.served = trial.client;
    target.connections = in_flight;
    target.cpu_share = {std::min(0.7, throughput / 30'000), {}};
    trial.target = target;
    put_delay_errors(trial, requests, detail);
    return trial;
}

void summarize(RunResult& run) {
    run.summary = asyncbench::summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    run.ranking.reset();
    if (run.interrupted) return;
    std::set<std::uint32_t> blocks;
    for (const Trial& trial : run.trials) blocks.insert(trial.repetition);
    run.ranking = rank(run, {{blocks.begin(), blocks.end()}, alpha_of_run, 0});
}

RunResult run_of(const std::vector<Model>& models, const std::vector<std::uint32_t>& concurrencies,
                 std::uint32_t repetitions, Detail detail = Detail::little) {
    RunResult run;
    run.tool_version = "0.0.0-made-up";
    run.command =
        "asyncbench run -s sequential,thread-pool:threads=32,callback,coroutine -c 1,16,64,256 "
        "-d 2s --latency lognormal:20ms,80ms";
    run.started_utc = "2000-01-01T00:00:00Z";
    run.environment.facts = {{"cpu_model", "Made-up CPU, for tests of the report", {}},
                             {"cpu_count", "2", {}},
                             {"kernel", "6.1.0", {}},
                             {"cpu_governor", std::nullopt, "this machine has no cpufreq directory"},
                             {"compiler", "g++ 12.2.0", {}},
                             {"curl_version", "7.88.1", {}}};
    run.scenario.name = "made-up";
    run.scenario.question = "Which way of writing a client serves a backend of 20 ms best?";
    run.scenario.plan.duration = std::chrono::seconds{2};
    run.scenario.profile.delay = DelaySpec::parse("lognormal:20ms,80ms");
    run.scenario.repetitions = repetitions;
    run.scenario.concurrency = concurrencies;
    for (const Model& model : models) run.scenario.strategies.push_back(StrategySpec::parse(model.text));
    std::uint32_t order = 0;
    for (std::uint32_t repetition = 0; repetition < repetitions; ++repetition) {
        for (const Model& model : models) {
            for (const std::uint32_t concurrency : concurrencies) {
                run.trials.push_back(trial_of(run.scenario, model, concurrency, repetition, order++, detail));
            }
        }
    }
    summarize(run);
    return run;
}

const std::vector<Model> usual_models{{"sequential", 1, 90, 62, 9e3},
                                      {"thread-pool:threads=32", 32, 140, 88, 92e3},
                                      {"callback", 0, 110, 41, 21e3},
                                      {"coroutine", 0, 112, 42, 22e3}};

}  // namespace

RunResult clean_run() {
    return run_of(usual_models, {1, 16, 64, 256}, 5);
}

RunResult single_run() {
    RunResult run = run_of(usual_models, {64}, 5);
    run.scenario.plan = {.kind = PlanKind::batch, .concurrency = 64, .requests = 2000};
    summarize(run);
    return run;
}

RunResult troubled_run() {
    std::vector<Model> models = usual_models;
    models.push_back({"exec:python3 examples/client.py", 0, 900, 310, 40e3});
    RunResult run = run_of(models, {1, 64}, 5);
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() == "exec") {
            trial.metrics.erase("cpu_us_per_request");
            trial.metrics["cpu_us_per_request"] = MetricValue::unknown("the program did not report it");
            trial.warnings.push_back(
                {"few-samples", "Only 60 requests: percentiles over p99 say little.", WarningKind::note});
        }
        if (trial.strategy_name() == "callback" && trial.spec.plan.concurrency == 64) {
            trial.warnings.push_back(
                {"target-saturated",
                 "The target used 0.97 of a core; it, not the strategy, set the pace. Give it a "
                 "core of its own or lower the load.",
                 WarningKind::limited});
        }
    }
    Trial& dead = *std::find_if(run.trials.begin(), run.trials.end(), [](const Trial& trial) {
        return trial.strategy_name() == "thread-pool" && trial.spec.plan.concurrency == 64;
    });
    const Trial gone = dead;
    dead = Trial{};
    dead.spec = gone.spec;
    dead.repetition = gone.repetition;
    dead.order = gone.order;
    dead.started_utc = gone.started_utc;
    dead.failure = "The trial's process was killed by signal 9 after 0.4 s.";
    dead.warnings.push_back({"trial-failed", dead.failure, WarningKind::wrong});
    run.trials.back().errors = {
        .status = 3, .connect = 0, .timeout = 1, .closed = 2, .content = 0, .other = 0, .unforeseen = 1};
    run.trials.back().target.reset();
    run.trials.pop_back();
    run.interrupted = true;
    summarize(run);
    run.warnings.push_back(
        {"interrupted", "The run was interrupted after 49 of 50 trials.", WarningKind::note});
    run.warnings.push_back({"steal", "The hypervisor took 4 % of the CPU time.", WarningKind::note});
    return run;
}

RunResult diagnosed_run() {
    RunResult run = run_of({usual_models[2], usual_models[3]}, {64}, 5);
    run.scenario.diagnose = true;
    for (Trial& trial : run.trials) {
        trial.spec.diagnose = true;
        Diagnosis& diagnosis = trial.diagnosis.emplace();
        diagnosis.lag_ns.record(120'000);
        if (trial.strategy_name() != "coroutine") continue;
        Finding finding;
        finding.kind = Finding::Kind::blocking_call;
        finding.message = "poll() blocks the event loop, called by fetch_rows(), created at rows.cpp:17.";
        finding.coroutine = "fetch_rows()";
        finding.created = "rows.cpp:17";
        finding.function = "poll";
        finding.duration = std::chrono::milliseconds{300};
        finding.backtrace = {"poll", "query(Connection&) at database.cpp:88", "fetch_rows() at rows.cpp:23"};
        diagnosis.add(finding, 3);
        diagnosis.suppressed = 2;
        diagnosis.stalls_ns.record(300'000'000);
    }
    return run;
}

RunResult outlier_run() {
    RunResult run = clean_run();
    for (Trial& trial : run.trials) {
        const bool is_it = trial.strategy_name() == "callback" && trial.spec.plan.concurrency == 256 &&
                           trial.repetition == 2;
        if (!is_it) continue;
        for (const char* metric : {"throughput_rps", "efficiency"}) *trial.metrics[metric].value *= 0.4;
    }
    summarize(run);
    return run;
}

RunResult crowded_run() {
    std::vector<Model> models = usual_models;
    for (const char* name : {"callback-poll", "coroutine-asio", "thread-per-request"})
        models.push_back({name, 0, 111, 43, 22e3});
    return run_of(models, {1, 16, 64, 256}, 5);
}

RunResult open_loop_run() {
    RunResult run = clean_run();
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 300;
    summarize(run);
    return run;
}

RunResult alike_names_run() {
    std::vector<Model> models = usual_models;
    for (const char* name : {"exec:python3 examples/python_trial/client.py --mode=1",
                             "exec:python3 examples/python_trial/client.py --mode=2"})
        models.push_back({name, 0, 111, 43, 22e3});
    return run_of(models, {1, 16, 64, 256}, 5);
}

RunResult without_first_run() {
    RunResult run = clean_run();
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() == "sequential")
            trial.warnings.push_back(
                {"too-few-samples", "Only 8 requests were answered.", WarningKind::wrong});
    }
    summarize(run);
    return run;
}

RunResult hostile_run() {
    std::vector<Model> models{usual_models[0]};
    models.push_back({fmt::format("exec:{}", hostile_text), 0, 112, 42, 22e3});
    RunResult run = run_of(models, {1, 4}, 2);
    run.tool_version = run.command = run.started_utc = hostile_text;
    run.scenario.name = run.scenario.question = hostile_text;
    run.scenario.target = hostile_text;
    run.environment.facts.push_back({hostile_text, hostile_text, {}});
    run.environment.facts.push_back({fmt::format("{}2", hostile_text), std::nullopt, hostile_text});
    for (Trial& trial : run.trials) {
        trial.spec.base_url = trial.started_utc = hostile_text;
        trial.metrics["instructions_per_request"] = MetricValue::unknown(hostile_text);
        trial.warnings.push_back({"hostile", hostile_text, WarningKind::note});
    }
    run.scenario.diagnose = true;
    Finding finding;
    finding.message = finding.coroutine = finding.created = finding.function = hostile_text;
    finding.backtrace = {hostile_text};
    run.trials.front().diagnosis.emplace().add(finding);
    run.trials.back().failure = hostile_text;
    summarize(run);
    run.warnings.push_back({"hostile", hostile_text, WarningKind::note});
    return run;
}

RunResult large_run(int strategies, int concurrencies, int repetitions) {
    const std::vector<Model> models{{"sequential", 1, 90, 62, 9e3},
                                    {"thread-pool", 0, 140, 88, 92e3},
                                    {"thread-pool:threads=64", 64, 140, 85, 92e3},
                                    {"callback", 0, 110, 41, 21e3},
                                    {"callback:loops=2", 0, 112, 46, 23e3},
                                    {"coroutine", 0, 112, 42, 22e3},
                                    {"coroutine:loops=2", 0, 114, 47, 24e3},
                                    {"callback-poll", 0, 150, 55, 20e3},
                                    {"coroutine-asio", 0, 113, 43, 25e3},
                                    {"thread-per-request", 0, 300, 160, 90e3}};
    std::vector<std::uint32_t> users{1, 16, 64, 256, 2, 4, 8, 32, 128, 512};
    users.resize(static_cast<std::size_t>(concurrencies));
    std::sort(users.begin(), users.end());
    return run_of({models.begin(), models.begin() + strategies}, users,
                  static_cast<std::uint32_t>(repetitions), Detail::realistic);
}

}  // namespace asyncbench::sample
