#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/tls_context.hpp"

namespace asyncbench {

/// TLS of one connection, between the bytes on the wire and those of HTTP. It does no input or output itself:
/// who has the socket brings what was received and sends what take_outgoing() returns. OpenSSL reads the
/// bytes where they were received. One thread.
class TlsSession {
  public:
    enum class State {
        handshake,
        open,
        ended,   ///< the peer said that it sends no more
        failed,  ///< problem() says why
    };

    /// Begins the handshake. `context` outlives it.
    explicit TlsSession(TlsContext& context);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    State state() const { return state_; }

    /// Takes what was received. Returns what it says, which may be nothing, and is valid until the next call.
    /// What came before an end or a failure is returned with it.
    std::string_view receive(std::string_view bytes);
    /// Encrypts `text`. Only while the state is `open`.
    void send(std::string_view text);

    bool has_outgoing() const { return !outgoing_.empty(); }
    /// What is to be sent, of the handshake too. Valid until the next call.
    std::string_view take_outgoing();

    bool is_resumed() const;  ///< the handshake was the short one of a known session
    bool speaks_http2() const;
    const std::string& problem() const { return problem_; }

  private:
    static const BIO_METHOD* wire();
    static int read(BIO* bio, char* to, std::size_t size, std::size_t* count);
    static int write(BIO* bio, const char* from, std::size_t size, std::size_t* count);
    static long control(BIO* bio, int command, long number, void* pointer);

    void shake_hands();
    void decrypt();
    /// What a call of OpenSSL that did not succeed means.
    void note(int result);

    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    State state_ = State::handshake;
    std::string_view incoming_;  ///< what OpenSSL has not read yet
    std::string outgoing_;
    std::string taken_;  ///< by take_outgoing()
    std::vector<char> plain_;
    std::size_t plain_size_ = 0;
    std::string problem_;
};

}  // namespace asyncbench
