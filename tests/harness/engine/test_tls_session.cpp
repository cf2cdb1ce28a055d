// TLS without sockets: the bytes of each end are handed to the other, whose server side is OpenSSL's own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "async/errors.hpp"
#include "harness/engine/tls_session.hpp"
#include "tests/support/tls/tls_peer.hpp"

namespace asyncbench::tls_session_tests {

using test::Certificate;
using test::TlsPeer;
using testing::HasSubstr;
using testing::ThrowsMessage;
using State = TlsSession::State;

const Certificate& of_example() {
    static const Certificate certificate("server.example");
    return certificate;
}

/// A file with the text, which goes with the object.
class File {
  public:
    explicit File(const std::string& text) {
        static int number = 0;
        path_ =
            testing::TempDir() + "asyncbench-" + std::to_string(getpid()) + "-" + std::to_string(++number);
        std::ofstream(path_) << text;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// That trusts the certificate alone.
std::unique_ptr<TlsContext> trusting(const Certificate& certificate,
                                     const std::string& server = "server.example") {
    const File file(certificate.pem());
    return std::make_unique<TlsContext>(
        TlsContext::Options{.tls = {.authorities = file.path()}, .server = server});
}

TlsContext::Options trusting_all() {
    return {.tls = {.verify = false}, .server = "server.example"};
}

/// Hands bytes to and fro, `at_once` of the server's at a time, until neither end has any more.
std::string talk(TlsSession& client, TlsPeer& server, std::string to_client = {},
                 std::size_t at_once = std::string::npos) {
    std::string heard;
    while (client.has_outgoing() || !to_client.empty()) {
        if (client.has_outgoing()) to_client += server.take(client.take_outgoing());
        heard += client.receive(std::string_view(to_client).substr(0, at_once));
        to_client.erase(0, at_once);
    }
    return heard;
}

TEST(TlsSession, TalksToAServerThatItTrusts) {
    const auto context = trusting(of_example());
    TlsPeer server(of_example());
    TlsSession client(*context);
    EXPECT_EQ(client.state(), State::handshake);
    talk(client, server);
    ASSERT_EQ(client.state(), State::open) << client.problem();
    EXPECT_EQ(server.asked_for(), "server.example");

    client.send("GET / HTTP/1.1\r\n\r\n");
    talk(client, server);
    EXPECT_EQ(server.heard(), "GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(talk(client, server, server.say("HTTP/1.1 200 OK\r\n\r\n")), "HTTP/1.1 200 OK\r\n\r\n");
    EXPECT_FALSE(client.speaks_http2());
}

TEST(TlsSession, TakesWhatComesInAnyPieces) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsContext context(trusting_all());
        TlsPeer server(of_example(), {.version = version});
        TlsSession client(context);
        talk(client, server, {}, 1);
        ASSERT_EQ(client.state(), State::open) << client.problem();
        const std::string text(100'000, 'x');  // several records
        EXPECT_EQ(talk(client, server, server.say(text), 1000), text);
        client.send(text);
        talk(client, server);
        EXPECT_EQ(server.heard(), text);
    }
}

TEST(TlsSession, RefusesACertificateThatIsNotTrusted) {
    const auto context = trusting(Certificate("other.example"));
    TlsPeer server(of_example());
    TlsSession client(*context);
    talk(client, server);
    EXPECT_EQ(client.state(), State::failed);
    EXPECT_THAT(client.problem(), HasSubstr("self-signed certificate"));
}

TEST(TlsSession, RefusesACertificateForAnotherName) {
    const auto context = trusting(of_example(), "elsewhere.example");
    TlsPeer server(of_example());
    TlsSession client(*context);
    talk(client, server);
    EXPECT_EQ(client.state(), State::failed);
    EXPECT_THAT(client.problem(), HasSubstr("hostname mismatch"));
}

TEST(TlsSession, KnowsACertificateForAnAddress) {
    const Certificate certificate("127.0.0.1");
    for (const std::string address : {"127.0.0.1", "127.0.0.2"}) {
        const auto context = trusting(certificate, address);
        TlsPeer server(certificate);
        TlsSession client(*context);
        talk(client, server);
        EXPECT_EQ(client.state(), address == "127.0.0.1" ? State::open : State::failed);
        EXPECT_EQ(server.asked_for(), "") << "an address is no name (RFC 6066, section 3)";
    }
}

TEST(TlsSession, ResumesTheSessionOfAnEarlierConnectionUnlessToldNotTo) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const bool resume : {true, false}) {
            TlsContext::Options options = trusting_all();
            options.resume = resume;
            TlsContext context(options);
            TlsPeer server(of_example(), {.version = version});
            for (int connection = 0; connection < 3; ++connection) {
                if (connection > 0) server.accept();
                TlsSession client(context);
                talk(client, server);
                ASSERT_EQ(client.state(), State::open) << client.problem();
                EXPECT_EQ(client.is_resumed(), resume && connection > 0);
                talk(client, server, server.end());
                EXPECT_EQ(client.state(), State::ended);
            }
        }
    }
}

TEST(TlsSession, AgreesOnHttp2WhereBothWantIt) {
    for (const bool offered : {true, false}) {
        TlsContext::Options options = trusting_all();
        options.offer_http2 = offered;
        TlsContext context(options);
        TlsPeer server(of_example(), {.protocol = offered ? "h2" : "http/1.1"});
        TlsSession client(context);
        talk(client, server);
        EXPECT_EQ(client.state(), State::open) << client.problem();
        EXPECT_EQ(client.speaks_http2(), offered);
    }
}

TEST(TlsSession, FailsWhereTheServerHasNoHttp2ThoughItIsRequired) {
    TlsContext::Options options = trusting_all();
    options.require_http2 = true;
    TlsContext context(options);
    TlsPeer server(of_example(), {.protocol = "http/1.1"});
    TlsSession client(context);
    talk(client, server);
    EXPECT_EQ(client.state(), State::failed);
    EXPECT_THAT(client.problem(), HasSubstr("ALPN"));
}

TEST(TlsSession, PresentsItsCertificateWhereItIsAsked) {
    TlsContext::Options options = trusting_all();
    const File certificate(of_example().pem());
    const File key(of_example().key_pem());
    for (const bool has_one : {false, true}) {
        if (has_one) options.tls = {.verify = false, .certificate = certificate.path(), .key = key.path()};
        TlsContext context(options);
        TlsPeer server(of_example(), {.ask_for_certificate = true});
        TlsSession client(context);
        talk(client, server);
        EXPECT_EQ(client.state(), State::open) << client.problem();
        EXPECT_EQ(server.saw_certificate(), has_one);
    }
}

TEST(TlsSession, SaysWhyWhatCameIsNoTls) {
    TlsContext context(trusting_all());
    TlsSession client(context);
    client.receive("HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_EQ(client.state(), State::failed);
    EXPECT_THAT(client.problem(), HasSubstr("wrong version number"));
}

TEST(TlsSession, ReturnsWhatCameBeforeTheEnd) {
    TlsContext context(trusting_all());
    TlsPeer server(of_example());
    TlsSession client(context);
    talk(client, server);
    std::string last = server.say("last");
    last += server.end();
    EXPECT_EQ(talk(client, server, last), "last");
    EXPECT_EQ(client.state(), State::ended);
}

TEST(TlsContext, NamesTheFileThatCannotBeUsed) {
    const auto made_with = [](TlsOptions tls) { return [tls] { TlsContext({.tls = tls}); }; };
    const File nonsense_file("nonsense");
    const File good_file(of_example().pem());
    const File key_file(Certificate("x.example").key_pem());
    const std::string& nonsense = nonsense_file.path();
    const std::string& good = good_file.path();
    const std::string& key = key_file.path();
    EXPECT_THAT(made_with({.authorities = nonsense}), ThrowsMessage<Error>(HasSubstr(nonsense)));
    EXPECT_THAT(made_with({.authorities = "/no/such/file"}), ThrowsMessage<Error>(HasSubstr("--cacert")));
    EXPECT_THAT(made_with({.certificate = nonsense}), ThrowsMessage<Error>(HasSubstr("--cert")));
    EXPECT_THAT(made_with({.certificate = good, .key = nonsense}), ThrowsMessage<Error>(HasSubstr("--key")));
    EXPECT_THAT(made_with({.certificate = good, .key = key}), ThrowsMessage<Error>(HasSubstr("--key")));
}

}  // namespace asyncbench::tls_session_tests
