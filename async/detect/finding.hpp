#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"

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
    bool reported_before = false;         ///< of a stall that lasts on: it is the same one
    std::vector<std::string> backtrace;   ///< innermost first; empty where none was taken
};

/// `never-awaited`: the name of a kind in options, reports and JSON.
std::string_view name_of(Finding::Kind kind);
/// All kinds, in the order of the enumeration.
std::span<const Finding::Kind> finding_kinds();

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

/// One line, and one for each frame of the backtrace.
void write_to_stderr(const Finding& finding) noexcept;

/// For detectors: hands `finding` to the sink. From any thread.
void report(const Finding& finding) noexcept;

}  // namespace asyncbench
