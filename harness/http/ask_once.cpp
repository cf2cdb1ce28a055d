#include "harness/http/ask_once.hpp"

#include <algorithm>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/blocking_session.hpp"

namespace asyncbench {

Asked ask_once(const HttpRequest& request, SessionOptions options, std::vector<std::string> known) {
    Asked asked{.response = {}, .addresses = std::move(known)};
    const TimePoint deadline = steady_now() + options.timeout;
    const auto origin = origin_of(request.url);
    const bool is_known = !asked.addresses.empty();
    if (origin && !is_known && !is_address(origin->host) && options.pinned.empty()) {
        try {
            asked.addresses = look_up(origin->host, deadline, options.interrupted);
        } catch (const Error& error) {
            asked.response.error = TransportError::connect;
            asked.response.message = error.what();
            return asked;
        }
        options.timeout = std::max<Nanoseconds>(deadline - steady_now(), std::chrono::milliseconds{1});
    }
    if (origin && !asked.addresses.empty()) options.pinned = pinned_to(asked.addresses, origin->port);
    BlockingSession session(options);
    asked.response = session.send(request);
    if (!asked.addresses.empty()) asked.address = session.peer_address();
    return asked;
}

}  // namespace asyncbench
