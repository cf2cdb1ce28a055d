#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// A program run as a child, spoken to by lines on its stdin and stdout; its stderr is ours. In a process
/// group of its own, so that Ctrl-C reaches us alone, and told to end when we end. Ends it (SIGKILL to its
/// group) and waits for it when destroyed. One thread: the kernel takes "its parent ended" to mean the thread
/// that started it.
class ChildProcess {
  public:
    struct Options {
        std::vector<std::string> command;        ///< program and arguments
        std::optional<unsigned> cpu_first = {};  ///< pin to this CPU and those up to cpu_last
        std::optional<unsigned> cpu_last = {};
        int error = -1;  ///< the descriptor that becomes its stderr; where negative, ours is
    };

    /// Throws Error where the program cannot be started.
    explicit ChildProcess(const Options& options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }

    /// Waits until `deadline` where the child has yet to read what was written before: a pipe holds some
    /// 64 KiB. False where the child does not read any more, did not in time, or a signal handler ran; it has
    /// got a part of the line then.
    bool write_line(const std::string& line, TimePoint deadline);

    enum class Wait { line, end, timeout, interrupted, too_long };
    struct Read {
        Wait outcome;
        std::string line;  ///< without its end; only with Wait::line
    };
    /// Waits for a whole line. `end` when the child closed its stdout, `interrupted` when a signal handler
    /// ran, `too_long` for a line over 64 MiB.
    Read read_line(TimePoint deadline);

    /// To its process group. Nothing where finish() has returned: the group's number may be another's.
    void send(int signal) const;

    /// Whether it ends until `deadline`; its stdin stays open, and what it started runs on.
    bool ends_before(TimePoint deadline);

    /// Closes its stdin, waits until `deadline` for its end, then kills it. In words: "ended with status 1",
    /// "was ended by signal 9 (Killed)", "did not end in time".
    std::string finish(TimePoint deadline);

    /// What it wrote that no read_line() gave, once finish() has returned: the first 64 KiB of it.
    const std::string& unread() const { return buffered_; }

  private:
    bool has_ended() const;
    bool take_output(std::chrono::milliseconds longest_wait);

    pid_t pid_ = -1;
    int to_child_ = -1;
    int from_child_ = -1;
    std::string buffered_;
    std::string ending_;  ///< empty while it runs
};

/// SIGKILL to the process group of each child that runs. Async-signal-safe: for a handler that ends the
/// program next, so that no destructor will. Of more than 64 children at once the rest is left to what
/// notices our end.
void kill_process_groups() noexcept;

}  // namespace asyncbench
