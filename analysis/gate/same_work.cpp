#include "analysis/gate/same_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate/cell_state.hpp"
#include "analysis/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr double most_difference = 0.01;

/// How many median absolute deviations from the median a trial may lie. Of normally distributed lengths none
/// of a hundred million lies as far; where all have the same length, none may differ by more than
/// `most_difference`.
constexpr double most_deviations = 9;

std::vector<double> body_bytes(const GateResult& result, std::size_t subject, Arm arm) {
    std::vector<double> values;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != subject || sample.arm != arm || sample.deterministic) continue;
        if (!did_the_work(sample, result.subjects[subject])) continue;
        if (const auto bytes = value_of(sample.metrics, "response_bytes_per_request"))
            values.push_back(*bytes);
    }
    return values;
}

/// The lengths that a trial of the cell may have.
struct UsualLength {
    double median_bytes;
    double margin;

    bool holds(double bytes) const { return std::abs(bytes - median_bytes) <= margin; }
};

UsualLength usual_length(std::vector<double> values) {
    const double center = median(values);
    for (double& value : values) value = std::abs(value - center);
    return {center, std::max(most_difference * center, most_deviations * median(values))};
}

std::string text_of_medians(double base, double head) {
    return fmt::format("base is answered with {:.6g} bytes a request and head with {:.6g}", base, head);
}

/// Of the first arm with such a trial; empty where there is none.
std::string text_of_unusual(const std::vector<double>& base, const std::vector<double>& head) {
    std::vector<double> all = base;
    all.insert(all.end(), head.begin(), head.end());
    const UsualLength usual = usual_length(std::move(all));
    const auto unusual = [&](double bytes) { return !usual.holds(bytes); };
    for (const auto& [arm, values] : {std::pair(Arm::base, &base), {Arm::head, &head}}) {
        const auto first = std::find_if(values->begin(), values->end(), unusual);
        if (first == values->end()) continue;
        return fmt::format(
            "{} is answered with {:.6g} bytes a request in {} of its {} trials, where {:.6g} are usual",
            name_of(arm), *first, std::count_if(first, values->end(), unusual), values->size(),
            usual.median_bytes);
    }
    return {};
}

}  // namespace

std::optional<Warning> judge_same_work(const GateResult& result, std::size_t subject) {
    const auto base = body_bytes(result, subject, Arm::base);
    const auto head = body_bytes(result, subject, Arm::head);
    if (base.empty() || head.empty()) return std::nullopt;
    const double base_bytes = median(base);
    const double head_bytes = median(head);
    const bool as_many = std::abs(head_bytes - base_bytes) <= most_difference * base_bytes;
    const std::string difference =
        as_many ? text_of_unusual(base, head) : text_of_medians(base_bytes, head_bytes);
    if (difference.empty()) return std::nullopt;
    return Warning{"work-differs",
                   fmt::format("{}: {}, so that the two do not do the same. Ask for a path that both answer "
                               "alike.",
                               result.subjects[subject].name, difference),
                   WarningKind::wrong};
}

}  // namespace asyncbench
