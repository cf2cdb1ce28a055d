#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/http/session_options.hpp"
#include "harness/http/transfer.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// HTTP for code that waits: get() returns when the answer is there. Keeps its connection between calls.
/// One thread at a time; many sessions in many threads.
class BlockingSession {
  public:
    explicit BlockingSession(const SessionOptions& options);

    /// Blocks for at most the session's timeout. Failures are in the Response.
    Response get(const std::string& url);

  private:
    Transfer transfer_;
};

/// Sessions to borrow, for threads that live shorter than a connection should. Thread-safe.
class SessionPool {
  public:
    explicit SessionPool(const SessionOptions& options) : options_(options) {}

    /// Like BlockingSession::get, with a session that no other thread uses meanwhile.
    Response get(const std::string& url);

  private:
    std::unique_ptr<BlockingSession> borrow();

    SessionOptions options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<BlockingSession>> idle_;
};

}  // namespace asyncbench
