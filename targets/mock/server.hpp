#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/engine/server_io.hpp"
#include "targets/mock/connection.hpp"
#include "targets/target.hpp"

namespace asyncbench::mock {

/// Accepts connections and holds what they share. One thread makes and runs it; only stop(), port() and
/// open_connections() may be called from others.
class Server final : private ServerIoHandler {
  public:
    /// Listens. Throws Error when it cannot, UsageError for a profile out of range.
    explicit Server(const TargetOptions& options);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    void run();   ///< until stop(); closes everything then
    void stop();  ///< does not wait
    std::uint16_t port() const { return port_; }
    std::size_t open_connections() const { return open_connections_.load(std::memory_order_relaxed); }

    // For connections.
    DueQueue& due() { return due_; }
    TrialBook& trials() { return trials_; }
    ServerIo& io() { return *io_; }
    std::string& scratch() { return scratch_; }
    void go_on_later(ConnectionId connection) { writing_on_.push_back(connection); }
    void close(ConnectionId connection);

    Reply reply_to(std::uint64_t id) const { return reply_for(options_.profile, options_.seed, id); }
    /// Its head is written to `head`, of which it holds a view.
    Outgoing io_response(std::uint64_t id, const Reply& reply, Persistence persistence, Nanoseconds held,
                         std::span<char, longest_io_head> head) const;
    std::string stats_response(std::string_view trial, Persistence persistence) const;

    /// A coarse clock, for the limits of slowness: precise timers for each request would cost more than
    /// parsing.
    std::uint32_t tick() const { return tick_; }
    std::uint32_t request_ticks() const { return ticks_of(options_.request_timeout); }
    std::uint32_t idle_ticks() const { return ticks_of(options_.idle_timeout); }
    std::uint32_t linger_ticks() const { return ticks_of(std::chrono::seconds{2}); }

  private:
    void accepted(int descriptor, int error) override;
    void received(ConnectionId connection, std::string_view bytes, const Arrival& arrival) override;
    void ended(ConnectionId connection, int error) override;
    void sent(ConnectionId connection) override;

    void listen();
    void sweep();
    void write_on();
    TimePoint next_event() const;
    std::uint32_t ticks_of(Nanoseconds time) const { return static_cast<std::uint32_t>(time / tick_length_); }

    TargetOptions options_;
    Nanoseconds tick_length_;
    std::array<IoHead, 6> heads_;  ///< of 200 and 500, for each persistence
    TrialBook trials_;
    std::string scratch_;
    std::atomic<std::size_t> open_connections_ = 0;
    std::uint16_t port_ = 0;
    std::uint32_t tick_ = 0;
    TimePoint next_sweep_{};
    TimePoint accept_again_ = TimePoint::max();

    std::atomic<bool> stopping_ = false;
    int listening_ = -1;
    std::uint32_t capacity_;  ///< connections at once
    std::unique_ptr<ServerIo> io_;
    DueQueue due_;
    std::deque<std::optional<Connection>> connections_;  // which stay where they are
    std::vector<ConnectionId> unused_;
    std::vector<ConnectionId> writing_on_;
};

}  // namespace asyncbench::mock
