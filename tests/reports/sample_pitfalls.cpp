#include "tests/reports/sample_pitfalls.hpp"

#include <fmt/format.h>

#include "analysis/summary.hpp"
#include "tests/reports/sample_run.hpp"

namespace asyncbench::sample {
namespace {

constexpr std::string_view metrics[] = {"throughput_rps", "neighbour_delay_p99_ns"};

Trial trial_of(const Scenario& scenario, const StrategySpec& strategy, std::uint32_t repetition,
               double throughput) {
    Trial trial;
    trial.spec.trial = fmt::format("r{}-{}", repetition, strategy.options.at("way"));
    trial.spec.strategy = strategy;
    trial.spec.plan.concurrency = scenario.concurrency.front();
    trial.spec.diagnose = scenario.diagnose;
    trial.repetition = repetition;
    trial.started_utc = "2000-01-01T00:00:00Z";
    trial.client.count = 200;
    trial.metrics["throughput_rps"] = {throughput + repetition, {}};
    trial.metrics["response_p50_ns"] = {1e9 / (throughput + 1), {}};
    trial.metrics["response_p99_ns"] = {2e9 / (throughput + 1), {}};
    trial.metrics["neighbour_delay_p99_ns"] = {1e8 / (throughput + 1), {}};
    trial.metrics["neighbour_delay_max_ns"] = {2e8 / (throughput + 1), {}};
    trial.metrics["loop_utilization"] = {0.5, {}};
    return trial;
}

RunResult run_of(const Scenario& scenario, const std::vector<double>& throughputs) {
    RunResult run;
    run.tool_version = "0.0.0";
    run.command = "asyncbench pitfalls";
    run.started_utc = "2000-01-01T00:00:00Z";
    run.scenario = scenario;
    for (std::uint32_t repetition = 0; repetition < scenario.repetitions; ++repetition) {
        for (std::size_t i = 0; i < throughputs.size(); ++i) {
            run.trials.push_back(trial_of(scenario, scenario.strategies[i], repetition, throughputs[i]));
        }
    }
    return run;
}

void summarize_run(RunResult& run) {
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials, metrics);
}

PitfallResult pitfall_of(const std::string& name, std::string metric,
                         const std::vector<double>& throughputs) {
    PitfallResult result;
    Pitfall& pitfall = result.pitfall;
    pitfall.name = name;
    pitfall.title = "A mistake called " + name;
    pitfall.source = name + ".cpp";
    pitfall.harms = {"speed", "neighbours"};
    pitfall.harm = "Nobody else has a turn.";
    pitfall.advice = "Do not do it.";
    pitfall.metric = std::move(metric);
    pitfall.scenario.name = name;
    pitfall.scenario.repetitions = 5;
    pitfall.scenario.concurrency = {16};
    const char* const names[] = {"wrong", "right", "bridged"};
    for (std::size_t i = 0; i < throughputs.size(); ++i) {
        pitfall.ways.push_back(
            {names[i], fmt::format("It is done the {} way.", names[i]),
             fmt::format("Task<int> {}(std::vector<int> numbers) {{\n    co_return 1;\n}}\n", names[i])});
        pitfall.scenario.strategies.push_back(strategy_of(name, names[i]));
    }
    result.run = run_of(pitfall.scenario, throughputs);
    summarize_run(result.run);
    return result;
}

PitfallResult losing_pitfall() {
    PitfallResult result = pitfall_of("forget-it", "", {0, 900});
    std::uint64_t count = 198;
    for (Trial& trial : result.run.trials) {
        if (trial.spec.strategy.options.at("way") != "wrong") continue;
        trial.outcomes.push_back(
            {"not-sent", count, fmt::format("{} of 200 requests were never sent.", count)});
        count = 200;
    }
    Scenario diagnosed = result.pitfall.scenario;
    diagnosed.diagnose = true;
    diagnosed.repetitions = 1;
    result.diagnosed = run_of(diagnosed, {0, 900});
    for (Trial& trial : result.diagnosed->trials) {
        Diagnosis& diagnosis = trial.diagnosis.emplace();
        if (trial.spec.strategy.options.at("way") != "wrong") continue;
        Finding finding;
        finding.kind = Finding::Kind::never_awaited;
        finding.message = "The task of `send` was never awaited.";
        diagnosis.add(finding, 200);
    }
    summarize_run(*result.diagnosed);
    return result;
}

PitfallsResult result_of(std::vector<PitfallResult> pitfalls) {
    PitfallsResult result;
    result.tool_version = "0.0.0";
    result.command = "asyncbench pitfalls";
    result.started_utc = "2000-01-01T00:00:00Z";
    result.environment.facts.push_back({.name = "kernel", .value = "made up", .reason = {}});
    result.pitfalls = std::move(pitfalls);
    return result;
}

}  // namespace

PitfallsResult clean_pitfalls() {
    return result_of({pitfall_of("block-it", "throughput_rps", {100, 1500, 1400}), losing_pitfall(),
                      pitfall_of("same-thing", "throughput_rps", {500, 500})});
}

PitfallsResult troubled_pitfalls() {
    PitfallResult wrong = pitfall_of("block-it", "throughput_rps", {100, 1500});
    for (Trial& trial : wrong.run.trials) {
        trial.warnings.push_back({"target-late", "The target answered late.", WarningKind::wrong});
    }
    summarize_run(wrong.run);
    PitfallsResult result = result_of({std::move(wrong)});
    result.interrupted = true;
    return result;
}

PitfallsResult hostile_pitfalls() {
    PitfallResult pitfall = losing_pitfall();
    const std::string text = hostile_text;
    for (std::string* place :
         {&pitfall.pitfall.title, &pitfall.pitfall.harm, &pitfall.pitfall.advice, &pitfall.pitfall.source}) {
        *place = text;
    }
    pitfall.pitfall.harms = {text};
    for (PitfallWay& way : pitfall.pitfall.ways) way.summary = way.code = text;
    for (Trial& trial : pitfall.run.trials) {
        for (Outcome& outcome : trial.outcomes) outcome.message = text;
        trial.warnings.push_back({"hostile", text, WarningKind::wrong});
    }
    summarize_run(pitfall.run);
    for (Trial& trial : pitfall.diagnosed->trials) {
        for (CountedFinding& counted : trial.diagnosis->findings) counted.first.message = text;
    }
    PitfallsResult result = result_of({std::move(pitfall)});
    result.command = result.tool_version = result.started_utc = text;
    result.environment.facts.push_back({.name = text, .value = text, .reason = {}});
    return result;
}

}  // namespace asyncbench::sample
