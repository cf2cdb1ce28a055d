#pragma once

#include <cstdint>
#include <string>

#include "cli/live/live_run_page.hpp"
#include "cli/run_scenario.hpp"

namespace asyncbench {

/// Shows a run of trials while it goes on: between two of them, when nothing is measured.
class LiveRun final : public RunObserver {
  public:
    /// As LiveRunPage.
    LiveRun(const Scenario& scenario, std::uint16_t port, std::string report);

    LiveRunPage& page() { return page_; }

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const Trial& result, std::size_t index, std::size_t total) override;
    bool wants_run_so_far() override { return page_.wants_run(); }
    void run_so_far(const RunResult& run) override { page_.show(run); }

  private:
    LiveRunPage page_;
};

}  // namespace asyncbench
