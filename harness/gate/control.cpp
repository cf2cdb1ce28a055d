#include "harness/gate/control.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/gate/paired_values.hpp"
#include "harness/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr const char* metric_of_control = "service_p50_ns";
constexpr double confidence = 0.95;

/// Each trial over the median of all.
std::vector<double> drift_of(const GateResult& result, std::size_t subject) {
    std::vector<double> values;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != subject) continue;
        const auto value = value_of(sample.metrics, metric_of_control);
        if (value && *value > 0) values.push_back(*value);
    }
    if (values.empty()) return values;
    const double middle = median(values);
    for (double& value : values) value /= middle;
    return values;
}

}  // namespace

std::optional<GateControl> control_of(const GateResult& result, bool confirmation) {
    const auto found = std::find_if(result.subjects.begin(), result.subjects.end(),
                                    [](const GateSubject& subject) { return subject.is_control; });
    if (found == result.subjects.end()) return std::nullopt;
    GateControl control;
    control.subject = static_cast<std::size_t>(found - result.subjects.begin());
    control.metric = metric_of_control;
    control.ratios = paired_values(result, control.subject, metric_of_control, confirmation).ratios;
    if (control.ratios.empty()) return std::nullopt;
    const auto worse = worsenings(control.ratios, metric_of_control);
    control.ratio = ratio_of(median_interval(worse, confidence), metric_of_control);
    control.drift = drift_of(result, control.subject);
    control.moved = std::abs(std::log(control.ratio.value)) > std::log1p(result.rules.control_limit);
    return control;
}

}  // namespace asyncbench
