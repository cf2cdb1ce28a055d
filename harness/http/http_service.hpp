#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/http/http_request.hpp"
#include "harness/http/request_spec.hpp"
#include "harness/http/session_options.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {

struct HttpServiceOptions {
    /// What is sent. Its URL is the target's, up to its port, where requests are numbered.
    HttpRequest request;
    /// Whether requests are asked for by their number, as our targets want it: `/io/TRIAL/ID` behind the URL.
    /// Otherwise all of them are the same.
    bool numbered = true;
    Nanoseconds timeout{std::chrono::seconds{30}};
    /// Of requests that are not numbered: behind the URL, one for each request. None: the URL itself.
    std::vector<WeightedPath> paths = {};
    std::uint64_t seed = 0;  ///< decides which request asks for which path
    TlsOptions tls = {};
    /// In digits: where the URL's host is, found before the measurement. Empty: libcurl looks it up.
    std::string address = {};
    /// Of a longer body, responses have the beginning and the last byte: memory does not grow with it.
    std::size_t kept_body_bytes = std::size_t{16} * 1024;
};

/// HTTP by libcurl.
class HttpService final : public Service {
  public:
    explicit HttpService(HttpServiceOptions options);

    std::unique_ptr<BlockingClient> blocking() override;
    std::unique_ptr<LoopClient> on(Loop& loop, std::uint32_t users) override;
    std::unique_ptr<PollingClient> polling(std::uint32_t users) override;

    /// What a client that is not one of these sends for the ticket.
    HttpRequest request_for(const Ticket& ticket) const;
    const HttpServiceOptions& options() const { return options_; }
    Nanoseconds timeout() const { return options_.timeout; }
    const TlsOptions& tls() const { return options_.tls; }

  private:
    class Requests;
    class Blocking;
    class OnLoop;
    class Polling;
    SessionOptions session_options(std::uint32_t users) const;

    HttpServiceOptions options_;
    std::string pinned_;                 ///< what SessionOptions say of the address
    std::vector<HttpRequest> requests_;  ///< where they are not numbered: one for each path
    PathChoice choice_;
};

}  // namespace asyncbench
