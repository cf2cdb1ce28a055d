#include "harness/http/ask_once.hpp"

#include <algorithm>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/blocking_session.hpp"

namespace asyncbench {

Asked ask_once(const HttpRequest& request, SessionOptions options) {
    Asked asked;
    const TimePoint deadline = steady_now() + options.timeout;
    const auto origin = origin_of(request.url);
    if (origin && !is_address(origin->host) && options.pinned.empty()) {
        try {
            asked.addresses = look_up(origin->host, deadline, options.interrupted);
        } catch (const Error& error) {
            asked.response.error = TransportError::connect;
            asked.response.message = error.what();
            return asked;
        }
        options.pinned = pinned_to(asked.addresses, origin->port);
        options.timeout = std::max<Nanoseconds>(deadline - steady_now(), std::chrono::milliseconds{1});
    }
    BlockingSession session(options);
    asked.response = session.send(request);
    if (!asked.addresses.empty()) asked.address = session.peer_address();
    return asked;
}

}  // namespace asyncbench
