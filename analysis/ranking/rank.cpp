#include "analysis/ranking/rank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/ranking/looks.hpp"
#include "analysis/stats/holm.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/sign_test.hpp"

namespace asyncbench {
namespace {

constexpr double confidence = 0.95;
constexpr double most_disturbed_of_quiet_machine = 0.25;  ///< so many blocks do an interval no harm
constexpr double most_alike = 0.10;  ///< strategies further apart than this are not called alike

struct Question {
    const StrategySpec* base;
    const StrategySpec* head;
    std::string_view metric;
    std::string_view punctual_metric;  ///< the same without the target's lateness; empty where it has no part
    bool lower_is_better = false;
    double least_difference = least_difference_on_quiet_machine;
    bool is_of_speed = false;
};

/// Head over base in one block, as a logarithm; above 0 where head is better.
struct BlockRatio {
    double log_better = 0;
    bool head_is_bound = false;
    bool base_is_bound = false;
};

/// The share of a disturbed trial's time that a user's turn may have lost to waits for a CPU.
double lost_to_waits(const Trial& trial) {
    constexpr double most = 0.99;
    if (!trial.disturbed()) return 0;
    return std::clamp(value_of(trial.metrics, "cpu_wait_share").value_or(0), 0.0, most);
}

using TrialsByBlock = std::map<std::uint32_t, const Trial*>;

TrialsByBlock trials_of(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency,
                        const std::vector<std::uint32_t>& blocks) {
    Cell cell;
    cell.strategy = strategy;
    cell.concurrency = concurrency;
    TrialsByBlock trials;
    for (const Trial& trial : run.trials) {
        if (is_of(trial, cell) && trial.usable() &&
            std::binary_search(blocks.begin(), blocks.end(), trial.repetition))
            trials.emplace(trial.repetition, &trial);
    }
    return trials;
}

enum class Waits { as_they_were, given_back };

std::vector<BlockRatio> ratios_of(const Question& question, std::string_view metric, Waits waits,
                                  const TrialsByBlock& base, const TrialsByBlock& head) {
    std::vector<BlockRatio> ratios;
    for (const auto& [block, head_trial] : head) {
        const auto base_trial = base.find(block);
        if (base_trial == base.end()) continue;
        const auto over = value_of(head_trial->metrics, metric);
        const auto under = value_of(base_trial->second->metrics, metric);
        if (!over || !under || !(*over > 0) || !(*under > 0)) continue;
        const double log_ratio = std::log(*over / *under);
        double log_better = question.lower_is_better ? -log_ratio : log_ratio;
        if (waits == Waits::given_back)
            log_better +=
                std::log1p(-lost_to_waits(*base_trial->second)) - std::log1p(-lost_to_waits(*head_trial));
        ratios.push_back({log_better, head_trial->limited(), base_trial->second->limited()});
    }
    return ratios;
}

/// The two-sided sign test of an order with `head_better`. A tie, and a block whose loser is a bound, counts
/// against it.
double p_value_of(const std::vector<BlockRatio>& ratios, bool head_better) {
    std::vector<double> signs;
    signs.reserve(ratios.size());
    for (const BlockRatio& ratio : ratios) {
        const bool agrees = head_better ? ratio.log_better > 0 && !ratio.base_is_bound
                                        : ratio.log_better < 0 && !ratio.head_is_bound;
        signs.push_back(agrees ? 1 : -1);
    }
    return signs.empty() ? 1 : std::min(1.0, 2 * sign_test_above(signs));
}

/// head / base with its interval.
Estimate estimate_of(const Question& question, const std::vector<BlockRatio>& ratios) {
    std::vector<double> values;
    values.reserve(ratios.size());
    for (const BlockRatio& ratio : ratios)
        values.push_back(std::exp(question.lower_is_better ? -ratio.log_better : ratio.log_better));
    return median_interval(values, confidence);
}

double distance(double ratio) {
    return std::max(ratio, 1 / ratio) - 1;
}

/// How far from 1 the interval of head / base reaches, where likeness may rest on it. The true value of a
/// bound may lie anywhere beyond it, so that each counts as the most extreme.
std::optional<double> likeness_of(const std::vector<BlockRatio>& ratios) {
    constexpr double least_confidence = 0.9;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> lowest;
    std::vector<double> highest;
    for (const BlockRatio& ratio : ratios) {
        lowest.push_back(ratio.base_is_bound ? -infinity : ratio.log_better);
        highest.push_back(ratio.head_is_bound ? infinity : ratio.log_better);
    }
    const Estimate low = median_interval(lowest, confidence);
    if (low.confidence < least_confidence) return std::nullopt;
    const double high = median_interval(highest, confidence).high;
    return std::max(distance(std::exp(low.low)), distance(std::exp(high)));
}

/// A question with its ratios, before Holm.
struct Asked {
    Order order;
    bool head_better = false;
    bool apart = false;  ///< its median is far enough from 1
    bool agrees = true;  ///< the other medians lie on the same side, far enough from 1
    double raw_p_value = 1;
    /// The share by which the two may differ; none where too few blocks say so.
    std::optional<double> alike_within;
    std::optional<double> punctually_alike_within;

    /// As measured, and with the target's lateness taken out where that is known.
    std::optional<double> alike_in_all() const {
        if (!order.punctual_ratio || !alike_within) return alike_within;
        if (!punctually_alike_within) return std::nullopt;
        return std::max(*alike_within, *punctually_alike_within);
    }
};

bool some_wait_is_known(const TrialsByBlock& trials) {
    return std::any_of(trials.begin(), trials.end(),
                       [](const auto& each) { return lost_to_waits(*each.second) > 0; });
}

/// A question is asked of the values as measured. An order of them holds only if the corrected values agree
/// with it.
class Asking {
  public:
    Asking(const Question& question, const TrialsByBlock& base, const TrialsByBlock& head)
        : question_(question), base_(base), head_(head) {}

    Asked ask() {
        asked_.order.base = *question_.base;
        asked_.order.head = *question_.head;
        asked_.order.metric = question_.metric;
        const auto raw = ratios_of(question_, question_.metric, Waits::as_they_were, base_, head_);
        if (raw.empty()) return asked_;
        asked_.order.ratio = estimate_of(question_, raw);
        asked_.head_better = is_better(asked_.order.ratio);
        asked_.apart = is_apart(asked_.order.ratio);
        asked_.raw_p_value = asked_.order.p_value = p_value_of(raw, asked_.head_better);
        asked_.alike_within = likeness_of(raw);

        std::string_view corrected = question_.metric;
        if (!question_.punctual_metric.empty()) {
            const auto punctual =
                ratios_of(question_, question_.punctual_metric, Waits::as_they_were, base_, head_);
            if (!punctual.empty()) {
                corrected = question_.punctual_metric;
                asked_.order.punctual_ratio = demand_of(punctual);
                asked_.punctually_alike_within = likeness_of(punctual);
            }
        }
        if (question_.is_of_speed && (some_wait_is_known(base_) || some_wait_is_known(head_)))
            asked_.order.unwaiting_ratio =
                demand_of(ratios_of(question_, corrected, Waits::given_back, base_, head_));
        return asked_;
    }

  private:
    bool is_better(const Estimate& ratio) const { return (ratio.value > 1) != question_.lower_is_better; }
    bool is_apart(const Estimate& ratio) const { return distance(ratio.value) >= question_.least_difference; }

    Estimate demand_of(const std::vector<BlockRatio>& ratios) {
        const Estimate ratio = estimate_of(question_, ratios);
        asked_.order.p_value = std::max(asked_.order.p_value, p_value_of(ratios, asked_.head_better));
        asked_.agrees = asked_.agrees && is_better(ratio) == asked_.head_better && is_apart(ratio);
        return ratio;
    }

    const Question& question_;
    const TrialsByBlock& base_;
    const TrialsByBlock& head_;
    Asked asked_;
};

OrderVerdict verdict_of(const Asked& asked, double p_value, double raw_p_value, double alpha) {
    const Order& order = asked.order;
    if (order.ratio.confidence == 0) return OrderVerdict::open;
    if (p_value <= alpha && asked.apart && asked.agrees)
        return asked.head_better ? OrderVerdict::head_better : OrderVerdict::base_better;
    const auto is_alike = [](std::optional<double> within) { return within && *within <= most_alike; };
    if (is_alike(asked.alike_in_all())) return OrderVerdict::alike;
    if (raw_p_value <= alpha && asked.apart && order.punctual_ratio) {
        const bool opposite = (order.punctual_ratio->value > 1) != (order.ratio.value > 1);
        if (opposite || is_alike(asked.punctually_alike_within)) return OrderVerdict::through_target;
    }
    return OrderVerdict::open;
}

std::vector<Question> questions(const Scenario& scenario, double least_difference_of_speed) {
    const std::string_view metric = ranking_metric(scenario);
    const bool by_time = metric != "throughput_rps";
    std::vector<Question> asked;
    const auto ask_pairs = [&](Question form, bool with_one_in_flight) {
        const auto& strategies = scenario.strategies;
        for (std::size_t base = 0; base < strategies.size(); ++base) {
            for (std::size_t head = base + 1; head < strategies.size(); ++head) {
                if (!with_one_in_flight && (has_one_in_flight(scenario, strategies[base]) ||
                                            has_one_in_flight(scenario, strategies[head])))
                    continue;
                form.base = &strategies[base];
                form.head = &strategies[head];
                asked.push_back(form);
            }
        }
    };
    ask_pairs({nullptr, nullptr, metric, by_time ? "punctual_response_p99_ns" : "punctual_rps", by_time,
               least_difference_of_speed, true},
              true);
    for (const std::string_view side : {"cpu_us_per_request", "peak_rss_bytes"})
        ask_pairs({nullptr, nullptr, side, "", true}, false);
    return asked;
}

}  // namespace

std::string_view ranking_metric(const Scenario& scenario) {
    return scenario.plan.kind == PlanKind::open ? "response_p99_ns" : "throughput_rps";
}

double least_difference_of_speed(const std::vector<Trial>& trials,
                                 const std::vector<std::uint32_t>& judged_blocks) {
    std::size_t judged = 0;
    std::size_t disturbed = 0;
    bool all_waits_are_known = true;
    for (const Trial& trial : trials) {
        if (!std::binary_search(judged_blocks.begin(), judged_blocks.end(), trial.repetition)) continue;
        ++judged;
        if (!trial.disturbed()) continue;
        ++disturbed;
        if (!value_of(trial.metrics, "cpu_wait_share")) all_waits_are_known = false;
    }
    const double most = most_disturbed_of_quiet_machine * static_cast<double>(judged);
    return static_cast<double>(disturbed) > most && !all_waits_are_known ? least_difference_on_busy_machine
                                                                         : least_difference_on_quiet_machine;
}

Ranking rank(const RunResult& run, const JudgedBlocks& judgement) {
    const Scenario& scenario = run.scenario;
    Ranking ranking;
    ranking.concurrency = *std::max_element(scenario.concurrency.begin(), scenario.concurrency.end());
    ranking.metric = ranking_metric(scenario);
    ranking.look = judgement.look;
    ranking.alpha = judgement.alpha;
    ranking.blocks = judgement.blocks;

    std::map<std::string, TrialsByBlock> trials;
    for (const StrategySpec& strategy : scenario.strategies) {
        const auto cell = std::find_if(run.summary.begin(), run.summary.end(), [&](const Cell& each) {
            return each.strategy == strategy && each.concurrency == ranking.concurrency;
        });
        TrialsByBlock& of_strategy = trials[strategy.text()];
        if (cell != run.summary.end() && cell->usable())
            of_strategy = trials_of(run, strategy, ranking.concurrency, judgement.blocks);
    }
    std::vector<Asked> asked;
    const double least = least_difference_of_speed(run.trials, judgement.blocks);
    for (const Question& question : questions(scenario, least))
        asked.push_back(Asking(question, trials[question.base->text()], trials[question.head->text()]).ask());

    std::vector<double> p_values;
    std::vector<double> raw_p_values;
    for (const Asked& each : asked) {
        p_values.push_back(each.order.p_value);
        raw_p_values.push_back(each.raw_p_value);
    }
    p_values = holm_adjusted(p_values);
    raw_p_values = holm_adjusted(raw_p_values);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        Order& order = asked[i].order;
        order.verdict = verdict_of(asked[i], p_values[i], raw_p_values[i], judgement.alpha);
        order.p_value = p_values[i];
        if (order.verdict == OrderVerdict::alike) order.alike_within = *asked[i].alike_in_all();
        ranking.orders.push_back(std::move(order));
    }
    return ranking;
}

Ranking judged_again(const RunResult& run) {
    return rank(run, {run.ranking->blocks, run.ranking->alpha, run.ranking->look});
}

bool turns_with_waits_given_back(const Order& order) {
    return order.unwaiting_ratio && (order.unwaiting_ratio->value > 1) != (order.ratio.value > 1);
}

}  // namespace asyncbench
