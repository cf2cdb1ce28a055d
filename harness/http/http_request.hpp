#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// One HTTP request.
struct HttpRequest {
    std::string url;
    std::string method = "GET";
    std::vector<std::string> headers = {};  ///< whole lines, `Accept: text/html`
    std::string body = {};

    /// A GET with no headers of its own.
    bool is_plain() const { return headers.empty() && body.empty() && method == "GET"; }
};

}  // namespace asyncbench
