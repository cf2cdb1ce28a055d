#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// One HTTP request.
struct HttpRequest {
    std::string url = {};
    std::string method = "GET";
    std::vector<std::string> headers = {};  ///< whole lines, `Accept: text/html`
    std::string body = {};
};

}  // namespace asyncbench
