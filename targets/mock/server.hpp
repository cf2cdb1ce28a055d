#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "targets/mock/connection.hpp"
#include "targets/target.hpp"

namespace asyncbench::mock {

/// Accepts connections and holds what they share. One thread runs it; only stop(), port() and
/// open_connections() may be called from others.
class Server {
  public:
    /// Listens. Throws Error when it cannot, UsageError for a profile out of range.
    explicit Server(const TargetOptions& options);

    void run();   ///< until stop()
    void stop();  ///< closes everything; does not wait
    std::uint16_t port() const { return port_; }
    std::size_t open_connections() const { return open_connections_.load(std::memory_order_relaxed); }

    // For connections.
    DueQueue& due() { return due_; }
    TrialBook& trials() { return trials_; }
    std::span<char> read_buffer() { return read_buffer_; }
    void forget(Connection::Owners::iterator connection);

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
    void listen();
    void accept();
    void pause_accepting();
    void sweep();
    std::uint32_t ticks_of(Nanoseconds time) const { return static_cast<std::uint32_t>(time / tick_length_); }

    TargetOptions options_;
    Nanoseconds tick_length_;
    std::array<IoHead, 6> heads_;  ///< of 200 and 500, for each persistence
    TrialBook trials_;
    std::vector<char> read_buffer_;
    std::atomic<std::size_t> open_connections_ = 0;
    std::uint16_t port_ = 0;
    std::uint32_t tick_ = 0;

    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor acceptor_{loop_};
    boost::asio::steady_timer sweep_timer_{loop_};
    boost::asio::steady_timer accept_timer_{loop_};
    DueQueue due_{loop_};
    Connection::Owners connections_;
};

}  // namespace asyncbench::mock
