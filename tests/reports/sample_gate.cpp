#include "tests/reports/sample_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "harness/work/random.hpp"
#include "tests/reports/sample_run.hpp"

namespace asyncbench::sample {
namespace {

constexpr std::size_t pairs = 20;

/// How a made-up metric behaves: its value in base, and what it is multiplied by in head.
struct Model {
    const char* metric;
    Lane lane;
    double base;
    double ratio;
    double noise;  ///< as a share
};

constexpr Model models[] = {{"service_p50_ns", Lane::paired, 20.1e6, 1.004, 0.02},
                            {"throughput_rps", Lane::paired, 3100, 0.998, 0.02},
                            {"service_p99_ns", Lane::information, 81e6, 1.02, 0.1},
                            {"instructions_per_request", Lane::deterministic, 41'250, 0.91, 0.0002}};

double noise(std::uint64_t seed, std::uint64_t id, double share) {
    return 1 + share * (2 * to_unit(random_bits(seed, id, 99)) - 1);
}

/// The trial of this place, which is made where there is none yet.
GateTrial& sample_at(GateResult& result, std::size_t subject, Arm arm, std::size_t pair, bool deterministic) {
    const auto found =
        std::find_if(result.samples.begin(), result.samples.end(), [&](const GateTrial& sample) {
            return sample.subject == subject && sample.arm == arm && sample.repetition == pair &&
                   sample.deterministic == deterministic;
        });
    if (found != result.samples.end()) return *found;
    GateTrial& sample = result.samples.emplace_back();
    sample.subject = subject;
    sample.arm = arm;
    sample.repetition = static_cast<std::uint32_t>(pair);
    sample.order = static_cast<std::uint32_t>(result.samples.size() - 1);
    sample.deterministic = deterministic;
    sample.started_utc = "2000-01-01T00:00:00Z";
    sample.metrics["requests"] = {static_cast<double>(result.subjects.at(subject).requests), {}};
    return sample;
}

/// A line made of trials, which get the metric.
GateLine line_of(GateResult& result, std::size_t subject, const Model& model) {
    const bool deterministic = model.lane == Lane::deterministic;
    const std::size_t runs = deterministic ? 3 : pairs;
    std::vector<double> base;
    std::vector<double> head;
    GateLine line;
    for (std::size_t i = 0; i < runs; ++i) {
        base.push_back(std::round(model.base * noise(subject + 1, 2 * i, model.noise)));
        head.push_back(std::round(model.base * model.ratio * noise(subject + 1, 2 * i + 1, model.noise)));
        line.ratios.push_back(head.back() / base.back());
        sample_at(result, subject, Arm::base, i, deterministic).metrics[model.metric] = {base.back(), {}};
        sample_at(result, subject, Arm::head, i, deterministic).metrics[model.metric] = {head.back(), {}};
    }
    line.subject = subject;
    line.rule = {model.metric, model.lane, {}};
    line.base = median_interval(base, 0.95);
    line.head = median_interval(head, 0.95);
    line.ratio = median_interval(line.ratios, 0.95);
    line.pairs = runs;
    line.verdict = Verdict::pass;
    line.reason = "It is shown to be less than 10 % worse.";
    if (model.lane == Lane::paired) line.p_worse = 0.5;
    line.improved = deterministic;
    return line;
}

GateControl control_of(std::size_t subject, double ratio) {
    GateControl control;
    control.subject = subject;
    control.metric = "service_p50_ns";
    for (std::size_t i = 0; i < pairs; ++i) {
        control.ratios.push_back(ratio * noise(77, i, 0.01));
        control.drift.push_back(noise(78, 2 * i, 0.02));
        control.drift.push_back(noise(78, 2 * i + 1, 0.02));
    }
    control.ratio = median_interval(control.ratios, 0.95);
    return control;
}

Scenario scenario() {
    Scenario scenario;
    scenario.name = "gate";
    scenario.strategies = {StrategySpec::parse("coroutine"), StrategySpec::parse("thread-pool:threads=16")};
    scenario.concurrency = {64};
    scenario.plan.kind = PlanKind::batch;
    scenario.plan.requests = 2000;
    return scenario;
}

GateResult bare_gate(GateShape shape) {
    GateResult result;
    result.tool_version = "0.0.0";
    result.command = "asyncbench gate --base old/asyncbench --head new/asyncbench";
    result.started_utc = "2000-01-01T00:00:00Z";
    result.elapsed = std::chrono::seconds{131};
    result.shape = shape;
    result.base.program = "old/asyncbench";
    result.head.program = "new/asyncbench";
    result.environment.facts.push_back({.name = "kernel", .value = "made up", .reason = {}});
    result.environment.facts.push_back({.name = "cpu_model", .value = std::nullopt, .reason = "made up"});
    result.scenario = scenario();
    return result;
}

}  // namespace

GateResult passing_gate() {
    GateResult result = bare_gate(GateShape::paired);
    result.subjects = {{"coroutine at 64", "coroutine", 64, false, 2000},
                       {"thread-pool:threads=16 at 64", "thread-pool:threads=16", 64, false, 2000},
                       {"coroutine at 16", "coroutine", 16, true, 300}};
    for (const std::size_t subject : {0, 1}) {
        for (const Model& model : models) result.lines.push_back(line_of(result, subject, model));
    }
    for (const Model& model : models) result.rules.metrics.push_back({model.metric, model.lane, {}});
    result.control = control_of(2, 1.001);
    return result;
}

GateResult failing_gate() {
    GateResult result = passing_gate();
    result.lines[0] = line_of(result, 0, {"service_p50_ns", Lane::paired, 20.1e6, 1.21, 0.02});
    result.lines[0].verdict = Verdict::fail;
    result.lines[0].p_worse = 1e-6;
    result.lines[0].confirmation = Estimate{1.2, 1.17, 1.23, 0.96};
    result.lines[0].reason = "It is 21 % worse, at least 19 %, and a fresh batch confirms it: 20 %.";
    result.lines[1].verdict = Verdict::inconclusive;
    result.lines[1].reason = "After 80 pairs the interval still reaches from -2 % to +11 %.";
    const Budget budget{"service_p99_ns", true, 50e6, "p99<50ms"};
    result.rules.budgets = {budget};
    result.budgets = {{0, budget, {81e6, 79e6, 84e6, 0.95}, Verdict::fail, "81 ms is above 50 ms."},
                      {1, budget, {44e6, 41e6, 47e6, 0.95}, Verdict::pass, "47 ms is below 50 ms."}};
    result.samples[3].metrics.clear();
    result.samples[3].failure = "the trial ended with status 134";
    result.environment_differences = {{"compiler_flags", "-O2", "-O3"}};
    result.warnings = {{"steal-time", "The hypervisor took 1.2 % of the CPU time.", WarningKind::note}};
    return result;
}

GateResult disturbed_gate() {
    GateResult result = passing_gate();
    result.control = control_of(2, 1.08);
    result.control->moved = true;
    for (GateLine& line : result.lines) {
        line.verdict = Verdict::inconclusive;
        line.improved = false;
        line.reason = "The control moved.";
    }
    return result;
}

GateResult files_gate() {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    GateResult result = bare_gate(GateShape::files);
    result.base.program = "base.json";
    result.head.program = "head.json";
    result.subjects = {{"BM_Gather/64", "", 0, false, 0}};
    GateLine line;
    line.rule = {"real_time_ns", Lane::paired, {}};
    line.base = {1520, 1490, 1590, 0.95};
    line.head = {1610, 1500, 1700, 0.95};
    line.ratio = {1.06, 0.98, 1.12, 0.95};
    line.pairs = 8;
    line.reason = "The interval reaches from -2 % to +12 %.";
    result.lines = {line};
    line.rule.metric = "cpu_time_ns";
    line.head = line.ratio = {unknown, unknown, unknown, 0};
    line.pairs = 0;
    line.reason = "Head has no value of it.";
    result.lines.push_back(line);
    result.rules.metrics = {{"real_time_ns", Lane::paired, {}}, {"cpu_time_ns", Lane::paired, {}}};
    return result;
}

GateResult failed_gate() {
    GateResult result = bare_gate(GateShape::paired);
    result.failure = "The head program ended with status 127 before its first trial; check its command.";
    return result;
}

GateResult hostile_gate() {
    GateResult result = failing_gate();
    const std::string text = hostile_text;
    for (GateCell& subject : result.subjects) subject.name = text;
    for (GateLine& line : result.lines) line.reason = text;
    for (BudgetLine& line : result.budgets) line.reason = line.budget.text = text;
    for (GateTrial& sample : result.samples) sample.warnings = {{"hostile", text, WarningKind::note}};
    result.samples[3].failure = text;
    result.base = {text, text};
    result.head = {text, text};
    result.command = result.tool_version = result.started_utc = text;
    result.environment_differences = {{text, text, text}};
    result.warnings = {{"hostile", text, WarningKind::note}};
    return result;
}

}  // namespace asyncbench::sample
