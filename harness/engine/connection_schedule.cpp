#include "harness/engine/connection_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace asyncbench {
namespace {

std::uint32_t nearest(double value) {
    return static_cast<std::uint32_t>(value + 0.5);
}

/// When the number may become another within the stage, from its start; its end where it does not.
Nanoseconds change_in(const LoadStage& stage, Nanoseconds after) {
    if (stage.from == stage.to) return stage.duration;
    // Half-way between two numbers.
    const double boundary = nearest(value_at({stage}, after)) + (stage.to > stage.from ? 0.5 : -0.5);
    const double share = (boundary - stage.from) / (stage.to - stage.from);
    if (share >= 1) return stage.duration;
    const Nanoseconds when{std::llround(std::ceil(share * static_cast<double>(stage.duration.count())))};
    return std::clamp(when, after + Nanoseconds{1}, stage.duration);
}

}  // namespace

ConnectionSchedule::ConnectionSchedule(std::vector<LoadStage> stages, std::uint32_t all)
    : stages_(std::move(stages)), all_(all) {}

std::uint32_t ConnectionSchedule::at(Nanoseconds time) const {
    return stages_.empty() ? all_ : nearest(value_at(stages_, std::max(time, Nanoseconds{0})));
}

Nanoseconds ConnectionSchedule::next_change(Nanoseconds time) const {
    Nanoseconds began{0};
    for (const LoadStage& stage : stages_) {
        const Nanoseconds end = began + stage.duration;
        if (time < end) return began + change_in(stage, std::max(time - began, Nanoseconds{0}));
        began = end;
    }
    return Nanoseconds::max();
}

}  // namespace asyncbench
