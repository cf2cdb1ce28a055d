#pragma once

#include "harness/engine/load_second.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// Tells on stderr, where that is a terminal, what each second of a load brought and what all of them did: a
/// line that is drawn anew.
class LoadProgress {
  public:
    /// The scenario lives longer.
    LoadProgress(const Scenario& scenario, bool quiet);
    ~LoadProgress();
    LoadProgress(const LoadProgress&) = delete;
    LoadProgress& operator=(const LoadProgress&) = delete;

    void tell_of(const LoadSoFar& so_far);

  private:
    bool is_drawn_;
    bool has_line_ = false;
    const Scenario& scenario_;
};

/// `12 s: 1,998/s, p50 6.4 ms, p99 101 ms; all p50 6.3 ms, p99 98 ms; 18 s left`. What is known of all
/// goes first where `columns` are few, then the time that is left.
std::string load_progress_line(const Scenario& scenario, const LoadSoFar& so_far, std::size_t columns);

}  // namespace asyncbench
