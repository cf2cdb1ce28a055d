#include "analysis/gate/self_test.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/stats/proportion.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

/// The most that head may still be worse, as a share, by the interval of the line.
double upper_end(const GateLine& line) {
    return metric_kind(line.rule.metric).better == Better::higher ? 1 / line.ratio.low - 1
                                                                  : line.ratio.high - 1;
}

/// The least of the values that this share of them does not exceed.
double least_that_holds(std::vector<double> values, double share) {
    constexpr double rounding = 1e-9;
    const double count = std::ceil(share * static_cast<double>(values.size()) - rounding);
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(count) - 1;
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

}  // namespace

std::optional<Estimate> share_of(const std::vector<ReplayedSuite>& suites, Verdict verdict) {
    if (suites.empty()) return std::nullopt;
    const auto hits = std::count_if(suites.begin(), suites.end(),
                                    [&](const ReplayedSuite& suite) { return suite.verdict == verdict; });
    return proportion_interval(static_cast<std::uint64_t>(hits), suites.size(), 0.95);
}

std::vector<SuggestedTolerance> suggested_tolerances(const SelfTestResult& result) {
    constexpr double share_that_does_not_pass = 0.1;
    constexpr std::size_t fewest = 10;
    const auto& rules = result.rules.metrics;
    const auto metrics = std::count_if(rules.begin(), rules.end(),
                                       [](const MetricRule& rule) { return rule.lane == Lane::paired; });
    const double share_that_passes = 1 - share_that_does_not_pass / static_cast<double>(metrics);
    std::vector<SuggestedTolerance> suggested;
    for (const MetricRule& rule : rules) {
        if (rule.lane != Lane::paired) continue;
        std::vector<double> ends;
        for (const InjectionResult& injection : result.injections) {
            if (injection.kind != Injection::Kind::nothing) continue;
            for (const ReplayedSuite& suite : injection.suites) {
                if (suite.control_moved) continue;
                for (const GateLine& line : suite.lines) {
                    if (line.rule.metric == rule.metric && line.pairs > 0) ends.push_back(upper_end(line));
                }
            }
        }
        if (ends.size() < fewest) continue;
        // Beyond the end, for to pass it must lie below.
        const double end = least_that_holds(std::move(ends), share_that_passes);
        const double percents = std::floor(100 * std::max(0.0, end)) + 1;
        const double pass_below = std::max(2.0, percents) / 100;
        suggested.push_back({rule.metric, {pass_below / 2, pass_below}});
    }
    return suggested;
}

}  // namespace asyncbench
