#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// A way to do the work of a pitfall: `wrong`, `right`, or `bridged`, which keeps the synchronous code and
/// calls it rightly.
struct PitfallWay {
    std::string name;
    std::string summary;  ///< one sentence: what it does
    std::string code;     ///< as it stands in the source file
};

/// A mistake in asynchronous code, the ways to do the same work with and without it, and how to measure them.
struct Pitfall {
    std::string name;                ///< `blocking-http`; the strategy's name, too
    std::string title;               ///< a few words
    std::string source;              ///< its source file, as shown in reports
    std::vector<std::string> harms;  ///< `speed`, `neighbours`, `lost work`, `deadlock`, ...
    std::string harm;                ///< what goes wrong, in a sentence or two
    std::string advice;              ///< what to do, in one sentence
    /// The metric that shows the harm, of wrong against right; empty where its outcomes show it.
    std::string metric;
    std::vector<PitfallWay> ways;  ///< the wrong one first, then the right one
    /// How they are measured. Its strategies are the ways, in their order.
    Scenario scenario;
};

/// The strategy that stands for a way of a pitfall.
inline StrategySpec strategy_of(std::string_view pitfall, std::string_view way) {
    StrategySpec spec;
    spec.name = pitfall;
    spec.options.emplace("way", way);
    return spec;
}

}  // namespace asyncbench
