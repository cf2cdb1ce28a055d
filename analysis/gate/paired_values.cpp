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
    const auto found = sample.metrics.find(metric);
    if (found == sample.metrics.end()) return fmt::format("{} does not tell it", name_of(sample.arm));
    if (found->second.value)
        return fmt::format("{} tells {:g}, below 0", name_of(sample.arm), *found->second.value);
    return fmt::format("{}: {}", name_of(sample.arm), found->second.reason);
}

/// None where it is below 0, which no metric can be.
std::optional<double> told(const GateTrial& sample, std::string_view metric) {
    const auto value = value_of(sample.metrics, metric);
    return value && *value >= 0 ? value : std::nullopt;
}

bool rises_when_worse(std::string_view metric) {
    return metric_kind(metric).better != Better::higher;
}

constexpr const char* metric_of_control = "service_p50_ns";
constexpr double confidence_of_control = 0.95;

/// Each trial over the median of all.
std::vector<double> drift_of(const GateEvidence& evidence, std::size_t subject, Batch batch) {
    std::vector<double> values;
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (!is_of(*sample, batch)) continue;
        const auto value = value_of(sample->metrics, metric_of_control);
        if (value && *value > 0) values.push_back(*value);
    }
    if (values.empty()) return values;
    const double middle = median(values);
    for (double& value : values) value /= middle;
    return values;
}

std::optional<std::size_t> subject_of_control(const GateEvidence& evidence) {
    const auto subjects = evidence.subjects();
    const auto found = std::find_if(subjects.begin(), subjects.end(),
                                    [](const GateCell& subject) { return subject.is_control; });
    if (found == subjects.end()) return std::nullopt;
    return static_cast<std::size_t>(found - subjects.begin());
}

/// Of the cell that had the most.
std::size_t pairs_of_cells(const GateEvidence& evidence, Batch batch) {
    std::size_t most = 0;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        if (evidence.subjects()[subject].is_control) continue;
        most = std::max(most, cell_state(evidence, subject, {batch}).base.trials);
    }
    return most;
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

Estimate ratio_of(const Estimate& worsening, std::string_view metric) {
    Estimate ratio{std::exp(worsening.value), std::exp(worsening.low), std::exp(worsening.high),
                   worsening.confidence};
    if (rises_when_worse(metric)) return ratio;
    return {1 / ratio.value, 1 / ratio.high, 1 / ratio.low, ratio.confidence};
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

std::optional<GateControl> control_of(const GateRules& rules, const GateEvidence& evidence, Batch batch) {
    const auto subject = subject_of_control(evidence);
    if (!subject) return std::nullopt;
    GateControl control;
    control.subject = *subject;
    control.metric = metric_of_control;
    control.ratios = paired_values(evidence, control.subject, metric_of_control, batch).ratios;
    if (control.ratios.empty()) return std::nullopt;
    const auto worse = worsenings(control.ratios, metric_of_control);
    control.ratio = ratio_of(median_interval(worse, confidence_of_control), metric_of_control);
    control.drift = drift_of(evidence, control.subject, batch);
    control.moved = std::abs(std::log(control.ratio.value)) > std::log1p(rules.control_limit);
    return control;
}

std::string why_no_control(const GateEvidence& evidence, Batch batch) {
    const auto subject = subject_of_control(evidence);
    if (!subject) return {};
    const std::size_t pairs = pairs_of_cells(evidence, batch);
    const std::size_t told = paired_values(evidence, *subject, metric_of_control, batch).ratios.size();
    if (2 * told >= pairs) return {};
    const ArmState base = cell_state(evidence, *subject, {batch}).base;
    const ArmState head = cell_state(evidence, *subject, {batch}).head;
    const std::string& why = base.why_unusable.empty() ? head.why_unusable : base.why_unusable;
    return fmt::format(
        "The control has {} pairs of {}, too few to tell whether the machine was disturbed{}{}", told, pairs,
        why.empty() ? "." : ": ", why);
}

std::optional<Warning> control_warning(const GateEvidence& evidence) {
    for (const Batch batch : {Batch::first, Batch::fresh}) {
        const std::string why = why_no_control(evidence, batch);
        if (!why.empty()) return Warning{"no-control", why, WarningKind::wrong};
    }
    return std::nullopt;
}

}  // namespace asyncbench
