#pragma once

#include <string>

#include "harness/http/http_request.hpp"

namespace asyncbench {

/// The bytes of the request as HTTP/1.1 has them, with the header fields that libcurl would send: `run` and
/// `load` ask a server the same. The URL is of http://; a user and password in it become basic
/// authentication. Where `keep_alive` is false the server is asked to close. Throws UsageError where it is no
/// URL.
std::string request_text(const HttpRequest& request, bool keep_alive);

}  // namespace asyncbench
