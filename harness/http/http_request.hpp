#pragma once

#include <string>
#include <vector>

#include "harness/http/shared_bytes.hpp"

namespace asyncbench {

/// One HTTP request.
struct HttpRequest {
    std::string url = {};
    std::string method = "GET";
    std::vector<std::string> headers = {};  ///< whole lines, `Accept: text/html`
    SharedBytes body = {};
};

}  // namespace asyncbench
