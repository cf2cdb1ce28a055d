#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "harness/work/service.hpp"

namespace asyncbench {

/// Blocking clients to borrow, for threads that live shorter than a connection should. Thread-safe.
class ClientPool {
  public:
    /// The service outlives the pool.
    explicit ClientPool(Service& service) : service_(service) {}

    /// Like BlockingClient::request, with a client that no other thread uses meanwhile.
    Response request(const Ticket& ticket);

  private:
    std::unique_ptr<BlockingClient> borrow();

    Service& service_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<BlockingClient>> idle_;
};

}  // namespace asyncbench
