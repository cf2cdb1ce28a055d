#pragma once

#include <cstdint>
#include <string>

#include "analysis/run_result.hpp"
#include "cli/live/live_run_page.hpp"
#include "harness/engine/load_second.hpp"

namespace asyncbench {

/// Shows a load while it goes on: each second, beside the generator, which is another process.
class LiveLoad {
  public:
    /// As LiveRunPage. `run` is of the load, and has no trials yet.
    LiveLoad(const RunResult& run, std::uint16_t port, std::string report);

    LiveRunPage& page() { return page_; }

    /// `spec` is of the load that goes on.
    void second_ended(const TrialSpec& spec, const LoadSoFar& so_far);
    /// Of a search, which has taken one more step.
    void step_ended(const RunResult& run) { run_.search = run.search; }

  private:
    LiveRunPage page_;
    RunResult run_;  ///< so far
};

}  // namespace asyncbench
