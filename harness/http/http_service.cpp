#include "harness/http/http_service.hpp"

#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include "harness/http/addresses.hpp"
#include "harness/http/async_session.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/poll_session.hpp"

namespace asyncbench {

/// One client's request, of which the URL's end changes from one ticket to the next: nothing is allocated.
class HttpService::Requests {
  public:
    explicit Requests(const HttpService& service)
        : service_(service),
          request_(service.options_.request),
          numbered_(service.options_.numbered),
          base_length_(request_.url.size()) {}

    const HttpRequest& of(const Ticket& ticket) {
        if (!numbered_) return service_.requests_[service_.choice_.of(ticket.id)];
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), ticket.id).ptr;
        std::string& url = request_.url;
        url.resize(base_length_);
        url.append("/io/").append(ticket.trial).append("/").append(digits.begin(), end);
        return request_;
    }

  private:
    const HttpService& service_;
    HttpRequest request_;
    bool numbered_;
    std::size_t base_length_;
};

class HttpService::Blocking final : public BlockingClient {
  public:
    explicit Blocking(const HttpService& service)
        : requests_(service), session_(service.session_options(1)) {}

    Response request(const Ticket& ticket) override { return session_.send(requests_.of(ticket)); }

  private:
    Requests requests_;
    BlockingSession session_;
};

class HttpService::OnLoop final : public LoopClient {
  public:
    OnLoop(const HttpService& service, Loop& loop, std::uint32_t users)
        : LoopClient(loop), requests_(service), session_(loop, service.session_options(users)) {}

    InFlight request(const Ticket& ticket, Completion done) override {
        return session_.send(requests_.of(ticket), std::move(done));
    }
    void cancel(InFlight request) override { session_.cancel(static_cast<Transfer*>(request)); }

  private:
    Requests requests_;
    AsyncSession session_;
};

class HttpService::Polling final : public PollingClient {
  public:
    Polling(const HttpService& service, std::uint32_t users)
        : requests_(service), session_(service.session_options(users)) {}

    void request(const Ticket& ticket, Completion done) override {
        session_.send(requests_.of(ticket), std::move(done));
    }
    void at(TimePoint when, std::function<void()> action) override { session_.at(when, std::move(action)); }
    void run() override { session_.run(); }

  private:
    Requests requests_;
    PollSession session_;
};

HttpService::HttpService(HttpServiceOptions options)
    : options_(std::move(options)),
      requests_(with_paths(options_.request, options_.paths)),
      choice_(options_.paths, options_.seed) {
    const auto origin = origin_of(options_.request.url);
    if (origin && !options_.address.empty()) pinned_ = pinned_to({&options_.address, 1}, origin->port);
}

std::unique_ptr<BlockingClient> HttpService::blocking() {
    return std::make_unique<Blocking>(*this);
}

std::unique_ptr<LoopClient> HttpService::on(Loop& loop, std::uint32_t users) {
    return std::make_unique<OnLoop>(*this, loop, users);
}

std::unique_ptr<PollingClient> HttpService::polling(std::uint32_t users) {
    return std::make_unique<Polling>(*this, users);
}

HttpRequest HttpService::request_for(const Ticket& ticket) const {
    return Requests(*this).of(ticket);
}

SessionOptions HttpService::session_options(std::uint32_t users) const {
    SessionOptions options;
    options.max_connections = users;
    options.timeout = options_.timeout;
    options.pinned = pinned_;
    options.kept_body_bytes = options_.kept_body_bytes;
    options.tls = options_.tls;
    return options;
}

}  // namespace asyncbench
