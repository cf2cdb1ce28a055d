#pragma once

#include <string>
#include <utility>

#include "harness/http/http_request.hpp"
#include "harness/http/session_options.hpp"
#include "harness/http/transfer.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// HTTP for code that waits: returns when the answer is there. Keeps its connection between calls. One thread
/// at a time; many sessions in many threads.
class BlockingSession {
  public:
    explicit BlockingSession(const SessionOptions& options);

    /// Blocks for at most the session's timeout. Failures are in the Response.
    Response send(const HttpRequest& request);
    Response get(std::string url) { return send({.url = std::move(url)}); }

    /// The numeric address that the last request was sent to; empty where there was no connection.
    std::string peer_address() const { return transfer_.peer_address(); }

  private:
    Transfer transfer_;
};

}  // namespace asyncbench
