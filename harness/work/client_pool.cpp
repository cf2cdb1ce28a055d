#include "harness/work/client_pool.hpp"

#include <utility>

namespace asyncbench {

Response ClientPool::request(const Ticket& ticket) {
    auto client = borrow();
    Response response = client->request(ticket);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
    return response;
}

std::unique_ptr<BlockingClient> ClientPool::borrow() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto client = std::move(idle_.back());
            idle_.pop_back();
            return client;
        }
    }
    return service_.blocking();
}

}  // namespace asyncbench
