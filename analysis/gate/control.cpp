#include "analysis/gate/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

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

std::optional<GateControl> control_of(const GateRules& rules, const GateEvidence& evidence, Batch batch) {
    const auto subject = subject_of_control(evidence);
    if (!subject) return std::nullopt;
    GateControl control;
    control.subject = *subject;
    control.metric = metric_of_control;
    control.ratios = paired_values(evidence, control.subject, metric_of_control, batch).ratios;
    if (control.ratios.empty()) return std::nullopt;
    control.ratio = median_interval(control.ratios, confidence_of_control);
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
