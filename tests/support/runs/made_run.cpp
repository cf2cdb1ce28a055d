#include "tests/support/runs/made_run.hpp"

#include <numeric>
#include <stdexcept>

#include "analysis/summary.hpp"

namespace asyncbench::test {
namespace {

constexpr std::uint32_t users = 100;

Trial trial_of(const StrategySpec& strategy, std::uint32_t block, const Measured& measured) {
    Trial trial;
    trial.spec.strategy = strategy;
    trial.spec.plan.concurrency = users;
    trial.repetition = block;
    trial.failure = measured.failure;
    if (!measured.failure.empty()) return trial;
    for (std::uint64_t id = 0; id < least_answers_in_cell; ++id) trial.client.add(id);
    trial.metrics["throughput_rps"] = {measured.speed, {}};
    trial.metrics["punctual_rps"] = {measured.punctual.value_or(measured.speed), {}};
    trial.metrics["cpu_us_per_request"] = {measured.cpu_us, {}};
    trial.metrics["peak_rss_bytes"] = {measured.rss_bytes, {}};
    trial.metrics["other_load_cores"] = {0.0, {}};
    trial.metrics["steal_share"] = {0.0, {}};
    if (measured.cpu_wait_share) trial.metrics["cpu_wait_share"] = {measured.cpu_wait_share, {}};
    if (measured.limited)
        trial.warnings.push_back({"target-saturated", "The target was full.", WarningKind::limited});
    if (measured.disturbed)
        trial.warnings.push_back({"machine-busy", "The machine was busy.", WarningKind::disturbed});
    if (!measured.wrong.empty())
        trial.warnings.push_back({measured.wrong, "It is wrong.", WarningKind::wrong});
    return trial;
}

}  // namespace

Scenario scenario_of(const std::vector<std::string>& strategies) {
    Scenario scenario;
    for (const std::string& strategy : strategies)
        scenario.strategies.push_back(StrategySpec::parse(strategy));
    scenario.concurrency = {users};
    scenario.plan.kind = PlanKind::closed;
    scenario.one_in_flight = {"sequential"};
    return scenario;
}

RunResult run_in(const Scenario& scenario, std::uint32_t blocks, const Measure& measure) {
    RunResult run;
    run.scenario = scenario;
    for (std::uint32_t block = 0; block < blocks; ++block) {
        for (std::size_t i = 0; i < scenario.strategies.size(); ++i)
            run.trials.push_back(trial_of(scenario.strategies[i], block, measure(i, block)));
    }
    sum_up(run);
    return run;
}

RunResult run_of(const std::vector<std::string>& strategies, std::uint32_t blocks, const Measure& measure) {
    return run_in(scenario_of(strategies), blocks, measure);
}

void sum_up(RunResult& run) {
    run.summary = summarize(run.scenario, run.trials);
}

Ranking judged(const RunResult& run, double alpha) {
    std::vector<std::uint32_t> blocks(run.trials.empty() ? 0 : run.trials.back().repetition + 1);
    std::iota(blocks.begin(), blocks.end(), 0U);
    return rank(run, {std::move(blocks), alpha, 0});
}

Order order_of(const Ranking& ranking, const std::string& base, const std::string& head,
               const std::string& metric) {
    const Order* order = ranking.find(StrategySpec::parse(base), StrategySpec::parse(head),
                                      metric.empty() ? ranking.metric : metric);
    if (order == nullptr) throw std::logic_error("the question was not asked: " + base + " or " + head);
    return *order;
}

}  // namespace asyncbench::test
