#include "tests/reports/sample_load.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "analysis/summary.hpp"
#include "harness/work/random.hpp"
#include "tests/reports/sample_run.hpp"

namespace asyncbench::sample {
namespace {

Scenario load_scenario() {
    Scenario scenario;
    scenario.name = "load";
    scenario.strategies = {StrategySpec::parse("native")};
    scenario.concurrency = {50};
    scenario.target = SecretText::url("http://127.0.0.1:8080/items?page=1");
    scenario.profile.payload_bytes = 0;
    scenario.warmup = std::chrono::seconds{1};
    scenario.timeout = std::chrono::seconds{10};
    scenario.repetitions = 1;
    scenario.plan.duration = std::chrono::seconds{5};
    scenario.load.emplace();
    return scenario;
}

RunResult run_of(const Scenario& scenario) {
    RunResult run;
    run.tool_version = "0.0.0-made-up";
    run.command = "asyncbench load 'http://127.0.0.1:8080/items?page=1'";
    run.started_utc = "2000-01-01T00:00:00Z";
    run.environment.facts = {{"cpu_model", "Made-up CPU, for tests of the report", {}},
                             {"cpu_count", "2", {}}};
    run.scenario = scenario;
    return run;
}

/// Its latency in milliseconds: twice as long at the end as at the begin, with a tail.
double latency_ms(double share_of_time, std::uint64_t seed, std::uint64_t id) {
    const double tail = std::pow(to_unit(random_bits(seed, id, 7)), 8);
    return (4 + 4 * share_of_time) * (1 + 6 * tail);
}

void put_metrics(Trial& trial, double seconds) {
    const auto put = [&](const char* name, double value) { trial.metrics[name] = {value, {}}; };
    const auto at = [](const Histogram& times, double percentile) {
        return static_cast<double>(times.value_at_percentile(percentile));
    };
    put("elapsed_ns", seconds * 1e9);
    put("throughput_rps", static_cast<double>(trial.load->answered_in_time) / seconds);
    put("requests", static_cast<double>(trial.requests()));
    put("errors", static_cast<double>(trial.errors.total()));
    put("service_p50_ns", at(trial.service_time_ns, 50));
    put("service_p99_ns", at(trial.service_time_ns, 99));
    put("response_p50_ns", at(trial.response_time_ns, 50));
    put("response_p99_ns", at(trial.response_time_ns, 99));
    put("cpu_share", 0.31);
    put("cpu_us_per_request", 7.4);
    put("peak_rss_bytes", 14.2e6);
    put("connections_opened", 61);
    if (trial.spec.plan.kind != PlanKind::open) return;
    put("offered_rps", 1.1 * *trial.metrics["throughput_rps"].value);
    put("sent_late_share", 0.12);
    put("send_lateness_p99_ns", at(trial.load->send_lateness_ns, 99));
}

/// A trial of so many seconds with so many answers in each.
Trial trial_of(const Scenario& scenario, std::uint32_t repetition, std::uint32_t seconds,
               std::uint64_t answers_a_second) {
    Trial trial;
    trial.spec = TrialSpec(scenario);
    trial.spec.trial = "load";
    trial.spec.strategy = scenario.strategies.front();
    trial.spec.plan.concurrency = scenario.concurrency.front();
    trial.spec.base_url = scenario.target;
    trial.repetition = trial.order = repetition;
    trial.started_utc = "2000-01-01T00:00:00Z";
    LoadView& load = trial.load.emplace();
    load.threads = 1;
    load.connections_at_start = 50;
    load.busiest_thread = 0.31;
    load.wakeups = 12'345;
    const bool is_open = scenario.plan.kind == PlanKind::open;
    for (std::uint32_t second = 0; second < seconds; ++second) {
        const double share = static_cast<double>(second) / std::max(1U, seconds - 1);
        Histogram times;
        const std::uint64_t answers = answers_a_second * (4 + second % 3) / 5;
        for (std::uint64_t i = 0; i < answers; ++i) {
            const double ms = latency_ms(share, repetition, second * answers_a_second + i);
            const auto ns = static_cast<std::int64_t>(ms * 1e6);
            trial.service_time_ns.record(ns);
            times.record(is_open ? 2 * ns : ns);
            load.first_byte_ns.record(ns * 4 / 5);
            load.pick_up_ns.record(20'000 + ns / 1000);
            if (is_open) load.send_lateness_ns.record(8'000 + ns / 500);
            trial.client.add(load.sent + i);
        }
        trial.response_time_ns += times;
        load.sent += answers;
        load.answered_in_time += answers;
        load.seconds.push_back({.second = second,
                                .sent = answers,
                                .answered = answers,
                                .errors = 0,
                                .received_bytes = answers * 250,
                                .p50_ns = times.value_at_percentile(50),
                                .p90_ns = times.value_at_percentile(90),
                                .p99_ns = times.value_at_percentile(99),
                                .max_ns = times.max()});
    }
    load.stamped = trial.client.count;
    load.received_bytes = trial.client.count * 250;
    for (int i = 0; i < 50; ++i) load.connect_ns.record(180'000 + i * 2'000);
    trial.endings.statuses[200] = trial.client.count;
    put_metrics(trial, seconds);
    return trial;
}

void summarize_load(RunResult& run) {
    run.summary = asyncbench::summarize(run.scenario, run.trials);
}

/// 60 responses with 503, and 40 requests that got none, in the last half of its seconds.
void add_errors(Trial& trial) {
    trial.errors = {
        .status = 60, .connect = 30, .timeout = 10, .closed = 0, .content = 0, .other = 0, .unforeseen = 100};
    trial.endings.statuses[200] -= 60;
    trial.endings.statuses[503] = 60;
    trial.endings.add({ErrorClass::connect, "Connection refused", 30});
    trial.endings.add({ErrorClass::timeout, "No whole response within N ms", 10});
    std::vector<LoadSecond>& seconds = trial.load->seconds;
    for (std::size_t i = seconds.size() / 2; i < seconds.size(); ++i) seconds[i].errors = 5;
}

}  // namespace

RunResult load_run() {
    Scenario scenario = load_scenario();
    scenario.plan.kind = PlanKind::open;
    scenario.plan.duration = std::chrono::seconds{40};
    scenario.load->stages = parse_stages("0:120@20s,120@20s");
    scenario.plan.rate_rps = mean(scenario.load->stages);
    scenario.thresholds = {Threshold::parse("p99<20ms"), Threshold::parse("errors<10%")};
    RunResult run = run_of(scenario);
    Trial trial = trial_of(scenario, 0, 40, 100);
    add_errors(trial);
    trial.load->sent_late = 400;
    trial.load->seconds.front().p50_ns = trial.load->seconds.front().p90_ns = {};
    trial.load->seconds.front().p99_ns = trial.load->seconds.front().max_ns = {};
    trial.load->seconds.front().answered = 0;
    put_metrics(trial, 39.7);  // the last second is cut off
    trial.warnings = {
        {"generator-late", "The generator did not keep its schedule.", WarningKind::limited},
        {"rate-not-held", "12.0 % of the requests found no free connection.", WarningKind::note}};
    run.trials.push_back(std::move(trial));
    summarize_load(run);
    return run;
}

RunResult closed_load_run() {
    const Scenario scenario = load_scenario();
    RunResult run = run_of(scenario);
    run.trials.push_back(trial_of(scenario, 0, 5, 400));
    summarize_load(run);
    return run;
}

RunResult load_search_run() {
    Scenario scenario = load_scenario();
    scenario.plan.kind = PlanKind::open;
    scenario.plan.rate_rps = 1450;
    scenario.goals = {Threshold::parse("p99<50ms")};
    RunResult run = run_of(scenario);
    RateSearchResult& search = run.search.emplace();
    search.goals = {"p99<50ms"};
    search.closed_loop_rps = 1900;
    search.highest_held = 1450;
    search.lowest_broken = 1490;
    for (const auto& [rate, holds] : {std::pair{1900.0, false},
                                      {950.0, true},
                                      {1343.0, true},
                                      {1597.0, false},
                                      {1450.0, true},
                                      {1490.0, false}})
        search.steps.push_back({rate, holds, false, rate > 1800, holds ? "" : "p99 61.3 ms"});
    for (int i = 0; i < 3; ++i) search.steps.push_back({1490, false, true, false, "p99 58.1 ms"});
    for (int i = 0; i < 3; ++i) search.steps.push_back({1450, true, true, false, ""});
    for (std::uint32_t i = 0; i < 3; ++i) run.trials.push_back(trial_of(scenario, i, 5, 300));
    summarize_load(run);
    return run;
}

RunResult hostile_load_run() {
    RunResult run = load_search_run();
    run.tool_version = run.command = run.started_utc = hostile_text;
    run.scenario.name = run.scenario.question = hostile_text;
    run.scenario.target = hostile_text;
    run.environment.facts.push_back({hostile_text, hostile_text, {}});
    for (RateStep& step : run.search->steps)
        if (!step.holds) step.why = hostile_text;
    run.search->goals = {hostile_text};
    for (Trial& trial : run.trials) {
        add_errors(trial);
        trial.spec.base_url = trial.started_utc = hostile_text;
        trial.endings.add({ErrorClass::closed, hostile_text, 3});
        trial.errors.closed = 3;
        trial.load->each_request = {{hostile_text, 7, 2, trial.service_time_ns}, {"GET /none", 0, 3, {}}};
        trial.load->streams = 2;
        trial.load->first_event_ns = trial.load->event_gap_ns = trial.load->connect_ns;
        trial.load->io = IoKind::epoll;
        trial.load->why_no_uring = hostile_text;
        trial.warnings.push_back({"hostile", hostile_text, WarningKind::note});
    }
    summarize_load(run);
    run.warnings.push_back({"hostile-run", hostile_text, WarningKind::note});
    return run;
}

RunResult long_load_run() {
    Scenario scenario = load_scenario();
    scenario.plan.duration = std::chrono::hours{1};
    RunResult run = run_of(scenario);
    run.trials.push_back(trial_of(scenario, 0, 3600, 5));
    summarize_load(run);
    return run;
}

}  // namespace asyncbench::sample
