#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "async/clock.hpp"

namespace asyncbench {

/// How long the target waits before it answers, as a distribution.
///
///   20ms = constant:20ms · uniform:10ms,30ms · exponential:20ms (mean) ·
///   lognormal:20ms,80ms (median, p99) · bimodal:5ms,100ms,0.05 (fast, slow, share of slow)
class DelaySpec {
  public:
    enum class Shape { constant, uniform, exponential, lognormal, bimodal };

    DelaySpec() = default;  ///< constant:0s

    /// Throws UsageError with the forms above when `text` is none of them.
    static DelaySpec parse(std::string_view text);

    /// The delay of request `id`: a pure function of (spec, seed, id). Cut off at 10 minutes.
    Nanoseconds sample(std::uint64_t seed, std::uint64_t id) const;

    /// The mean of the delays, those that are cut off included.
    Nanoseconds mean() const;

    Shape shape() const { return shape_; }

    /// Text that parse() reads back; `constant:20ms` is written `20ms`.
    std::string text() const;

    bool operator==(const DelaySpec&) const = default;

  private:
    Shape shape_ = Shape::constant;
    Nanoseconds first_{0};   ///< constant, minimum, mean, median or fast
    Nanoseconds second_{0};  ///< maximum, p99 or slow
    double share_ = 0;       ///< of slow ones
};

}  // namespace asyncbench
