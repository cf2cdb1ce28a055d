#pragma once

namespace asyncbench {

/// Which HTTP the load generator speaks.
enum class HttpVersion {
    http1,       ///< HTTP/1.1
    http2,       ///< over TLS by ALPN, else by prior knowledge
    negotiated,  ///< over TLS what the server chooses by ALPN; else HTTP/1.1
};

}  // namespace asyncbench
