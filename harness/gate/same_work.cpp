#include "harness/gate/same_work.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "harness/gate/cell_state.hpp"
#include "harness/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr double most_difference = 0.01;

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

}  // namespace

std::optional<Warning> judge_same_work(const GateResult& result, std::size_t subject) {
    const auto base = body_bytes(result, subject, Arm::base);
    const auto head = body_bytes(result, subject, Arm::head);
    if (base.empty() || head.empty()) return std::nullopt;
    const double base_bytes = median(base);
    const double head_bytes = median(head);
    if (std::abs(head_bytes - base_bytes) <= most_difference * base_bytes) return std::nullopt;
    return Warning{"work-differs",
                   fmt::format("{}: base is answered with {:.6g} bytes a request and head with {:.6g}, so "
                               "that the two do not do "
                               "the same. Ask for a path that both answer alike.",
                               result.subjects[subject].name, base_bytes, head_bytes),
                   true};
}

}  // namespace asyncbench
