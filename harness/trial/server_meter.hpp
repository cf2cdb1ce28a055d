#pragma once

#include <sys/types.h>

#include <chrono>
#include <utility>

#include "async/clock.hpp"
#include "harness/measure/perf_counters.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {

/// Measures what a server and the processes that it starts use while a trial runs. One thread.
class ServerMeter {
  public:
    /// Made before the server starts the first process or thread of its own, as instructions are counted of
    /// what comes after.
    explicit ServerMeter(ProcessTree::Root root) : instructions_(root.group), tree_(std::move(root)) {}

    /// A process of the server's group that is no part of the server.
    void leave_out(pid_t process) { tree_.leave_out(process); }

    void begin();
    /// While the trial runs, every `between_looks`; less often where there are so many processes that looking
    /// at them would take more than a twentieth of a CPU.
    void look();
    void end();

    /// Between begin() and end(), as metrics of a trial that made so many requests, over 0, in `elapsed_ns`.
    Metrics metrics(double requests, double elapsed_ns) const;

    static constexpr std::chrono::milliseconds between_looks{25};

  private:
    PerfCounters instructions_;
    ProcessTree tree_;
    ProcessTreeUsage usage_;
    TimePoint next_look_{};
};

}  // namespace asyncbench
