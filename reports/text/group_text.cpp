#include "reports/text/group_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/trial/metric.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// More names than these are not read: tables have them.
constexpr std::size_t most_names = 6;

/// To three digits: `12,400` for 12,437.
double rounded_to_three_digits(double value) {
    if (!(value > 0)) return value;
    const double step = std::pow(10, std::floor(std::log10(value)) - 2);
    return std::round(value / step) * step;
}

}  // namespace

std::string listed(const std::vector<std::string>& items, std::string_view last) {
    if (items.size() < 2) return items.empty() ? std::string{} : items.front();
    return fmt::format("{} {} {}", fmt::join(items.begin(), items.end() - 1, ", "), last, items.back());
}

Span span_of(const std::vector<Estimate>& estimates) {
    Span span{estimates.front().value, estimates.front()};
    for (const Estimate& estimate : estimates) {
        span.lowest = std::min(span.lowest, estimate.value);
        span.highest.value = std::max(span.highest.value, estimate.value);
        span.highest.low = std::min(span.highest.low, estimate.low);
        span.highest.high = std::max(span.highest.high, estimate.high);
    }
    return span;
}

std::vector<Estimate> estimates_of(const Group& group, std::string_view metric) {
    std::vector<Estimate> estimates;
    estimates.reserve(group.size());
    for (const Cell* cell : group) {
        const Estimate* estimate = estimate_of(*cell, metric);
        if (estimate == nullptr || !std::isfinite(estimate->value)) return {};
        estimates.push_back(*estimate);
    }
    return estimates;
}

std::string range_of_values(std::string_view metric, const std::vector<Estimate>& estimates) {
    Span span = span_of(estimates);
    span.highest.confidence = 0;
    return human_range(metric, span.lowest, span.highest);
}

std::string names_of(const RunResult& run, const Group& group, std::string_view last) {
    if (group.size() > most_names) return fmt::format("{} strategies", group.size());
    std::vector<std::string> names;
    names.reserve(group.size());
    for (const Cell* cell : group) names.push_back(name_in_text(run, cell->strategy));
    return listed(names, last);
}

std::string values_of(const Group& group, std::string_view metric) {
    const std::vector<Estimate> estimates = estimates_of(group, metric);
    if (estimates.empty()) return "an unknown rate";
    const auto bounded = std::find_if(group.begin(), group.end(),
                                      [&](const Cell* cell) { return bound_of(*cell, metric) != 0; });
    const std::string prefix = bounded == group.end()            ? ""
                               : bound_of(**bounded, metric) > 0 ? "at least "
                                                                 : "at most ";
    if (estimates.size() == 1) return prefix + human_estimate(metric, estimates.front());
    const Span span = span_of(estimates);
    constexpr double close = 1.05;
    if (span.highest.value > span.lowest * close) {
        if (estimates.size() > most_names) return prefix + range_of_values(metric, estimates);
        std::vector<std::string> values;
        for (const Estimate& estimate : estimates) values.push_back(human_metric(metric, estimate.value));
        return prefix + listed(values);
    }
    const double middle = (span.lowest + span.highest.value) / 2;
    return fmt::format("{}about {} each", prefix, human_metric(metric, rounded_to_three_digits(middle)));
}

std::string difference_of(const Estimate& ratio, std::string_view noun) {
    const bool less = ratio.value < 1;
    const auto percent = [](double ratio_value) {
        return fmt::format("{:.0f}", std::abs(ratio_value - 1) * 100);
    };
    if (ratio.value >= 2) return fmt::format("{} the {}", human_ratio(ratio), noun);
    const std::string first = percent(less ? ratio.high : ratio.low);
    const std::string second = percent(less ? ratio.low : ratio.high);
    const std::string interval = has_interval(ratio) ? fmt::format(" [{}–{}]", first, second) : "";
    return fmt::format("{} %{} {} {}", percent(ratio.value), interval, less ? "less" : "more", noun);
}

}  // namespace asyncbench
