#pragma once

#include <httplib.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "async/clock.hpp"
#include "targets/blocking/connection.hpp"

namespace asyncbench::blocking {

/// cpp-httplib's server, with the connection's loop in the hands of its owner: the connection stays open for
/// as long as that wants, and what is done to it can reach the socket. A thread for each connection, a
/// bounded number of them; those over it are closed at once.
class ConnectionServer final : private httplib::Server {
  public:
    struct Options {
        std::string what;  ///< that listens, for the sentence when it cannot: `The target`
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;  ///< 0: a free one
        std::size_t most_connections = 0;
        Nanoseconds request_timeout{0};  ///< from a request's first to its last byte
        Nanoseconds idle_timeout{0};     ///< between requests, and without progress in writing
    };
    /// Serves one connection until it ends; called on its thread.
    using Converse = std::function<void(Connection&)>;
    /// Makes the response to a request; called on the connection's thread.
    using Answer = std::function<void(const httplib::Request&, httplib::Response&)>;

    /// Listens, and serves in threads that take the caller's mask of signals. What `converse` uses outlives
    /// this. Throws Error when it cannot listen.
    ConnectionServer(Options options, Converse converse);
    /// As end().
    ~ConnectionServer() override;

    std::uint16_t port() const { return port_; }
    std::size_t open_connections() const;

    struct Exchanged {
        bool written = false;        ///< the whole response
        bool client_closes = false;  ///< after this response
    };
    /// For Converse: reads one request, calls `answer` unless cpp-httplib refuses it, and writes the
    /// response: the whole body as it is, neither parts of it nor compressed.
    Exchanged exchange(Connection& connection, bool is_last, const Answer& answer);

    /// Ends listening and every connection; waits for the threads. Idempotent.
    void end();

  private:
    bool process_and_close_socket(socket_t descriptor) override;
    void listen_on(const std::string& address, std::uint16_t port);

    Options options_;
    Converse converse_;
    std::uint16_t port_ = 0;
    std::thread thread_;

    mutable std::mutex mutex_;
    std::set<Connection*> connections_;
    bool interrupted_ = false;
};

}  // namespace asyncbench::blocking
