#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "async/clock.hpp"
#include "cli/live/live_board.hpp"
#include "cli/live/live_server.hpp"
#include "cli/run_scenario.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// Shows a run while it goes on, on a page of its own server. What the page shows is made on the run's thread
/// between two trials, when nothing is measured, and takes at most a twentieth of the run's time.
class LiveRun final : public RunObserver {
  public:
    /// `report` says where the report will be; empty: nowhere. Throws Error where the port cannot be had (0:
    /// any).
    LiveRun(const Scenario& scenario, std::uint16_t port, std::string report);
    ~LiveRun() override;
    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;

    std::string url() const { return server_.url(); }

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const Trial& result, std::size_t index, std::size_t total) override;
    bool wants_run_so_far() override;
    void run_so_far(const RunResult& run) override;

    /// That the run was watched, for its result; none where it was not.
    std::optional<Warning> warning() const;

    /// Shows the whole run and says where its report is, which is to be written by now; gives those who watch
    /// up to eight seconds to fetch it: they may be drawing what came before.
    void end(const RunResult& run);

  private:
    struct Progress {
        std::size_t done = 0;
        std::size_t total = 0;
        std::string running;
    };
    void tell(const Progress& progress, const std::string& report = {});

    std::string report_;
    Progress progress_;  ///< told last
    LiveBoard board_;
    LiveServer server_;
    TimePoint started_ = Clock::now();
    TimePoint next_article_ = TimePoint::min();
    TimePoint summarized_since_{};
};

}  // namespace asyncbench
