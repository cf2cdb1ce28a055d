#pragma once

#include <cstdint>
#include <string_view>

#include "harness/engine/http2_session.hpp"
#include "harness/engine/kept_response.hpp"

namespace asyncbench {

/// One request as a channel sends it. What it refers to stays as it is until the channel's next request.
struct OutgoingRequest {
    std::string_view text = {};    ///< its bytes, of HTTP/1.1
    bool lasts = true;             ///< the text stays as it is until the end of the load
    Http2RequestView http2 = {};   ///< of HTTP/2
    bool to_head = false;          ///< its method is HEAD, so that no body comes
    std::uint32_t number = 0;      ///< which of the load's requests it is
    KeptResponse* kept = nullptr;  ///< where the response is kept; null: it is not
};

}  // namespace asyncbench
