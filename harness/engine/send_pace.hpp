#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "async/clock.hpp"

namespace asyncbench {

/// When each of several sends left that one system call handed over: at even steps from its begin. One
/// thread.
class SendPace {
  public:
    /// The step of a call that took so long for so many. Where that is much more than usual, the thread lost
    /// its CPU within the call, and nobody knows before which send. The usual step then dates no send after
    /// it left, which would make its latency too low.
    Nanoseconds step(Nanoseconds took, std::size_t sends) {
        const Nanoseconds step = took / static_cast<std::int64_t>(sends);
        if (step > usual_ * much) {
            usual_ += usual_ / slowly;  // or a machine that is that slow would never be believed
            return usual_;
        }
        usual_ += (step - usual_) / quickly;
        return step;
    }

  private:
    static constexpr int much = 3;
    static constexpr int slowly = 64;
    static constexpr int quickly = 16;

    Nanoseconds usual_{std::chrono::microseconds{10}};
};

}  // namespace asyncbench
