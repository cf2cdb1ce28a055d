#pragma once

#include <httplib.h>

#include <cstdint>

#include "harness/work/reply.hpp"
#include "targets/blocking/connection_server.hpp"
#include "targets/blocking/shared_trials.hpp"
#include "targets/target.hpp"

namespace asyncbench::blocking {

/// The target's side of the connections: cpp-httplib reads, parses, routes and writes; faults can reach the
/// socket.
class Server : public ConnectionServer {
  public:
    /// Listens. Throws Error when it cannot, UsageError for a profile out of range.
    explicit Server(const TargetOptions& options);
    ~Server() override { end(); }

  private:
    struct Exchange;

    void converse(Connection& connection) override;

    void answer(const httplib::Request& request, httplib::Response& response, Exchange& exchange);
    void answer_io(std::uint64_t id, httplib::Response& response, Exchange& exchange);
    void set_body(httplib::Response& response, Exchange& exchange) const;

    TargetOptions options_;
    SharedTrials trials_;
};

}  // namespace asyncbench::blocking
