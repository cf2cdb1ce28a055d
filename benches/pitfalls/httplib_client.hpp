#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/http/session_options.hpp"
#include "harness/work/response.hpp"

namespace httplib {
class Client;
}

namespace asyncbench {

/// cpp-httplib, a library that blocks: get() returns when the answer is there.
/// Thread-safe: each call borrows a connection that no other uses meanwhile.
/// All URLs are of one server.
class HttplibClient {
  public:
    explicit HttplibClient(const SessionOptions& options);
    ~HttplibClient();
    HttplibClient(const HttplibClient&) = delete;
    HttplibClient& operator=(const HttplibClient&) = delete;

    /// Failures are in the Response.
    Response get(const std::string& url);

  private:
    std::unique_ptr<httplib::Client> borrow(const std::string& origin);

    SessionOptions options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<httplib::Client>> idle_;
};

}  // namespace asyncbench
