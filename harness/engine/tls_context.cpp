#include "harness/engine/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string_view>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"

namespace asyncbench {
namespace {

using namespace std::string_view_literals;

// Each name after its length, as ALPN has them (RFC 7301).
constexpr std::string_view http2_or_http1 = "\x02h2\x08http/1.1"sv;
constexpr std::string_view http2_alone = "\x02h2"sv;
constexpr std::string_view http1_alone = "\x08http/1.1"sv;

std::string words_of_openssl() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* const reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "OpenSSL gives no reason";
}

void require(bool done, const std::string& what, std::string_view advice) {
    if (!done) throw Error(fmt::format("{}: {}. {}", what, words_of_openssl(), advice));
}

/// Without it OpenSSL asks the terminal for the password of an encrypted key, and waits.
int no_password(char*, int, int, void*) {
    return 0;
}

void trust(SSL_CTX* context, const TlsOptions& tls) {
    const std::string file = authorities_file(tls);
    if (file.empty()) {
        require(SSL_CTX_set_default_verify_paths(context) == 1,
                "The system's trusted certificates cannot be read", "Name a file with --cacert.");
    } else {
        require(SSL_CTX_load_verify_file(context, file.c_str()) == 1,
                fmt::format("The trusted certificates of {} cannot be read", file),
                "Check the file of --cacert; it has to be PEM.");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

void present(SSL_CTX* context, const TlsOptions& tls) {
    const std::string& key = tls.key.empty() ? tls.certificate : tls.key;
    require(SSL_CTX_use_certificate_chain_file(context, tls.certificate.c_str()) == 1,
            fmt::format("The certificate {} cannot be used", tls.certificate), "Check the file of --cert.");
    require(SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1,
            fmt::format("The private key {} cannot be used", key), "Check the file of --key.");
    require(SSL_CTX_check_private_key(context) == 1,
            fmt::format("The private key {} is not that of {}", key, tls.certificate),
            "Check --cert and --key.");
}

}  // namespace

TlsContext::TlsContext(Options options)
    : options_(std::move(options)),
      context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
      session_(nullptr, &SSL_SESSION_free) {
    SSL_CTX* const context = context_.get();
    require(context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1,
            "TLS cannot be set up", "Check the configuration of OpenSSL.");
    SSL_CTX_set_default_passwd_cb(context, &no_password);
    if (options_.tls.verify) trust(context, options_.tls);
    if (!options_.tls.certificate.empty()) present(context, options_.tls);

    const std::string_view protocols = options_.require_http2 ? http2_alone
                                       : options_.offer_http2 ? http2_or_http1
                                                              : http1_alone;
    require(SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(protocols.data()),
                                    static_cast<unsigned>(protocols.size())) == 0,
            "ALPN cannot be set up", "Check the configuration of OpenSSL.");

    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_session_cache_mode(
        context, options_.resume ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL : SSL_SESS_CACHE_OFF);
    if (options_.resume) SSL_CTX_sess_set_new_cb(context, &TlsContext::keep_session);
}

TlsContext::~TlsContext() = default;

/// The newest one: a server of TLS 1.3 sends several, of which each should be used once (RFC 8446, C.4), and
/// each connection that resumes brings more.
int TlsContext::keep_session(SSL* connection, SSL_SESSION* session) {
    auto& self = *static_cast<TlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
    self.session_.reset(session);
    return 1;  // it is ours now
}

std::unique_ptr<SSL, void (*)(SSL*)> TlsContext::connection() const {
    std::unique_ptr<SSL, void (*)(SSL*)> connection(SSL_new(context_.get()), &SSL_free);
    require(connection != nullptr, "TLS cannot be set up", "The system may lack memory.");
    const std::string& server = options_.server;
    bool named = true;
    if (is_address(server)) {
        named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection.get()), server.c_str()) == 1;
    } else if (!server.empty()) {
        SSL_set_hostflags(connection.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        named = SSL_set1_host(connection.get(), server.c_str()) == 1 &&
                SSL_set_tlsext_host_name(connection.get(), server.c_str()) == 1;
    }
    require(named, fmt::format("'{}' is no name of a server", server), "Check the URL.");
    if (session_ != nullptr) SSL_set_session(connection.get(), session_.get());
    SSL_set_connect_state(connection.get());
    return connection;
}

}  // namespace asyncbench
