#pragma once

#include <cstdint>
#include <vector>

#include "async/clock.hpp"
#include "harness/engine/load_stage.hpp"

namespace asyncbench {

/// How many of the connections of a closed loop have a turn: their number over time, rounded. A value,
/// which all threads have alike: each takes its share of the number.
class ConnectionSchedule {
  public:
    /// Where there are no stages, `all` have a turn all the time.
    ConnectionSchedule(std::vector<LoadStage> stages, std::uint32_t all);

    /// From the start of the first stage. Before it, what it begins with.
    std::uint32_t at(Nanoseconds time) const;
    /// The first time after `time` at which the number may be another; Nanoseconds::max() where there is
    /// none.
    Nanoseconds next_change(Nanoseconds time) const;

  private:
    std::vector<LoadStage> stages_;
    std::uint32_t all_;
};

}  // namespace asyncbench
