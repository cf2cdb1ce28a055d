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
    if (broken_.empty()) return held_.back() >= options_.most_rps;
    return broken_.back() <= held_.back() * (1 + options_.precision);
}

/// The next rate while the answer is not known well enough.
double RateSearch::between() const {
    if (held_.empty() && broken_.empty()) return options_.first_rps;
    if (held_.empty()) return std::max(options_.least_rps, broken_.back() / 2);
    if (broken_.empty()) return std::min(options_.most_rps, held_.back() * 2);
    return std::sqrt(held_.back() * broken_.back());
}

std::optional<RateSearch::Next> RateSearch::next() const {
    if (steps_ >= options_.most_steps) return std::nullopt;
    if (!broken_.empty() && broken_.back() <= options_.least_rps) return std::nullopt;
    if (!is_bracketed()) return Next{between(), false};
    // The broken one first, so that the trials of the answer are the last.
    const bool looks_again = !broken_.empty() && turns_up_ < options_.most_turns_up;
    if (looks_again && of_broken_.breaks < majority()) return Next{broken_.back(), true};
    if (of_held_.holds + of_held_.breaks < options_.confirmations) return Next{held_.back(), true};
    return std::nullopt;
}

void RateSearch::add(bool holds) {
    const auto step = next();
    if (!step) return;
    ++steps_;
    if (!step->confirms) {
        (holds ? held_ : broken_).push_back(step->rate_rps);
        of_held_ = {};
        of_broken_ = {};
        return;
    }
    const bool is_of_broken = !broken_.empty() && step->rate_rps == broken_.back();
    Votes& votes = is_of_broken ? of_broken_ : of_held_;
    ++(holds ? votes.holds : votes.breaks);
    if (is_of_broken && votes.holds >= majority()) refuse_broken();
    if (!is_of_broken && votes.breaks >= majority()) refuse_held();
}

/// It held by chance, and so may have every rate close below it.
void RateSearch::refuse_held() {
    const double refused = held_.back();
    broken_.push_back(refused);
    while (!held_.empty() && held_.back() * (1 + options_.precision) > refused) held_.pop_back();
    of_broken_ = std::exchange(of_held_, {});  // the same trials
}

/// The same the other way round.
void RateSearch::refuse_broken() {
    ++turns_up_;
    const double refused = broken_.back();
    held_.push_back(refused);
    while (!broken_.empty() && broken_.back() < refused * (1 + options_.precision)) broken_.pop_back();
    of_held_ = std::exchange(of_broken_, {});
}

std::optional<double> RateSearch::highest_held() const {
    if (!is_bracketed() || of_held_.holds < majority()) return std::nullopt;
    return held_.back();
}

std::optional<double> RateSearch::lowest_broken() const {
    if (broken_.empty()) return std::nullopt;
    return broken_.back();
}

}  // namespace asyncbench
