#pragma once

#include <atomic>
#include <iosfwd>
#include <thread>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// Hears the line `stop`, by which the parent ends a load before its time.
class StopLine {
  public:
    /// From now on, in a thread that ends with the next line on `in`, or with its end. `in` lives longer.
    void listen_on(std::istream& in);
    const std::atomic<bool>& came() const { return came_; }

  private:
    std::atomic<bool> came_{false};
    std::jthread thread_;
};

/// The work of a trial that puts load on a server (spec.load is set), after `go`: writes a line to `out` for
/// each second, and returns the result. `stop` ends the measured time at once. Throws Error.
Trial measure_load(const TrialSpec& spec, const std::atomic<bool>& stop, std::ostream& out);

}  // namespace asyncbench
