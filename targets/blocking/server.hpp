#pragma once

#include <httplib.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>

#include "harness/workload/reply.hpp"
#include "targets/blocking/connection.hpp"
#include "targets/blocking/shared_trials.hpp"
#include "targets/target.hpp"

namespace asyncbench::blocking {

/// cpp-httplib's server, with the connection's loop in our hands: it reads, parses, routes and writes; the
/// connection stays open for as long as clients want, and faults can reach the socket.
class Server : public httplib::Server {
  public:
    /// Listens. Throws Error when it cannot, UsageError for a profile out of range.
    explicit Server(const TargetOptions& options);

    /// Until interrupt().
    void run() { listen_after_bind(); }
    /// Ends listening and every connection.
    void interrupt();

    std::uint16_t port() const { return port_; }
    std::size_t open_connections() const;

  private:
    struct Exchange;

    bool process_and_close_socket(socket_t descriptor) override;
    void converse(Connection& connection);

    void listen_on(const std::string& address, std::uint16_t port);
    void answer(const httplib::Request& request, httplib::Response& response, Exchange& exchange);
    void answer_io(std::uint64_t id, httplib::Response& response, Exchange& exchange);
    void set_body(httplib::Response& response, Exchange& exchange) const;

    TargetOptions options_;
    std::uint16_t port_ = 0;
    SharedTrials trials_;

    mutable std::mutex mutex_;
    std::set<Connection*> connections_;
    bool interrupted_ = false;
};

}  // namespace asyncbench::blocking
