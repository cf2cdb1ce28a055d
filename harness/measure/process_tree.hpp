#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// A number of a process tree, or why there is none, as a part of a sentence.
struct TreeNumber {
    std::optional<double> value;
    std::string reason;  ///< empty where there is a value
};

/// What the processes of a tree used between begin() and end().
struct ProcessTreeUsage {
    /// User and system time in nanoseconds: of those that live, and of those that ended and were waited for
    /// by a process of the tree. To the nanosecond for the first, to a tick (10 ms) for the others.
    TreeNumber cpu_ns;
    /// The sum of the processes' own peaks (VmHWM) since begin(), at the look where it was largest. It is no
    /// less than the peak of their sum, and counts a page that several processes share in each of them.
    TreeNumber peak_rss_bytes;
    /// At end(): a page that n processes share counts as one n-th in each (Pss).
    TreeNumber pss_bytes;
    TreeNumber threads;    ///< the most at any look
    TreeNumber processes;  ///< the same
};

/// A program that a child of ours started, with all processes that it started in turn: those of the child's
/// process group, and the descendants of any of them. For one thread. Reads /proc; never throws for what
/// cannot be read.
class ProcessTree {
  public:
    struct Root {
        pid_t group = 0;  ///< the child, which leads a process group
        std::vector<std::string> shell =
            {};  ///< while the child still runs this command, it is only what starts the rest
    };
    explicit ProcessTree(Root root) : root_(std::move(root)) {}

    /// A process of the group that is no part of the tree.
    void leave_out(pid_t process) { left_out_ = process; }

    /// Counts from here on. Sets the peaks of the processes back, as a peak of an earlier trial says nothing
    /// of this one. Some milliseconds.
    void begin();
    /// A look in between, so that what is there for a short time is seen. A fraction of a millisecond.
    void look();
    ProcessTreeUsage end();

  private:
    /// A process, as /proc/PID/stat has it.
    struct Process {
        pid_t parent = 0;
        pid_t group = 0;
        bool is_zombie = false;
        std::uint32_t threads = 0;
        std::uint64_t started_ticks = 0;  ///< tells it from a later one of the same number
        Nanoseconds cpu{0};               ///< its own, and of those that it waited for
    };
    using Processes = std::map<pid_t, Process>;

    static std::optional<Process> read(pid_t process);
    Processes members() const;
    Processes members_seen_before() const;
    bool is_shell(pid_t process) const;
    void note(const Processes& members);
    std::string why_cpu_is_lost(const Processes& at_end) const;

    Root root_;
    pid_t left_out_ = 0;
    Processes seen_;  ///< since begin(), as they were seen last
    Nanoseconds cpu_before_{0};
    std::string why_no_peak_;
    std::uint64_t peak_rss_bytes_ = 0;
    std::uint32_t threads_ = 0;
    std::uint32_t processes_ = 0;
};

}  // namespace asyncbench
