#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace asyncbench::test {

/// A private key with a certificate for a name or an address that it signed itself, made anew.
class Certificate {
  public:
    explicit Certificate(const std::string& name);

    std::string pem() const;      ///< of the certificate
    std::string key_pem() const;  ///< of the key
    X509* certificate() const { return certificate_.get(); }
    EVP_PKEY* key() const { return key_.get(); }

  private:
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
    std::unique_ptr<X509, void (*)(X509*)> certificate_;
};

/// The server's end of TLS, as OpenSSL has it, without a socket: bytes in, bytes out.
class TlsPeer {
  public:
    struct Options {
        bool ask_for_certificate = false;  ///< of the client
        std::string protocol = {};         ///< that it chooses by ALPN, such as `h2`; empty: none
        int version = 0;                   ///< TLS1_2_VERSION or TLS1_3_VERSION; 0: the client's best
    };
    explicit TlsPeer(const Certificate& certificate);
    TlsPeer(const Certificate& certificate, Options options);
    TlsPeer(const TlsPeer&) = delete;
    TlsPeer& operator=(const TlsPeer&) = delete;

    /// A new connection; sessions of earlier ones can be resumed.
    void accept();
    /// Takes bytes of the client, and returns those to send to it.
    std::string take(std::string_view bytes);
    /// Encrypts.
    std::string say(std::string_view text);
    /// `close_notify`.
    std::string end();

    const std::string& heard() const { return heard_; }  ///< decrypted text of the client
    bool saw_certificate() const;
    std::string asked_for() const;  ///< the name that the client sent (SNI)

  private:
    static int choose(SSL* ssl, const unsigned char** chosen, unsigned char* length,
                      const unsigned char* offered, unsigned offered_length, void* self);
    std::string outgoing();

    Options options_;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    std::string heard_;
};

}  // namespace asyncbench::test
