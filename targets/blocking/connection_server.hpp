#pragma once

#include <httplib.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "async/clock.hpp"
#include "targets/blocking/connection.hpp"

namespace asyncbench::blocking {

/// cpp-httplib's server, with the connection's loop in the hands of who derives from it: the connection stays
/// open for as long as that wants, and what is done to it can reach the socket. A thread for each connection,
/// a bounded number of them; those over it are closed at once.
class ConnectionServer : public httplib::Server {
  public:
    struct Options {
        std::string what;  ///< that listens, for the sentence when it cannot: `The target`
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;  ///< 0: a free one
        std::size_t most_connections = 0;
        Nanoseconds request_timeout{0};  ///< from a request's first to its last byte
        Nanoseconds idle_timeout{0};     ///< between requests, and without progress in writing
    };

    std::uint16_t port() const { return port_; }
    std::size_t open_connections() const;

    /// Serves in a thread of its own, which takes the caller's mask of signals.
    void start();
    /// Ends listening and every connection; waits for the threads. Idempotent. Who derives calls it before
    /// its own members go.
    void end();

  protected:
    /// Listens. Throws Error when it cannot.
    explicit ConnectionServer(Options options);
    ~ConnectionServer() override;

    /// Serves one connection until it ends; called on its thread.
    virtual void converse(Connection& connection) = 0;

  private:
    bool process_and_close_socket(socket_t descriptor) override;
    void listen_on(const std::string& address, std::uint16_t port);

    Options options_;
    std::uint16_t port_ = 0;
    std::thread thread_;

    mutable std::mutex mutex_;
    std::set<Connection*> connections_;
    bool interrupted_ = false;
};

}  // namespace asyncbench::blocking
