#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/clock.hpp"
#include "harness/measure/histogram.hpp"

namespace asyncbench {

/// What a detector found wrong with asynchronous code.
struct Finding {
    enum class Kind {
        stall,               ///< the loop has run one step for longer than the threshold
        blocking_call,       ///< a call that blocks was made on a loop's thread
        never_awaited,       ///< a task was destroyed before it was awaited: none of its code has run
        destroyed_pending,   ///< a task was destroyed while it waited
        lost_exception,      ///< a task threw, and nobody took the exception
        wrong_loop,          ///< a task went on on another loop, or thread, than the one it waited on
        waits_for_own_loop,  ///< a thread waits for what only the loop it runs itself could do
    };

    Kind kind{};
    std::string message;    ///< one sentence or two: what happened, where, what to do
    std::string coroutine;  ///< the function that the task runs; empty where none is known
    std::string created;    ///< where that task was created, `file:line`; empty where it is not known
    std::string function;   ///< the call that blocks; empty unless blocking_call
    std::optional<Nanoseconds> duration;  ///< how long it has lasted so far
    std::vector<std::string> backtrace;   ///< innermost first; empty where none was taken
};

/// `never-awaited`: the name of a kind in options, reports and JSON.
std::string_view name_of(Finding::Kind kind);

/// A finding and how often it was made: the same kind, task's creation site and function count as the same.
struct CountedFinding {
    Finding first;
    std::uint64_t count = 0;
};

/// What all detectors found while they were on. A value: can be read back from a file.
struct Diagnosis {
    std::vector<CountedFinding> findings;  ///< in the order they first came; the first of a bounded number
    std::uint64_t not_listed = 0;          ///< findings beyond that number
    std::uint64_t suppressed = 0;          ///< stalls not reported because of the rate limit
    Histogram stalls_ns;                   ///< stretches of a loop over the threshold
    Histogram lag_ns;                      ///< how late ready handlers ran on the loops
};

/// Takes findings. Called on the thread where something was found, or the watchdog's; must not await, and
/// must not throw.
class FindingSink {
  public:
    virtual ~FindingSink() = default;
    virtual void found(const Finding& finding) noexcept = 0;
};

/// Gives every finding of the process to `sink` while it lives; the sink installed before it comes back
/// afterwards. Where none is installed, a finding is written to stderr.
class ReceiveFindings {
  public:
    explicit ReceiveFindings(FindingSink& sink);
    ~ReceiveFindings();
    ReceiveFindings(const ReceiveFindings&) = delete;
    ReceiveFindings& operator=(const ReceiveFindings&) = delete;

  private:
    FindingSink* before_;
};

/// For detectors: hands `finding` to the sink. From any thread.
void report(const Finding& finding) noexcept;

}  // namespace asyncbench
