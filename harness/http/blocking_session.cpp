#include "harness/http/blocking_session.hpp"

#include <utility>

namespace asyncbench {

BlockingSession::BlockingSession(const SessionOptions& options)
    : transfer_([&options] {
          SessionOptions own = options;
          own.max_connections = 1;
          return own;
      }()) {}

Response BlockingSession::get(const std::string& url) {
    transfer_.prepare(url);
    return transfer_.take_response(curl_easy_perform(transfer_.handle()));
}

Response SessionPool::get(const std::string& url) {
    auto session = borrow();
    Response response = session->get(url);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
    return response;
}

std::unique_ptr<BlockingSession> SessionPool::borrow() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto session = std::move(idle_.back());
            idle_.pop_back();
            return session;
        }
    }
    return std::make_unique<BlockingSession>(options_);
}

}  // namespace asyncbench
