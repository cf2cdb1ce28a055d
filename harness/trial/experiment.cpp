#include "harness/trial/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/workload/random.hpp"

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

std::string trial_name(const StrategySpec& strategy, std::size_t index, std::uint32_t concurrency,
                       std::uint32_t repetition) {
    return fmt::format("r{}-c{}-s{}-{}", repetition, concurrency, index, strategy.name);
}

}  // namespace

std::vector<PlannedTrial> plan_trials(const Scenario& scenario) {
    std::vector<PlannedTrial> trials;
    for (std::uint32_t repetition = 0; repetition < scenario.repetitions; ++repetition) {
        std::vector<PlannedTrial> block;
        for (std::size_t index = 0; index < scenario.strategies.size(); ++index) {
            for (const std::uint32_t concurrency : scenario.concurrency) {
                PlannedTrial trial;
                trial.repetition = repetition;
                trial.spec.trial = trial_name(scenario.strategies[index], index, concurrency, repetition);
                trial.spec.strategy = scenario.strategies[index];
                trial.spec.plan = scenario.plan;
                trial.spec.plan.concurrency = concurrency;
                trial.spec.profile = scenario.profile;
                trial.spec.seed = scenario.seed;
                trial.spec.warmup = scenario.warmup;
                trial.spec.timeout = scenario.timeout;
                block.push_back(std::move(trial));
            }
        }
        shuffle(block, scenario.seed, repetition);
        std::move(block.begin(), block.end(), std::back_inserter(trials));
    }
    return trials;
}

Nanoseconds longest_work(const TrialSpec& spec) {
    constexpr Nanoseconds grace = std::chrono::seconds{30};
    constexpr Nanoseconds most = std::chrono::hours{24};
    const double each_ns =
        static_cast<double>((2 * spec.profile.delay.mean() + 2 * spec.profile.compute).count()) + 1e6 +
        spec.profile.faults.stall * static_cast<double>(spec.timeout.count());
    double requests = 0;
    if (spec.plan.kind == PlanKind::batch) requests = static_cast<double>(spec.plan.requests);
    if (spec.plan.kind == PlanKind::open) {
        requests = spec.plan.rate_rps * static_cast<double>(spec.plan.duration.count()) / 1e9;
    }
    const double work_ns = std::min(requests * each_ns, static_cast<double>(most.count()));
    return std::max(spec.plan.duration, Nanoseconds{static_cast<Nanoseconds::rep>(work_ns)}) + spec.timeout +
           grace;
}

}  // namespace asyncbench
