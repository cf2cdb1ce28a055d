#include "harness/http/blocking_session.hpp"

namespace asyncbench {

BlockingSession::BlockingSession(const SessionOptions& options)
    : transfer_([&options] {
          SessionOptions own = options;
          own.max_connections = 1;
          return own;
      }()) {}

Response BlockingSession::send(const HttpRequest& request) {
    transfer_.prepare(request);
    return transfer_.take_response(curl_easy_perform(transfer_.handle()));
}

}  // namespace asyncbench
