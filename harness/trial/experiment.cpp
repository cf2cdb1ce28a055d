#include "harness/trial/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "harness/work/random.hpp"

namespace asyncbench {
namespace {

/// Apart from the streams that replies and arrivals use.
constexpr std::uint64_t order_stream = 32;

/// Fisher and Yates; not std::shuffle, whose result the standard leaves to the library.
void shuffle(std::vector<PlannedTrial>& block, std::uint64_t seed, std::uint32_t repetition) {
    for (std::size_t i = block.size(); i > 1; --i) {
        const std::uint64_t bits = random_bits(seed, repetition, order_stream + i);
        std::swap(block[i - 1], block[bits % i]);
    }
}

/// Of the letters that stand in a path, and short enough for a target together with `-warmup`. What comes
/// before the strategy's name tells the trials apart already.
std::string trial_name(const StrategySpec& strategy, std::size_t index, std::uint32_t concurrency,
                       std::uint32_t repetition) {
    constexpr std::size_t most_of_name = 24;
    std::string name = strategy.name.substr(0, most_of_name);
    std::replace(name.begin(), name.end(), '_', '-');
    return fmt::format("r{}-c{}-s{}-{}", repetition, concurrency, index, name);
}

PlannedTrial plan_trial(const Scenario& scenario, std::size_t strategy, std::uint32_t concurrency,
                        std::uint32_t block) {
    PlannedTrial trial{.spec = TrialSpec(scenario), .repetition = block};
    trial.every_level = is_measured_once(scenario, scenario.strategies[strategy]);
    trial.spec.trial = trial_name(scenario.strategies[strategy], strategy, concurrency, block);
    trial.spec.strategy = scenario.strategies[strategy];
    trial.spec.plan.concurrency = concurrency;
    return trial;
}

}  // namespace

std::vector<PlannedTrial> plan_block(const Scenario& scenario, std::uint32_t block) {
    std::vector<PlannedTrial> trials;
    for (std::size_t strategy = 0; strategy < scenario.strategies.size(); ++strategy) {
        if (is_measured_once(scenario, scenario.strategies[strategy])) {
            trials.push_back(plan_trial(scenario, strategy, 1, block));
            continue;
        }
        for (const std::uint32_t concurrency : scenario.concurrency)
            trials.push_back(plan_trial(scenario, strategy, concurrency, block));
    }
    shuffle(trials, scenario.seed, block);
    return trials;
}

Nanoseconds expected_block_time(const Scenario& scenario) {
    constexpr double start_of_process_ns = 60e6;
    constexpr double most_ns = 1000 * 3600e9;
    const auto delay_ns = static_cast<double>(scenario.profile.delay.mean().count());
    double total_ns = 0;
    for (const PlannedTrial& trial : plan_block(scenario, 0)) {
        const PlanSpec& plan = trial.spec.plan;
        const std::uint64_t in_flight =
            has_one_in_flight(scenario, trial.spec.strategy) ? 1 : plan.concurrency;
        const auto duration_ns = static_cast<double>(plan.duration.count());
        const double requests = plan.kind == PlanKind::open ? plan.rate_rps * duration_ns / 1e9
                                                            : static_cast<double>(plan.requests);
        const double rounds_ns = std::ceil(requests / static_cast<double>(in_flight)) * delay_ns;
        const double work_ns = plan.kind == PlanKind::batch  ? rounds_ns
                               : plan.kind == PlanKind::open ? std::max(duration_ns, rounds_ns)
                                                             : duration_ns;
        total_ns +=
            start_of_process_ns + static_cast<double>(scenario.warmup.count()) + work_ns + 2 * delay_ns;
    }
    return Nanoseconds{static_cast<Nanoseconds::rep>(std::min(total_ns, most_ns))};
}

Nanoseconds longest_work(const TrialSpec& spec) {
    constexpr double most_ns = 24 * 3600e9;
    const auto ns = [](Nanoseconds time) { return static_cast<double>(time.count()); };
    // Twice: computing takes longer on a slow machine, and dribbled bytes come for the delay once more.
    const double compute_ns = 2 * ns(spec.profile.compute);
    const double stall_ns = spec.profile.faults.stall * ns(spec.timeout);
    // The profile says nothing of a foreign target.
    const double answer_ns =
        spec.verify ? 2 * ns(spec.profile.delay.mean()) + stall_ns + 1e6 : ns(spec.timeout);
    if (spec.load && spec.plan.kind != PlanKind::batch)
        return spec.warmup + spec.plan.duration + 2 * spec.timeout;
    double work_ns = 0;
    switch (spec.plan.kind) {
        case PlanKind::batch:
            work_ns = static_cast<double>(spec.plan.requests) * (answer_ns + compute_ns);
            break;
        case PlanKind::open:
            work_ns = std::max(ns(spec.plan.duration),
                               spec.plan.rate_rps * ns(spec.plan.duration) / 1e9 * (answer_ns + compute_ns));
            break;
        case PlanKind::closed:
            // The last answers may all be there at the end, each with its work.
            work_ns = ns(spec.plan.duration) + spec.plan.concurrency * compute_ns;
            break;
    }
    return Nanoseconds{static_cast<Nanoseconds::rep>(std::min(work_ns, most_ns))} + spec.timeout;
}

}  // namespace asyncbench
