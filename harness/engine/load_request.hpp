#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/engine/http2_session.hpp"
#include "harness/engine/response_query.hpp"
#include "harness/http/expected_status.hpp"

namespace asyncbench {

/// A field with this name in braces as its value says how long the body is, once its variables have values.
inline constexpr const char* body_length_variable = ":content-length";

/// One of the requests of a load. Its path, its fields' values and its body may have variables, `{{name}}`.
struct LoadRequest {
    std::string name = {};                   ///< in reports
    std::string text = {};                   ///< head and body, as they are sent by HTTP/1.1
    Http2Request http2 = {};                 ///< the same by HTTP/2
    bool to_head = false;                    ///< its method is HEAD, so that no body comes
    std::uint32_t weight = 1;                ///< how often, against the weights of the others
    ExpectedStatus expected = {};            ///< where it says nothing, what the load expects holds
    std::vector<ResponseCheck> checks = {};  ///< in the order in which they are made
    std::vector<Capture> captures = {};      ///< from its response, where that is right
};

/// In which order the requests of a load are sent.
enum class RequestOrder : std::uint8_t {
    in_turn,      ///< one after another, over all threads
    by_weight,    ///< drawn by the seed
    as_sequence,  ///< one after another by each channel, and after one that fails from the first one on
};

}  // namespace asyncbench
