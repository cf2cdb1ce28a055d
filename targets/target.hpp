#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/io_kind.hpp"
#include "harness/work/profile.hpp"

namespace asyncbench {

/// What a target listens on and how it answers.
struct TargetOptions {
    std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address, no name
    std::uint16_t port = 0;             ///< 0: a free one
    Profile profile;
    std::uint64_t seed = 1;
    Nanoseconds request_timeout = std::chrono::seconds{10};  ///< from a request's first to its last byte
    Nanoseconds idle_timeout =
        std::chrono::minutes{5};    ///< between requests, and without progress in writing
    std::optional<IoKind> io = {};  ///< of the mock; io_uring where it is allowed, else epoll
    bool end_with_parent = false;   ///< serve_target(): end when the thread that started this process ends
};

/// Serves GET `/io/{trial}/{k}`, `/stats/{trial}` and `/healthz` on one event loop (ServerIo), in a thread of
/// its own: thousands of delayed responses at once. The constructor throws Error when the address cannot be
/// listened on. All members may be called from any thread.
class MockTarget {
  public:
    explicit MockTarget(const TargetOptions& options);
    ~MockTarget();  ///< stops
    MockTarget(const MockTarget&) = delete;
    MockTarget& operator=(const MockTarget&) = delete;

    std::uint16_t port() const;
    std::size_t connections() const;  ///< open now
    void stop();                      ///< closes every connection; waits for the thread; idempotent

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The same routes on cpp-httplib, a thread a connection, whose delay is a blocking wait: what a synchronous
/// framework does under the same load. Members as of MockTarget.
class BlockingTarget {
  public:
    explicit BlockingTarget(const TargetOptions& options);
    ~BlockingTarget();
    BlockingTarget(const BlockingTarget&) = delete;
    BlockingTarget& operator=(const BlockingTarget&) = delete;

    std::uint16_t port() const;
    std::size_t connections() const;
    void stop();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Runs the target of that name (own_targets, harness/trial/scenario.hpp) until SIGINT or SIGTERM. Writes
/// `{"event":"listening","target":"mock","address":"127.0.0.1",
/// "port":40123,"pid":17}` and a newline to `announce` when it accepts connections. Raises the soft limit of
/// descriptors to the hard one. To be called while the process has one thread, so that the signals reach it.
/// Throws Error when the address cannot be listened on, UsageError for a profile out of range and for another
/// name.
void serve_target(std::string_view name, const TargetOptions& options, std::ostream& announce);

}  // namespace asyncbench
