// How often a run shows an order of strategies that are the same, and how often it shows one that is there.
//
// Trials are drawn, not measured. What judges them is what judges a run: plan_block() draws the order within
// a block, and mark_disturbed(), BlockSchedule and rank() do the rest. Noise belongs to the place in which a
// trial is run and not to its strategy; that alone makes identical strategies identical.
//
//     asyncbench_order_errors [families] [seed]

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ranking/block_schedule.hpp"
#include "analysis/ranking/looks.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/stats/proportion.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/blocks.hpp"
#include "harness/trial/experiment.hpp"

namespace asyncbench {
namespace {

using Random = std::mt19937_64;

constexpr std::uint32_t users = 64;
constexpr Nanoseconds block_time = std::chrono::seconds{1};

double uniform(Random& random) {
    return static_cast<double>(random() >> 11U) * 0x1.0p-53;
}

bool happens(Random& random, double chance) {
    return uniform(random) < chance;
}

/// Values of which each has a part of the one before, with standard deviation 1.
class Drift {
  public:
    double next(Random& random) {
        constexpr double correlation = 0.3;
        const double fresh = normal_(random);
        value_ = begun_ ? correlation * value_ + std::sqrt(1 - correlation * correlation) * fresh : fresh;
        begun_ = true;
        return value_;
    }

  private:
    std::normal_distribution<double> normal_;
    double value_ = 0;
    bool begun_ = false;
};

/// What a machine does to the times of trials.
struct Machine {
    double noise = 0.01;           ///< standard deviation of log times, of a trial and of a block alike
    bool has_heavy_tails = false;  ///< skewed times, and one trial in a hundred takes ten times as long
    double disturbed_blocks = 0;   ///< share of them; their noise is five times as large
    double lost_trials = 0;
    double limited_trials = 0;   ///< of the slow half
    double late_start = 0;       ///< by which the first trial of a block is slower
    bool tells_lateness = true;  ///< the target is ours
};

/// Makes up trials in the places where they are run.
class Places {
  public:
    Places(const Machine& machine, Random& random) : machine_(machine), random_(random) {}

    void begin_block() {
        is_disturbed_ = happens(random_, machine_.disturbed_blocks);
        is_first_ = true;
        block_noise_ = block_drift_.next(random_);
    }

    /// A trial whose strategy does `speed` where nothing disturbs.
    Trial run(const PlannedTrial& planned, double speed) {
        Trial trial;
        trial.spec = planned.spec;
        trial.repetition = planned.repetition;
        if (happens(random_, machine_.lost_trials)) {
            trial.failure = "It was lost.";
            return trial;
        }
        trial.client.count = 1000;
        const double slowness = log_time();
        const double throughput = speed * std::exp(-slowness);
        put(trial, "throughput_rps", throughput);
        // The target is late by a part of the same noise, and has some of its own.
        if (machine_.tells_lateness)
            put(trial, "punctual_rps", speed * std::exp(-0.5 * slowness - 0.5 * scale() * normal_(random_)));
        put(trial, "cpu_us_per_request", 10 * std::exp(log_time()));
        put(trial, "peak_rss_bytes", 1e7 * std::exp(0.1 * scale() * normal_(random_)));
        put(trial, "other_load_cores", is_disturbed_ ? 1 + 0.2 * normal_(random_) : 0.1 * uniform(random_));
        put(trial, "steal_share", 0);
        if (slowness > 0 && happens(random_, machine_.limited_trials))
            trial.warnings.push_back({"target-saturated", "It was full.", WarningKind::limited});
        is_first_ = false;
        return trial;
    }

  private:
    static void put(Trial& trial, const char* name, double value) { trial.metrics[name] = {value, {}}; }
    double scale() const { return machine_.noise * (is_disturbed_ ? 5 : 1); }

    double log_time() {
        double noise = place_drift_.next(random_);
        // A lognormal of standard deviation 1 around its median.
        if (machine_.has_heavy_tails) noise = (std::exp(noise) - 1) / 2.16;
        double time = scale() * (block_noise_ + noise) + (is_first_ ? machine_.late_start : 0);
        if (machine_.has_heavy_tails && happens(random_, 0.01)) time += std::log(10.0);
        return time;
    }

    const Machine& machine_;
    Random& random_;
    std::normal_distribution<double> normal_;
    Drift block_drift_;
    Drift place_drift_;
    double block_noise_ = 0;
    bool is_disturbed_ = false;
    bool is_first_ = true;
};

Scenario scenario_of(std::size_t strategies, Random& random, Nanoseconds budget) {
    Scenario scenario;
    for (std::size_t i = 0; i < strategies; ++i)
        scenario.strategies.push_back(StrategySpec::parse(fmt::format("s{}", i)));
    scenario.concurrency = {users};
    scenario.plan.kind = PlanKind::closed;
    scenario.seed = random();
    scenario.budget = budget;
    return scenario;
}

struct Judged {
    std::vector<Ranking> looks;  ///< the last one is the run's answer
    std::uint32_t blocks = 0;
};

/// A run as run_scenario() does it; `speeds` are those of the strategies.
Judged judge(const Scenario& scenario, const std::vector<double>& speeds, const Machine& machine,
             Random& random) {
    RunResult run;
    run.scenario = scenario;
    Places places(machine, random);
    BlockSchedule schedule(scenario);
    Judged judged;
    const auto take = [&](const JudgedBlocks& judgement) {
        run.summary = summarize(scenario, run.trials);
        judged.looks.push_back(rank(run, judgement));
    };
    while (schedule.wants_block()) {
        places.begin_block();
        for (const PlannedTrial& planned : plan_block(scenario, schedule.done())) {
            const auto strategy =
                std::find(scenario.strategies.begin(), scenario.strategies.end(), planned.spec.strategy);
            run.trials.push_back(places.run(
                planned, speeds[static_cast<std::size_t>(strategy - scenario.strategies.begin())]));
        }
        mark_disturbed(run.trials, schedule.done());
        if (const auto look = schedule.block_ended(clear_blocks(run.trials))) take(*look);
        schedule.plan_on(judged.looks.empty() ? 0 : judged.looks.back().open(), schedule.done() * block_time);
    }
    if (const auto all = schedule.judgement_at_end()) take(*all);
    judged.blocks = schedule.done();
    return judged;
}

bool shows_an_order(const Ranking& ranking) {
    return std::any_of(ranking.orders.begin(), ranking.orders.end(),
                       [](const Order& order) { return order.is_ordered(); });
}

std::string share_text(std::uint64_t hits, std::uint64_t tries) {
    const Estimate share = proportion_interval(hits, tries, 0.95);
    return fmt::format("{:.2f} % [{:.2f}-{:.2f}]", 100 * share.value, 100 * share.low, 100 * share.high);
}

/// Of families of identical strategies.
struct FalseOrders {
    std::uint64_t families = 0;
    std::uint64_t in_answer = 0;    ///< of which the answer shows any order
    std::uint64_t in_any_look = 0;  ///< of which any look did
    std::uint64_t judged_once = 0;  ///< whose blocks were judged once, as too few were clear
    std::uint64_t blocks = 0;

    FalseOrders& operator+=(const FalseOrders& other) {
        families += other.families;
        in_answer += other.in_answer;
        in_any_look += other.in_any_look;
        judged_once += other.judged_once;
        blocks += other.blocks;
        return *this;
    }
};

FalseOrders false_orders(std::size_t strategies, double noise, std::uint64_t families, Random& random) {
    FalseOrders found;
    for (std::uint64_t family = 0; family < families; ++family) {
        Machine machine;
        machine.noise = noise;
        machine.has_heavy_tails = true;
        machine.disturbed_blocks = std::array{0.0, 0.2, 0.5, 0.9}[random() % 4];
        machine.lost_trials = happens(random, 0.2) ? 0.02 : 0;
        machine.limited_trials = happens(random, 0.2) ? 0.2 : 0;
        machine.late_start = happens(random, 0.3) ? 0.05 : 0;
        machine.tells_lateness = happens(random, 0.5);
        // From one look to all three.
        const auto budget = block_time * (5 + random() % 60);
        const Judged judged = judge(scenario_of(strategies, random, budget),
                                    std::vector<double>(strategies, 1000), machine, random);
        ++found.families;
        found.blocks += judged.blocks;
        if (judged.looks.back().look == 0) ++found.judged_once;
        if (shows_an_order(judged.looks.back())) ++found.in_answer;
        if (std::any_of(judged.looks.begin(), judged.looks.end(), shows_an_order)) ++found.in_any_look;
    }
    return found;
}

void print_false_orders(const std::string& strategies, const std::string& noise, const FalseOrders& found) {
    fmt::print("| {} | {} | {} | {} | {} | {:.1f} | {:.0f} % |\n", strategies, noise, found.families,
               share_text(found.in_answer, found.families), share_text(found.in_any_look, found.families),
               static_cast<double>(found.blocks) / static_cast<double>(found.families),
               100.0 * static_cast<double>(found.judged_once) / static_cast<double>(found.families));
}

/// How often the first strategy, which is faster by `difference`, is shown to beat each of the others, where
/// the budget holds `looks` of them.
void print_power(std::size_t strategies, double noise, double difference, std::uint64_t families,
                 Random& random) {
    std::string row = fmt::format("| {} | {:g} % | {:g} % |", strategies, noise * 100, difference * 100);
    for (std::size_t looks = 1; looks <= alpha_of_look.size(); ++looks) {
        std::uint64_t shown = 0;
        std::uint64_t pairs = 0;
        for (std::uint64_t family = 0; family < families; ++family) {
            Machine machine;
            machine.noise = noise;
            Scenario scenario = scenario_of(strategies, random, {});
            scenario.budget = block_time * blocks_of_look(least_blocks(scenario), looks);
            std::vector<double> speeds(strategies, 1000);
            speeds.front() *= 1 + difference;
            const Judged judged = judge(scenario, speeds, machine, random);
            const Ranking& answer = judged.looks.back();
            for (std::size_t other = 1; other < strategies; ++other) {
                ++pairs;
                if (answer.shows(scenario.strategies.front(), scenario.strategies[other], answer.metric))
                    ++shown;
            }
        }
        row += fmt::format(" {:.1f} % |", 100.0 * static_cast<double>(shown) / static_cast<double>(pairs));
    }
    fmt::print("{}\n", row);
}

/// Whether the whole holds: at most 5 % of families, within the error of the count.
bool print_all(std::uint64_t families, std::uint64_t seed) {
    Random random(seed);
    fmt::print("Identical strategies, {} families a row, seed {}.\n\n", families, seed);
    fmt::print(
        "| strategies | noise | families | an order in the answer | in any look | blocks | judged once |\n"
        "|---|---|---|---|---|---|---|\n");
    FalseOrders all;
    bool holds = true;
    for (const std::size_t strategies : {2U, 4U, 7U}) {
        for (const double noise : {0.01, 0.05, 0.2}) {
            const FalseOrders found = false_orders(strategies, noise, families, random);
            print_false_orders(fmt::format("{}", strategies), fmt::format("{:g} %", noise * 100), found);
            holds = holds && proportion_interval(found.in_any_look, found.families, 0.95).low <= alpha_of_run;
            all += found;
        }
    }
    print_false_orders("all", "", all);
    fmt::print("\nThe claim is at most {:g} % of families, over all looks: {}.\n\n", alpha_of_run * 100,
               holds ? "it holds" : "IT DOES NOT HOLD");

    const std::uint64_t of_power = std::max<std::uint64_t>(families / 4, 1);
    fmt::print(
        "One strategy is faster by so much; the share of its pairs with others in which that is shown, {} "
        "runs a "
        "value.\n\n",
        of_power);
    fmt::print("| strategies | noise | faster by | one look | two | three |\n|---|---|---|---|---|---|\n");
    for (const std::size_t strategies : {2U, 4U}) {
        for (const double noise : {0.01, 0.05}) {
            for (const double difference : {0.02, 0.05, 0.10})
                print_power(strategies, noise, difference, of_power, random);
        }
    }
    return holds;
}

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number > 0 ? std::optional(number)
                                                                                  : std::nullopt;
}

}  // namespace
}  // namespace asyncbench

int main(int argc, char** argv) {
    const auto families = argc > 1 ? asyncbench::number_from(argv[1]) : 2000;
    const auto seed = argc > 2 ? asyncbench::number_from(argv[2]) : 1;
    if (!families || !seed || argc > 3) {
        std::fputs("usage: asyncbench_order_errors [families] [seed], both 1 or more\n", stderr);
        return 64;
    }
    return asyncbench::print_all(*families, *seed) ? 0 : 2;
}
