#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"
#include "async/errors.hpp"

namespace asyncbench {

/// A call that blocks was made on a loop's thread, and DetectBlockingCalls was told to throw.
class BlockingCallError : public Error {
  public:
    BlockingCallError(const std::string& message, std::string function)
        : Error(message), function_(std::move(function)) {}
    const std::string& function() const { return function_; }

  private:
    std::string function_;
};

struct BlockingCallOptions {
    enum class Mode {
        off,     ///< as if nothing detected them
        report,  ///< a finding when the call has returned
        /// BlockingCallError instead of the call, where that is safe: the program's own code calls, and the
        /// function is not declared to throw nothing (locks are). Elsewhere, as report.
        throw_error,
    };
    Mode mode = Mode::report;
    /// Functions, by name, whose calls are never reported.
    std::vector<std::string> allow = {};
    /// Functions whose every call is reported, also where it does not wait: `read` for each read of a file.
    std::vector<std::string> deny = {};
    /// What cannot be told before (a contended lock, a thread that is to end, a file that must come from a
    /// disk) is reported where it took as long.
    Nanoseconds tolerance = std::chrono::milliseconds(1);
};

/// While it lives, calls that block are caught when a loop's thread makes them inside a step: by their names,
/// in programs that link asyncbench::blocking_calls, which defines these functions in the program in front of
/// those of the C library. Inner scopes replace outer ones. For the whole process.
///
/// A call counts where it waits: a descriptor that does not block, or is ready, a lock that is free and a
/// timeout of zero are no blocking calls. Reading a file counts where it took longer than the tolerance, as
/// what is cached comes faster than a thread pool could bring it. Writing to stderr never counts: logs go
/// there.
class DetectBlockingCalls {
  public:
    explicit DetectBlockingCalls(BlockingCallOptions options = {});
    ~DetectBlockingCalls();
    DetectBlockingCalls(const DetectBlockingCalls&) = delete;
    DetectBlockingCalls& operator=(const DetectBlockingCalls&) = delete;

  private:
    const void* settings_;
};

/// Whether this program links asyncbench::blocking_calls, and that works: not with ThreadSanitizer, which
/// defines the same functions and must see every call first.
bool blocking_calls_are_detectable();

/// On this thread, calls may block while it lives: for code that knows what it does. Not to be held across a
/// co_await.
class AllowBlocking {
  public:
    AllowBlocking();
    ~AllowBlocking();
    AllowBlocking(const AllowBlocking&) = delete;
    AllowBlocking& operator=(const AllowBlocking&) = delete;
};

}  // namespace asyncbench
