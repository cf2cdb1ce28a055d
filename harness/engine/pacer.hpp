#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "async/clock.hpp"
#include "harness/engine/load_stage.hpp"
#include "harness/load/plan_spec.hpp"

namespace asyncbench {

/// When the requests of an open loop start, one after another, for one of several generators that share the
/// load. Constant memory, whatever the length of the run.
///
/// The number of arrivals up to t is L(t), the integral of the rate. Constant arrivals are where L(t) is a
/// whole number from 0: generator g of n takes g, g + n, g + 2n and so on, so that together they send what
/// one would. Poisson arrivals are where L(t) is a sum of exponential gaps of mean n, drawn from the seed and
/// g: a Poisson process of the rate over n each, of which n together are one of the whole rate. Source:
/// inversion of the cumulative rate, as in Devroye, "Non-Uniform Random Variate Generation" (1986), chapter
/// VI.1.
class Pacer {
  public:
    /// Which of the generators it is: `index` below `count`.
    struct Share {
        std::uint32_t index = 0;
        std::uint32_t count = 1;
    };

    /// Rates are 0 or more, durations over 0.
    Pacer(std::vector<LoadStage> stages, Arrivals arrivals, std::uint64_t seed, Share share);

    /// The next start, from the start of the first stage; nothing after the last one. Ascending.
    std::optional<Nanoseconds> next();

  private:
    /// L where the next request starts.
    double next_arrival();

    std::vector<LoadStage> stages_;
    Arrivals arrivals_;
    std::uint64_t seed_;
    Share share_;
    std::uint64_t drawn_ = 0;
    double random_arrival_ = 0;   ///< L of the last Poisson arrival
    std::size_t stage_ = 0;       ///< that the next arrival is looked for in
    double arrivals_before_ = 0;  ///< L at the start of that stage
    double stage_began_ns_ = 0;
};

}  // namespace asyncbench
