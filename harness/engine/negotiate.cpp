#include "harness/engine/negotiate.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include "harness/engine/tls_io.hpp"

namespace asyncbench {
namespace {

/// How long an interruption may go unseen.
constexpr std::chrono::milliseconds longest_unseen_in_handshake{100};

class Handshake final : public IoHandler {
  public:
    bool has_ended() const { return has_ended_; }
    bool chose_http2() const { return chose_http2_; }

    void connected(ConnectionId /*connection*/, const Opened& how) override {
        has_ended_ = true;
        chose_http2_ = how.ok() && how.http2;
    }
    void received(ConnectionId /*connection*/, std::string_view /*bytes*/,
                  const Arrival& /*arrival*/) override {}
    void ended(ConnectionId /*connection*/, int /*error*/) override { has_ended_ = true; }

  private:
    bool has_ended_ = false;
    bool chose_http2_ = false;
};

}  // namespace

bool chooses_http2(const LoadSpec& spec, const std::atomic<bool>& interrupted) {
    TlsContext::Options tls = spec.tls.value();
    tls.offer_http2 = true;
    tls.require_http2 = false;
    const std::unique_ptr<Io> io = make_tls_io(make_io(IoKind::epoll, 1), tls, 1);
    const TimePoint deadline = steady_now() + spec.timeout;
    Handshake handshake;
    io->connect(0, spec.addresses.front());
    while (!handshake.has_ended() && !interrupted) {
        const TimePoint now = steady_now();
        if (now >= deadline) break;
        io->wait({.until = std::min<TimePoint>(deadline, now + longest_unseen_in_handshake)}, handshake);
    }
    return handshake.chose_http2();
}

}  // namespace asyncbench
