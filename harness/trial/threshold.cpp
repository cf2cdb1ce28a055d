#include "harness/trial/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "async/errors.hpp"
#include "harness/trial/metric.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view errors_word = "errors";

/// `p95`, `p99.9`; `p999` is 99.9.
std::optional<double> percentile_of(std::string_view name) {
    if (!name.starts_with('p') || name.size() < 2) return std::nullopt;
    std::string digits(name.substr(1));
    if (digits.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
    if (digits.find('.') == std::string::npos && digits.size() > 2) {
        if (!digits.starts_with("99")) return std::nullopt;
        digits.insert(2, ".");
    }
    try {
        const double percentile = parse_number(digits, "percentile");
        return percentile > 0 && percentile < 100 ? std::optional(percentile) : std::nullopt;
    } catch (const UsageError&) {
        return std::nullopt;
    }
}

/// The metric that a word or a name stands for; null where there is none.
const MetricInfo* metric_of(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"rate", "throughput_rps"}, {"mean", "response_mean_ns"}, {"max", "response_max_ns"}};
    for (const auto& [word, metric] : words)
        if (name == word) return find_metric(metric);
    const auto known = metric_catalogue();
    const auto found = std::find_if(known.begin(), known.end(), [&](const MetricInfo& info) {
        return info.name == name || (!info.short_name.empty() && info.short_name == name);
    });
    return found == known.end() ? nullptr : &*found;
}

double parse_limit(std::string_view text, std::string_view unit) {
    if (unit == "ns") return static_cast<double>(parse_duration(text).count());
    if (unit == "share") return parse_share(text, "share");
    if (unit == "requests/s") return parse_rate(text, any_number);
    if (unit == "bytes") return static_cast<double>(parse_size(text));
    return parse_number(text, "number");
}

}  // namespace

Threshold Threshold::parse(std::string_view text) {
    const auto sign = text.find_first_of("<>");
    if (sign == std::string_view::npos || sign == 0) {
        throw UsageError(
            fmt::format("'{}' is no threshold; write it like p99<200ms, errors<1% or rate>900.", text));
    }
    const auto trimmed = [](std::string_view part) {
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        return part.substr(0, part.find_last_not_of(' ') + 1);
    };
    const bool or_equal = text.substr(sign + 1).starts_with('=');
    Threshold threshold;
    threshold.text_ = text;
    threshold.name_ = trimmed(text.substr(0, sign));
    threshold.relation_ = text[sign] == '<' ? (or_equal ? Relation::at_most : Relation::less)
                                            : (or_equal ? Relation::at_least : Relation::more);
    threshold.percentile_ = percentile_of(threshold.name_);
    if (threshold.percentile_) {
        threshold.unit_ = "ns";
    } else if (threshold.name_ == errors_word) {
        threshold.unit_ = "share";
    } else if (const MetricInfo* info = metric_of(threshold.name_)) {
        threshold.name_ = info->name;
        threshold.unit_ = info->unit;
    } else {
        throw UsageError(fmt::format(
            "The threshold '{}' is of nothing that is measured; there are p50, p95, p99.9, mean, max, "
            "errors, rate, and what `asyncbench list metrics` names.",
            text));
    }
    threshold.limit_ = parse_limit(trimmed(text.substr(sign + (or_equal ? 2 : 1))), threshold.unit_);
    return threshold;
}

std::optional<double> Threshold::value_in(const Trial& trial) const {
    if (percentile_) {
        if (trial.response_time_ns.empty()) return std::nullopt;
        return static_cast<double>(trial.response_time_ns.value_at_percentile(*percentile_));
    }
    if (name_ == errors_word) {
        if (trial.requests() == 0) return std::nullopt;
        return static_cast<double>(trial.errors.total()) / static_cast<double>(trial.requests());
    }
    return value_of(trial.metrics, name_);
}

bool Threshold::holds(const Trial& trial) const {
    const auto value = value_in(trial);
    if (!value) return false;
    switch (relation_) {
        case Relation::less:
            return *value < limit_;
        case Relation::at_most:
            return *value <= limit_;
        case Relation::more:
            return *value > limit_;
        case Relation::at_least:
            break;
    }
    return *value >= limit_;
}

}  // namespace asyncbench
