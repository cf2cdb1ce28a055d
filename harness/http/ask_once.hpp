#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/http/http_request.hpp"
#include "harness/http/session_options.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// What a single question brought.
struct Asked {
    Response response;
    std::vector<std::string> addresses = {};  ///< where the URL's host may be; none where it says so itself
    std::string address = {};                 ///< of these, the one that the request was sent to
};

/// How much of an answer's body tells that there is one: SessionOptions::most_body_bytes of a probe.
inline constexpr std::uint64_t probe_body_bytes = std::uint64_t{64} * 1024;

/// Asks one question beside the load, and leaves no connection behind: a server that serves one connection
/// after another would serve nobody else. Blocks for at most the timeout, the lookup of the host's name
/// included, which SessionOptions::pinned makes needless; every address may be tried. Failures are in the
/// response, an interruption too. `known` addresses stand in place of the lookup; with SessionOptions::pinned
/// there are none.
Asked ask_once(const HttpRequest& request, SessionOptions options, std::vector<std::string> known = {});

}  // namespace asyncbench
