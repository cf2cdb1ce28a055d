#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "harness/http/tls_options.hpp"

namespace asyncbench {

/// What a thread's TLS connections to one server have in common: who is trusted, our certificate, and the
/// session that new connections resume. TLS 1.2 and 1.3. One thread.
class TlsContext {
  public:
    struct Options {
        TlsOptions tls = {};
        std::string server = {};  ///< name or address that its certificate must be for; sent as SNI if a name
        bool resume = true;       ///< new connections resume the session of an earlier one
        bool offer_http2 = false;    ///< by ALPN, before HTTP/1.1
        bool require_http2 = false;  ///< offers nothing else
    };

    /// Throws Error, a sentence with what to do, where a file of the options cannot be used.
    explicit TlsContext(Options options);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// A connection's state, ready for its handshake; it resumes where that is possible. Never null.
    std::unique_ptr<SSL, void (*)(SSL*)> connection() const;

  private:
    static int keep_session(SSL* connection, SSL_SESSION* session);

    Options options_;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> session_;
};

}  // namespace asyncbench
