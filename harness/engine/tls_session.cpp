#include "harness/engine/tls_session.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace asyncbench {
namespace {

/// The longest text of a record (RFC 8446, section 5.1), so that one call decrypts it.
constexpr std::size_t record_bytes = 16384;

std::string problem_of(SSL* ssl) {
    const long verified = SSL_get_verify_result(ssl);
    const unsigned long code = ERR_peek_last_error();
    if (ERR_GET_REASON(code) == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL)
        return "the server speaks no version of HTTP that was offered (ALPN)";
    const char* const reason = ERR_reason_error_string(code);
    std::string words = reason != nullptr ? reason : "the connection is not as TLS demands";
    if (verified == X509_V_OK) return words;
    return fmt::format("{}: {}", words, X509_verify_cert_error_string(verified));
}

}  // namespace

const BIO_METHOD* TlsSession::wire() {
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        if (made == nullptr) throw std::bad_alloc();
        BIO_meth_set_read_ex(made, &TlsSession::read);
        BIO_meth_set_write_ex(made, &TlsSession::write);
        BIO_meth_set_ctrl(made, &TlsSession::control);
        return made;
    }();
    return method;
}

int TlsSession::read(BIO* bio, char* to, std::size_t size, std::size_t* count) {
    auto& self = *static_cast<TlsSession*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    *count = std::min(size, self.incoming_.size());
    if (*count == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    std::memcpy(to, self.incoming_.data(), *count);
    self.incoming_.remove_prefix(*count);
    return 1;
}

int TlsSession::write(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
    auto& self = *static_cast<TlsSession*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    self.outgoing_.append(from, size);
    *count = size;
    return 1;
}

long TlsSession::control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

TlsSession::TlsSession(TlsContext& context) : ssl_(context.connection()) {
    BIO* const bio = BIO_new(wire());
    if (bio == nullptr) throw std::bad_alloc();
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    // A whole record in one read of the wire, of what is there already.
    SSL_set_read_ahead(ssl_.get(), 1);
    shake_hands();
}

TlsSession::~TlsSession() {
    // Otherwise OpenSSL takes the connection for one that broke, and its session is not resumed any more.
    if (state_ != State::failed) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

std::string_view TlsSession::receive(std::string_view bytes) {
    incoming_ = bytes;
    plain_size_ = 0;
    if (state_ == State::handshake) shake_hands();
    if (state_ == State::open) decrypt();
    incoming_ = {};
    return {plain_.data(), plain_size_};
}

void TlsSession::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        state_ = State::open;
    } else {
        note(result);
    }
}

void TlsSession::decrypt() {
    while (state_ == State::open) {
        if (plain_.size() - plain_size_ < record_bytes) plain_.resize(plain_size_ + record_bytes);
        ERR_clear_error();
        std::size_t count = 0;
        const int result =
            SSL_read_ex(ssl_.get(), plain_.data() + plain_size_, plain_.size() - plain_size_, &count);
        if (result != 1) {
            note(result);
            return;
        }
        plain_size_ += count;
    }
}

void TlsSession::send(std::string_view text) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), text.data(), text.size(), &count);
    if (result != 1) note(result);
}

void TlsSession::note(int result) {
    const int kind = SSL_get_error(ssl_.get(), result);
    if (kind == SSL_ERROR_WANT_READ) return;
    if (kind == SSL_ERROR_ZERO_RETURN) {
        state_ = State::ended;
        return;
    }
    state_ = State::failed;
    problem_ = problem_of(ssl_.get());
    ERR_clear_error();
}

std::string_view TlsSession::take_outgoing() {
    taken_.swap(outgoing_);
    outgoing_.clear();
    return taken_;
}

bool TlsSession::is_resumed() const {
    return SSL_session_reused(ssl_.get()) == 1;
}

bool TlsSession::speaks_http2() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return std::string_view(reinterpret_cast<const char*>(name), length) == "h2";
}

}  // namespace asyncbench
