#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/estimate.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// What is shown of one metric of two strategies at one concurrency.
enum class OrderVerdict {
    head_better,     ///< an order is shown, within the run's error rate
    base_better,     ///< the same the other way round
    alike,           ///< no order, and both intervals lie within `alike_within` of 1
    through_target,  ///< apart as measured, and not once the target's own lateness is taken out
    open             ///< neither an order nor likeness is shown
};

/// One question that the answer asks: is head better than base, or base than head?
struct Order {
    StrategySpec base;
    StrategySpec head;
    std::string metric;
    Estimate ratio;  ///< head / base, paired within the judged blocks
    /// The same with the target's lateness taken out; none where that is not known or does not matter.
    std::optional<Estimate> punctual_ratio;
    /// That with the waits for a CPU given back in disturbed trials; none where no such wait is known.
    std::optional<Estimate> unwaiting_ratio;
    double p_value = 1;  ///< of the order that the medians have, adjusted by Holm over all questions
    OrderVerdict verdict = OrderVerdict::open;
    double alike_within = 0;  ///< of `alike`: the share by which the two may still differ

    bool is_ordered() const {
        return verdict == OrderVerdict::head_better || verdict == OrderVerdict::base_better;
    }
};

/// What a run answers at its highest concurrency, and from which blocks.
struct Ranking {
    std::uint32_t concurrency = 0;
    std::string metric;                 ///< throughput, or the response time of an open loop
    std::uint32_t look = 0;             ///< 1 to 3; 0 where all blocks were judged once
    double alpha = 0;                   ///< the chance of any false order in this judgement
    std::vector<std::uint32_t> blocks;  ///< that were judged, ascending
    std::vector<Order> orders;          ///< of `metric` first, then of CPU and memory

    /// The order of two strategies by `metric`; null where it was not asked for. Either may be the base.
    const Order* find(const StrategySpec& one, const StrategySpec& other, std::string_view metric) const;
    /// Whether `better` is shown to be better than `other`.
    bool shows(const StrategySpec& better, const StrategySpec& other, std::string_view metric) const;
    /// How many questions of `metric` have no answer yet, and may get one from more blocks: not those of a
    /// wrong cell, of which nothing was judged.
    std::size_t open() const;
};

}  // namespace asyncbench
