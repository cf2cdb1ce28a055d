#include "cli/live/live_run.hpp"

#include <fmt/format.h>

#include <utility>

namespace asyncbench {

LiveRun::LiveRun(const Scenario& scenario, std::uint16_t port, std::string report)
    : page_(scenario, port, std::move(report)) {}

void LiveRun::trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) {
    page_.show({.done = index,
                .total = total,
                .running = fmt::format("{} at concurrency {}", spec.strategy.text(), spec.plan.concurrency)});
}

void LiveRun::trial_ended(const Trial& /*result*/, std::size_t index, std::size_t total) {
    if (index + 1 == total) page_.show({.done = total, .total = total, .running = {}});
}

}  // namespace asyncbench
