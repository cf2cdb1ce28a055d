#include "analysis/gate/self_test.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/gate/looks.hpp"
#include "analysis/stats/proportion.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t cell_subject = 0;

class Replay : private PairSource {
  public:
    Replay(const GateRules& rules, const GateCell& cell, std::span<const SamplePair> pairs,
           const GateCell& control_cell, std::span<const SamplePair> control)
        : pairs_(pairs), control_(control) {
        result_.rules = rules;
        result_.subjects = {cell, control_cell};
        result_.subjects.back().is_control = true;
    }

    std::optional<ReplayedSuite> run() {
        look_and_confirm(result_, *this);
        if (lacks_pairs_) return std::nullopt;
        return ReplayedSuite{result_.verdict(), taken_, result_.control && result_.control->moved,
                             std::move(result_.lines)};
    }

  private:
    bool measure(const std::vector<std::size_t>& subjects, std::size_t from, std::size_t to,
                 bool confirmation) override {
        lacks_pairs_ |= taken_ + to - from > std::min(pairs_.size(), control_.size());
        if (lacks_pairs_) return false;
        for (; from < to && result_.failure.empty(); ++from, ++taken_) {
            for (const std::size_t subject : subjects) {
                const auto& pairs = subject == cell_subject ? pairs_ : control_;
                add(pairs[taken_], subject, static_cast<std::uint32_t>(from), confirmation);
            }
        }
        return result_.failure.empty();
    }

    void looked(std::size_t /*pairs*/, std::size_t /*open_lines*/) override {}

    void add(const SamplePair& measured, std::size_t subject, std::uint32_t pair, bool confirmation) {
        for (const auto& [sample, arm] :
             {std::pair{&measured.base, Arm::base}, {&measured.head, Arm::head}}) {
            GateTrial& added = result_.samples.emplace_back(*sample);
            added.subject = subject;
            added.arm = arm;
            added.repetition = pair;
            added.confirmation = confirmation;
            FailureLimit& limit = subject != cell_subject ? of_control_
                                  : arm == Arm::base      ? of_base_
                                                          : of_head_;
            limit.count(!added.failure.empty());
            if (limit.reached()) result_.failure = added.failure;
        }
    }

    std::span<const SamplePair> pairs_;
    std::span<const SamplePair> control_;
    GateResult result_;
    std::size_t taken_ = 0;
    bool lacks_pairs_ = false;
    FailureLimit of_base_;
    FailureLimit of_head_;
    FailureLimit of_control_;
};

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

std::optional<ReplayedSuite> replay_suite(const GateRules& rules, const GateCell& cell,
                                          std::span<const SamplePair> pairs, const GateCell& control_cell,
                                          std::span<const SamplePair> control) {
    return Replay(rules, cell, pairs, control_cell, control).run();
}

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
