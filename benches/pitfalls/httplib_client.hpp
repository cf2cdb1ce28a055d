#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/http/http_service.hpp"

namespace httplib {
class Client;
}

namespace asyncbench {

/// cpp-httplib, a library that blocks: request() returns when the answer is
/// there. Thread-safe: each call borrows a connection that no other uses
/// meanwhile.
class HttplibClient {
  public:
    /// Throws Unavailable where the service is not HTTP. The service outlives
    /// the client.
    explicit HttplibClient(const Service& service);
    ~HttplibClient();
    HttplibClient(const HttplibClient&) = delete;
    HttplibClient& operator=(const HttplibClient&) = delete;

    /// Failures are in the Response.
    Response request(const Ticket& ticket);

  private:
    std::unique_ptr<httplib::Client> borrow(const std::string& origin);

    const HttpService& service_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<httplib::Client>> idle_;
};

}  // namespace asyncbench
