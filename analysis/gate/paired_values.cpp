#include "analysis/gate/paired_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/stats/order_statistics.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

struct Pair {
    const GateTrial* base = nullptr;
    const GateTrial* head = nullptr;
    std::uint32_t order = 0;
};

/// Whole pairs, in the order measured.
std::vector<Pair> pairs_of(const GateEvidence& evidence, std::size_t subject, Batch batch) {
    std::map<std::uint32_t, Pair> by_number;
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (!is_of(*sample, batch)) continue;
        Pair& pair = by_number[sample->repetition];
        (sample->arm == Arm::base ? pair.base : pair.head) = sample;
        pair.order = std::max(pair.order, sample->order);
    }
    std::vector<Pair> pairs;
    for (const auto& [number, pair] : by_number) {
        if (pair.base == nullptr || pair.head == nullptr) continue;
        const GateCell& cell = evidence.subjects()[subject];
        if (did_the_work(*pair.base, cell) && did_the_work(*pair.head, cell)) pairs.push_back(pair);
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& one, const Pair& other) { return one.order < other.order; });
    return pairs;
}

std::string why_no_value(const GateTrial& sample, std::string_view metric) {
    if (!sample.metrics.contains(metric)) return fmt::format("{} does not tell it", name_of(sample.arm));
    return fmt::format("{}: {}", name_of(sample.arm), why_unknown(sample, metric));
}

/// None where it is below 0, which no metric can be.
std::optional<double> told(const GateTrial& sample, std::string_view metric) {
    const auto value = value_of(sample.metrics, metric);
    return value && *value >= 0 ? value : std::nullopt;
}

bool rises_when_worse(std::string_view metric) {
    return metric_kind(metric).better != Better::higher;
}

}  // namespace

PairedValues paired_values(const GateEvidence& evidence, std::size_t subject, std::string_view metric,
                           Batch batch) {
    PairedValues values;
    bool has_zero = false;
    for (const Pair& pair : pairs_of(evidence, subject, batch)) {
        const auto base = told(*pair.base, metric);
        const auto head = told(*pair.head, metric);
        ++values.pairs;
        values.told_by_base |= base.has_value();
        if (!base || !head) {
            if (values.unknown.empty()) values.unknown = why_no_value(base ? *pair.head : *pair.base, metric);
            continue;
        }
        values.base.push_back(*base);
        values.head.push_back(*head);
        has_zero |= (*base > 0) != (*head > 0);
        values.ratios.push_back(*base > 0 ? *head / *base : 1);
    }
    if (has_zero) {
        values.ratios.clear();
        values.unknown = "it is 0 in some trials and not in others, which has no ratio";
    } else if (values.pairs == 0) {
        values.unknown = "no pair of trials did the work";
    }
    return values;
}

ValuesOfHead values_of_head(const GateEvidence& evidence, std::size_t subject, std::string_view metric,
                            Batch batch) {
    ValuesOfHead head;
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (sample->arm != Arm::head || !is_of(*sample, batch)) continue;
        if (!did_the_work(*sample, evidence.subjects()[subject])) continue;
        ++head.trials;
        const auto value = value_of(sample->metrics, metric);
        if (value && std::isfinite(*value)) head.values.push_back(*value);
    }
    return head;
}

std::vector<double> worsenings(const std::vector<double>& ratios, std::string_view metric) {
    const double sign = rises_when_worse(metric) ? 1 : -1;
    std::vector<double> logarithms;
    logarithms.reserve(ratios.size());
    for (const double ratio : ratios) logarithms.push_back(sign * std::log(ratio));
    return logarithms;
}

Estimate worsening_of(const Estimate& ratio, std::string_view metric) {
    const Estimate logarithm{std::log(ratio.value), std::log(ratio.low), std::log(ratio.high),
                             ratio.confidence};
    if (rises_when_worse(metric)) return logarithm;
    return {-logarithm.value, -logarithm.high, -logarithm.low, logarithm.confidence};
}

Estimate unknown_estimate() {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    return {unknown, unknown, unknown, unknown};
}

Estimate median_estimate(const std::vector<double>& values) {
    return values.empty() ? unknown_estimate() : median_interval(values, 0.95);
}

}  // namespace asyncbench
