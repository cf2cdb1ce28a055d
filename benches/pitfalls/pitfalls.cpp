#include "benches/pitfalls/pitfalls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "async/errors.hpp"
#include "benches/pitfalls/pitfall_sources.hpp"

namespace asyncbench {
namespace {

std::vector<PitfallBench> all_benches() {
    return {blocking_http(),       blocking_sleep(),
            forgotten_await(),     sequential_await(),
            session_per_request(), unbounded_gather(),
            cpu_on_loop(),         async_to_sync_on_loop(),
            nested_pool_waits(),   thread_sensitive_everything(),
            lock_across_await(),   no_timeout(),
            lost_exception()};
}

const PitfallBench::Way& way_of(const PitfallBench& bench,
                                const StrategyOptions& options) {
    const auto given = options.parameters.find("way");
    const std::string name =
        given == options.parameters.end() ? "wrong" : given->second;
    const auto found = std::find_if(
        bench.ways.begin(), bench.ways.end(),
        [&](const PitfallBench::Way& each) { return each.way.name == name; });
    if (found != bench.ways.end()) return *found;
    std::string known;
    for (const PitfallBench::Way& each : bench.ways) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", each.way.name);
    }
    throw UsageError(fmt::format("The pitfall {} has no way '{}'; it has {}.",
                                 bench.pitfall.name, name, known));
}

}  // namespace

std::vector<Pitfall> builtin_pitfalls() {
    std::vector<Pitfall> pitfalls;
    for (PitfallBench& bench : all_benches()) {
        Pitfall pitfall = std::move(bench.pitfall);
        for (PitfallBench::Way& each : bench.ways) {
            PitfallWay way = std::move(each.way);
            way.code = code_of_way(pitfall.source, way.name);
            pitfall.scenario.strategies.push_back(
                strategy_of(pitfall.name, way.name));
            pitfall.ways.push_back(std::move(way));
        }
        pitfall.scenario.name = pitfall.name;
        pitfall.scenario.question = pitfall.title;
        pitfalls.push_back(std::move(pitfall));
    }
    return pitfalls;
}

StrategyRegistry pitfall_strategies() {
    StrategyRegistry registry;
    for (const PitfallBench& bench : all_benches()) {
        registry.add({bench.pitfall.name,
                      bench.pitfall.title + ".",
                      bench.pitfall.source,
                      {{"way", "wrong",
                        "how the work is done: wrong, right or bridged"}}},
                     [bench](const StrategyOptions& options) {
                         return make_pitfall_strategy(way_of(bench, options),
                                                      options);
                     });
    }
    return registry;
}

}  // namespace asyncbench
