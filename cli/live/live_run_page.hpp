#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/run_result.hpp"
#include "async/clock.hpp"
#include "cli/live/live_board.hpp"
#include "cli/live/live_server.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {

/// The page of a run that goes on, on a server of its own. What it shows is made on the caller's thread. One
/// thread.
class LiveRunPage {
  public:
    struct Progress {
        std::size_t done = 0;
        std::size_t total = 0;
        std::string unit = "trials";
        std::string running;  ///< what is done now; empty: nothing
    };

    /// `report` says where the report will be; empty: nowhere. Throws Error where the port cannot be had (0:
    /// any).
    LiveRunPage(const Scenario& scenario, std::uint16_t port, std::string report);
    ~LiveRunPage();
    LiveRunPage(const LiveRunPage&) = delete;
    LiveRunPage& operator=(const LiveRunPage&) = delete;

    std::string url() const { return server_.url(); }

    void show(const Progress& progress);
    /// Whether it is time for show(run): that takes at most a twentieth of the run's time, counted from this
    /// call to the end of that one.
    bool wants_run();
    void show(const RunResult& run);

    /// That the run was watched, for its result; none where it was not.
    std::optional<Warning> warning() const;

    /// Shows the whole run and says where its report is, which is to be written by now; gives those who watch
    /// up to eight seconds to fetch it: they may be drawing what came before.
    void end(const RunResult& run);

  private:
    void tell(const Progress& progress, const std::string& report);

    std::string report_;
    Progress progress_;  ///< told last
    LiveBoard board_;
    LiveServer server_;
    TimePoint started_ = Clock::now();
    TimePoint next_article_ = TimePoint::min();
    TimePoint summarized_since_{};
};

}  // namespace asyncbench
