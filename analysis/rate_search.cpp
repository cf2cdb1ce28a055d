#include "analysis/rate_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace asyncbench {

RateSearch::RateSearch(Options options) : options_(options) {
    options_.first_rps = std::clamp(options_.first_rps, options_.least_rps, options_.most_rps);
}

bool RateSearch::is_bracketed() const {
    if (held_.empty()) return false;
    if (!broken_) return held_.back() >= options_.most_rps;
    return *broken_ <= held_.back() * (1 + options_.precision);
}

/// The next rate while the answer is not known well enough.
double RateSearch::between() const {
    if (held_.empty() && !broken_) return options_.first_rps;
    if (held_.empty()) return std::max(options_.least_rps, *broken_ / 2);
    if (!broken_) return std::min(options_.most_rps, held_.back() * 2);
    return std::sqrt(held_.back() * *broken_);
}

std::optional<RateSearch::Next> RateSearch::next() const {
    if (steps_ >= options_.most_steps) return std::nullopt;
    if (broken_ && *broken_ <= options_.least_rps) return std::nullopt;
    if (!is_bracketed()) return Next{between(), false};
    if (confirmed_ + refused_ >= options_.confirmations) return std::nullopt;
    return Next{held_.back(), true};
}

void RateSearch::add(bool holds) {
    const auto step = next();
    if (!step) return;
    ++steps_;
    if (step->confirms) {
        ++(holds ? confirmed_ : refused_);
        if (refused_ > options_.confirmations / 2) refuse_confirmation();
    } else if (holds) {
        held_.push_back(step->rate_rps);
    } else {
        broken_ = step->rate_rps;
    }
}

/// What held once by chance counts as broken, and so does every rate close below it, so that the search does
/// not end at once at the next one.
void RateSearch::refuse_confirmation() {
    broken_ = held_.back();
    held_.pop_back();
    while (!held_.empty() && held_.back() * (1 + options_.precision) > *broken_) held_.pop_back();
    confirmed_ = 0;
    refused_ = 0;
}

std::optional<double> RateSearch::highest_held() const {
    if (!is_bracketed() || confirmed_ <= options_.confirmations / 2) return std::nullopt;
    return held_.back();
}

std::optional<double> RateSearch::lowest_broken() const {
    return broken_;
}

}  // namespace asyncbench
