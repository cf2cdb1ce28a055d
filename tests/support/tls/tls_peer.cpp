#include "tests/support/tls/tls_peer.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace asyncbench::test {
namespace {

using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long count = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(count)};
}

int any_certificate(int, X509_STORE_CTX*) {
    return 1;
}

}  // namespace

Certificate::Certificate(const std::string& name)
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    X509* const made = certificate_.get();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 24 * 3600);
    X509_set_pubkey(made, key_.get());
    X509_NAME* const subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("asyncbench test"), -1, -1, 0);
    X509_set_issuer_name(made, subject);
    std::array<unsigned char, 16> address{};
    const bool is_address = inet_pton(AF_INET, name.c_str(), address.data()) == 1;
    const std::string names = (is_address ? "IP:" : "DNS:") + name;
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    require(extension != nullptr && X509_add_ext(made, extension, -1) == 1, "the name cannot be used");
    X509_EXTENSION_free(extension);
    require(X509_sign(made, key_.get(), EVP_sha256()) > 0, "the certificate cannot be signed");
}

std::string Certificate::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
    require(PEM_write_bio_X509(bio.get(), certificate_.get()) == 1, "no PEM of the certificate");
    return text_of(bio.get());
}

std::string Certificate::key_pem() const {
    const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
    require(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "no PEM of the key");
    return text_of(bio.get());
}

TlsPeer::TlsPeer(const Certificate& certificate) : TlsPeer(certificate, Options{}) {}

TlsPeer::TlsPeer(const Certificate& certificate, Options options)
    : options_(std::move(options)),
      context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free),
      ssl_(nullptr, &SSL_free) {
    SSL_CTX* const context = context_.get();
    require(SSL_CTX_use_certificate(context, certificate.certificate()) == 1, "no use of the certificate");
    require(SSL_CTX_use_PrivateKey(context, certificate.key()) == 1, "no use of the key");
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("t"), 1);
    if (options_.ask_for_certificate) SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &any_certificate);
    if (options_.version != 0) SSL_CTX_set_max_proto_version(context, options_.version);
    if (!options_.protocol.empty()) SSL_CTX_set_alpn_select_cb(context, &TlsPeer::choose, this);
    accept();
}

int TlsPeer::choose(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void* self) {
    const std::string& wanted = static_cast<TlsPeer*>(self)->options_.protocol;
    const std::string_view all(reinterpret_cast<const char*>(offered), offered_length);
    const std::size_t found = all.find(static_cast<char>(wanted.size()) + wanted);
    if (found == std::string_view::npos) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = offered + found + 1;
    *length = static_cast<unsigned char>(wanted.size());
    return SSL_TLSEXT_ERR_OK;
}

void TlsPeer::accept() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_.get());
    heard_.clear();
}

std::string TlsPeer::take(std::string_view bytes) {
    BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    std::array<char, 4096> text{};
    for (int count = 1; count > 0;) {
        count = SSL_read(ssl_.get(), text.data(), text.size());
        if (count > 0) heard_.append(text.data(), static_cast<std::size_t>(count));
    }
    return outgoing();
}

std::string TlsPeer::say(std::string_view text) {
    require(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0, "it cannot be said");
    return outgoing();
}

std::string TlsPeer::end() {
    SSL_shutdown(ssl_.get());
    return outgoing();
}

std::string TlsPeer::outgoing() {
    BIO* const bio = SSL_get_wbio(ssl_.get());
    std::string bytes = text_of(bio);
    (void)BIO_reset(bio);
    return bytes;
}

bool TlsPeer::saw_certificate() const {
    return SSL_get0_peer_certificate(ssl_.get()) != nullptr;
}

std::string TlsPeer::asked_for() const {
    const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
}

}  // namespace asyncbench::test
