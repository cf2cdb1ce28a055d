#include "cli/gate/sample_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

constexpr double sample_seconds = std::chrono::duration<double>(least_time_of_sample).count();

/// Two digits: a number for people, and the same from one run to the next where the speed is.
std::uint64_t rounded_up(double requests) {
    const double step = std::pow(10, std::max(0.0, std::floor(std::log10(requests)) - 1));
    return std::max(least_requests_of_sample, static_cast<std::uint64_t>(std::ceil(requests / step) * step));
}

}  // namespace

std::optional<std::uint64_t> requests_of_sample(const Scenario& scenario, std::uint32_t concurrency) {
    constexpr double client_bound_rps = 20'000;  // of one core
    const bool foreign = has_foreign_target(scenario);
    const auto delay_ns = static_cast<double>(scenario.profile.delay.mean().count());
    if (foreign || delay_ns <= 0) return std::nullopt;
    const double rps = concurrency * 1e9 / delay_ns;
    if (rps > client_bound_rps) return std::nullopt;
    return rounded_up(rps * sample_seconds);
}

std::uint64_t requests_of_sample(const Trial& measured) {
    if (!measured.failure.empty()) throw Error(measured.failure);
    const auto rps = value_of(measured.metrics, "throughput_rps");
    if (!rps || *rps <= 0) throw Error("The trial tells no throughput.");
    constexpr double most = 1e8;
    return rounded_up(std::clamp(*rps * sample_seconds, 1.0, most));
}

std::uint64_t planned_requests(const Scenario& scenario, std::uint32_t concurrency) {
    PlanSpec plan = scenario.plan;
    plan.concurrency = concurrency;
    switch (plan.kind) {
        case PlanKind::batch:
            return plan.requests;
        case PlanKind::open:
            return arrival_times(plan, scenario.seed).size();
        case PlanKind::closed:
            break;
    }
    return 0;
}

}  // namespace asyncbench
