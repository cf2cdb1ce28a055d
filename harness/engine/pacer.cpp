#include "harness/engine/pacer.hpp"

#include <cmath>
#include <utility>

#include "harness/work/random.hpp"

namespace asyncbench {
namespace {

/// Apart from those of reply_for() and arrival_times().
constexpr std::uint64_t pacer_stream = 32;

double duration_ns(const LoadStage& stage) {
    return static_cast<double>(stage.duration.count());
}

/// When `arrivals` of the stage have come, from its start. The root of r t + a t^2 in the form that loses no
/// digits where a is small, and is exact where it is 0.
double time_of(double arrivals, const LoadStage& stage) {
    if (arrivals <= 0) return 0;
    const double from = stage.from / 1e9;
    const double slope = (stage.to - stage.from) / 1e9 / (2 * duration_ns(stage));
    if (slope == 0) return arrivals * 1e9 / stage.from;
    return 2 * arrivals / (from + std::sqrt(std::fmax(0, from * from + 4 * slope * arrivals)));
}

}  // namespace

Pacer::Pacer(std::vector<LoadStage> stages, Arrivals arrivals, std::uint64_t seed, Share share)
    : stages_(std::move(stages)), arrivals_(arrivals), seed_(seed), share_(share) {}

double Pacer::next_arrival() {
    const std::uint64_t number = drawn_++;
    if (arrivals_ == Arrivals::constant) return static_cast<double>(share_.index + number * share_.count);
    const double unit = to_unit(random_bits(seed_, number * share_.count + share_.index, pacer_stream));
    random_arrival_ -= std::log1p(-unit) * share_.count;
    return random_arrival_;
}

std::optional<Nanoseconds> Pacer::next() {
    if (stage_ == stages_.size()) return std::nullopt;
    const double arrival = next_arrival();
    for (; stage_ < stages_.size(); ++stage_) {
        const LoadStage& stage = stages_[stage_];
        const double in_stage = arrival - arrivals_before_;
        if (in_stage < area_of(stage)) {
            return Nanoseconds{std::llround(stage_began_ns_ + time_of(in_stage, stage))};
        }
        arrivals_before_ += area_of(stage);
        stage_began_ns_ += duration_ns(stage);
    }
    return std::nullopt;
}

}  // namespace asyncbench
