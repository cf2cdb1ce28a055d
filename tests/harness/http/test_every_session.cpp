// What all sessions have in common: each test holds for every way of sending a request.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "async/run.hpp"
#include "async/task.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/async_session.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/poll_session.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"

namespace asyncbench::every_session_tests {

using namespace std::chrono_literals;
using test::always;
using test::InProcessTarget;
using test::KeptServer;
using test::ok_answer;
using test::RawServer;
using test::with_delay;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// One session of some kind, asked for one response at a time.
class Client {
  public:
    virtual ~Client() = default;
    virtual Response send(const HttpRequest& request) = 0;
    Response get(const std::string& url) { return send({.url = url}); }
};

class BlockingSessionClient final : public Client {
  public:
    explicit BlockingSessionClient(const SessionOptions& options) : session_(options) {}
    Response send(const HttpRequest& request) override { return session_.send(request); }

  private:
    BlockingSession session_;
};

class PollClient final : public Client {
  public:
    explicit PollClient(const SessionOptions& options) : session_(options) {}
    Response send(const HttpRequest& request) override {
        Response result;
        session_.send(request, [&](Response response) { result = std::move(response); });
        session_.run();
        return result;
    }

  private:
    PollSession session_;
};

class CallbackClient final : public Client {
  public:
    explicit CallbackClient(const SessionOptions& options) : session_(loop_, options) {}
    Response send(const HttpRequest& request) override {
        Response result;
        session_.send(request, [&](Response response) {
            result = std::move(response);
            loop_.stop();
        });
        loop_.run();
        return result;
    }

  private:
    Loop loop_;
    AsyncSession session_;
};

class CoroutineClient final : public Client {
  public:
    explicit CoroutineClient(const SessionOptions& options) : session_(loop_, options) {}
    Response send(const HttpRequest& request) override { return run(loop_, fetch(request)); }

  private:
    Task<Response> fetch(const HttpRequest& request) { co_return co_await session_.send(request); }

    Loop loop_;
    AsyncSession session_;
};

template <typename Kind>
std::unique_ptr<Client> make(const SessionOptions& options) {
    return std::make_unique<Kind>(options);
}

using Make = std::unique_ptr<Client> (*)(const SessionOptions&);
const std::map<std::string, Make> kinds{{"Blocking", make<BlockingSessionClient>},
                                        {"Poll", make<PollClient>},
                                        {"Callback", make<CallbackClient>},
                                        {"Coroutine", make<CoroutineClient>}};

class EverySession : public testing::TestWithParam<std::string> {
  protected:
    static std::unique_ptr<Client> client(Nanoseconds timeout = 30s) {
        SessionOptions options;
        options.timeout = timeout;
        return client_with(options);
    }
    static std::unique_ptr<Client> client_with(const SessionOptions& options) {
        return kinds.at(GetParam())(options);
    }
};

TEST_P(EverySession, BringsStatusAndBody) {
    const InProcessTarget target;
    const auto session = client();
    const Response response = session->get(target.url(7));
    EXPECT_EQ(response.error, TransportError::none) << response.message;
    EXPECT_TRUE(response.ok());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, body_for(InProcessTarget::seed, 7, 1024));
    EXPECT_TRUE(response.new_connection);
}

TEST_P(EverySession, SendsTheMethodTheHeadersAndTheBody) {
    const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    const auto session = client();
    const Response put = session->send({.url = server.url() + "items",
                                        .method = "PUT",
                                        .headers = {"Content-Type: application/json", "X-Mine: 1"},
                                        .body = "{\"a\": 1}"});
    EXPECT_EQ(put.body, "ok") << put.message;
    EXPECT_THAT(server.received(), StartsWith("PUT /items HTTP/1.1\r\n"));
    EXPECT_THAT(server.received(), HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(server.received(), HasSubstr("\r\nX-Mine: 1\r\n"));
    EXPECT_THAT(server.received(), HasSubstr("\r\nContent-Length: 8\r\n"));
    EXPECT_THAT(server.received(), EndsWith("\r\n\r\n{\"a\": 1}"));

    // Nothing of it is left in the requests after it.
    for (const char* method : {"GET", "DELETE", "POST", "GET"}) {
        EXPECT_EQ(session->send({.url = server.url(), .method = method}).body, "ok");
        EXPECT_THAT(server.received(), StartsWith(std::string(method) + " / HTTP/1.1\r\n"));
        EXPECT_THAT(server.received(), Not(HasSubstr("X-Mine")));
        EXPECT_EQ(server.received().find("Content-Length: 0") != std::string::npos,
                  std::string_view(method) == "POST");
    }
}

TEST_P(EverySession, SendsEachUrlAsItIsWhateverItSentBefore) {
    const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    const std::string origin = server.url().substr(0, server.url().size() - 1);
    const auto session = client();
    const std::vector<std::pair<std::string, std::string>> paths{{"/io/t/1", "/io/t/1"},
                                                                 {"/io/t/22", "/io/t/22"},
                                                                 {"/a?x=1&y=2", "/a?x=1&y=2"},
                                                                 {"/b", "/b"},
                                                                 {"/c/../d/./e", "/d/e"},
                                                                 {"/f", "/f"},
                                                                 {"/g%20h", "/g%20h"},
                                                                 {"/i#part", "/i"},
                                                                 {"/j", "/j"},
                                                                 {"", "/"},
                                                                 {"/?q", "/?q"},
                                                                 {"/k", "/k"}};
    for (const auto& [asked, sent] : paths) {
        EXPECT_EQ(session->get(origin + asked).body, "ok");
        EXPECT_THAT(server.received(), StartsWith("GET " + sent + " HTTP/1.1\r\n")) << asked;
    }
    const RawServer other("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nother");
    EXPECT_EQ(session->get(other.url() + "k").body, "other");
    EXPECT_EQ(session->get("http://no such host/").error, TransportError::other);
    EXPECT_EQ(session->get(server.url() + "k").body, "ok");
}

TEST_P(EverySession, AsksForTheHeadAlone) {
    const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
    const Response response = client()->send({.url = server.url(), .method = "HEAD"});
    EXPECT_TRUE(response.ok()) << response.message;
    EXPECT_EQ(response.body, "");
}

TEST_P(EverySession, KeepsItsConnection) {
    const InProcessTarget target;
    const auto session = client();
    for (std::uint64_t id = 0; id < 50; ++id) {
        const Response response = session->get(target.url(id));
        ASSERT_TRUE(response.ok());
        EXPECT_EQ(response.new_connection, id == 0);
    }
    EXPECT_EQ(target.stats().connections, 1U);
    EXPECT_EQ(target.stats().requests, 50U);
}

TEST_P(EverySession, GivesAnErrorStatusAsAResponse) {
    Profile profile;
    profile.error_rate = 1;
    const InProcessTarget target(profile);
    const Response response = client()->get(target.url(0));
    EXPECT_EQ(response.error, TransportError::none);
    EXPECT_EQ(response.status, 500);
    EXPECT_FALSE(response.ok());
}

TEST_P(EverySession, BringsABodyOfManyMegabytesWhole) {
    Profile profile;
    profile.payload_bytes = 24U << 20;
    const InProcessTarget target(profile);
    const auto session = client();
    for (std::uint64_t id = 0; id < 2; ++id) {
        const Response response = session->get(target.url(id));
        ASSERT_EQ(response.error, TransportError::none) << response.message;
        EXPECT_TRUE(response.body == body_for(InProcessTarget::seed, id, profile.payload_bytes));
    }
    EXPECT_EQ(target.stats().served.count, 2U);
}

TEST_P(EverySession, BringsAnEmptyBody) {
    Profile profile;
    profile.payload_bytes = 0;
    const InProcessTarget target(profile);
    const Response response = client()->get(target.url(0));
    EXPECT_TRUE(response.ok());
    EXPECT_EQ(response.body, "");
}

TEST_P(EverySession, WaitsForDribbledBytes) {
    Profile profile = always(&FaultShares::dribble);
    profile.delay = DelaySpec::parse("10ms");
    const InProcessTarget target(profile);
    const Response response = client()->get(target.url(3));
    EXPECT_TRUE(response.ok()) << response.message;
    EXPECT_EQ(response.body, body_for(InProcessTarget::seed, 3, 1024));
}

TEST_P(EverySession, TellsARefusedConnection) {
    const Response response =
        client()->get("http://127.0.0.1:" + std::to_string(test::refusing_port()) + "/");
    EXPECT_EQ(response.error, TransportError::connect);
    EXPECT_EQ(response.status, 0);
    EXPECT_FALSE(response.ok());
    EXPECT_THAT(response.message, HasSubstr("(Connection refused)"));
}

TEST_P(EverySession, TellsAHostThatDoesNotExist) {
    EXPECT_EQ(client()->get("http://no-such-host.invalid/").error, TransportError::connect);
}

TEST_P(EverySession, TellsAConnectionClosedBeforeTheResponse) {
    const InProcessTarget target(always(&FaultShares::close));
    const auto session = client();
    for (std::uint64_t id = 0; id < 3; ++id) {
        const Response response = session->get(target.url(id));
        EXPECT_EQ(response.error, TransportError::closed) << response.message;
        EXPECT_EQ(response.status, 0);
        EXPECT_EQ(response.body, "");
    }
}

TEST_P(EverySession, TellsAConnectionClosedInTheBody) {
    const InProcessTarget target(always(&FaultShares::truncate));
    const Response response = client()->get(target.url(0));
    EXPECT_EQ(response.error, TransportError::closed) << response.message;
    EXPECT_EQ(response.status, 0);
    EXPECT_EQ(response.body, "");
}

TEST_P(EverySession, TellsAConnectionClosedInTheHeader) {
    Profile profile = always(&FaultShares::truncate);
    profile.payload_bytes = 0;
    const InProcessTarget target(profile);
    const Response response = client()->get(target.url(0));
    EXPECT_EQ(response.error, TransportError::closed) << response.message;
}

TEST_P(EverySession, UnderstandsInterimResponsesChunksAndTrailers) {
    const RawServer server(
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n"
        "5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n");
    const Response response = client()->get(server.url());
    EXPECT_TRUE(response.ok()) << response.message;
    EXPECT_EQ(response.body, "hello");
}

TEST_P(EverySession, TellsAnInterimResponseThatNothingFollows) {
    const RawServer server("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n");
    EXPECT_EQ(client()->get(server.url()).error, TransportError::closed);
}

TEST_P(EverySession, TellsAConnectionThatWasReset) {
    const RawServer server("", RawServer::Ending::reset);
    const Response response = client()->get(server.url());
    EXPECT_EQ(response.error, TransportError::closed) << response.message;
}

TEST_P(EverySession, TellsATimeoutOfAStalledRequest) {
    const InProcessTarget target(always(&FaultShares::stall));
    const auto before = Clock::now();
    const Response response = client(40ms)->get(target.url(0));
    EXPECT_EQ(response.error, TransportError::timeout) << response.message;
    EXPECT_GE(Clock::now() - before, 40ms);
    EXPECT_EQ(target.stats().requests, 1U);
}

TEST_P(EverySession, GoesOnAfterATimeout) {
    Profile profile;
    profile.faults.stall = 0.5;
    const InProcessTarget target(profile);
    const auto session = client(400ms);
    std::uint64_t timeouts = 0;
    std::uint64_t stalled = 0;
    for (std::uint64_t id = 0; id < 6; ++id) {
        const bool stalls = !reply_for(profile, InProcessTarget::seed, id).arrives();
        const Response response = session->get(target.url(id));
        if (response.error == TransportError::timeout) ++timeouts;
        if (stalls) ++stalled;
        EXPECT_EQ(response.error, stalls ? TransportError::timeout : TransportError::none);
    }
    EXPECT_EQ(timeouts, stalled);
    EXPECT_GT(stalled, 0U);
    EXPECT_LT(stalled, 6U);
}

TEST_P(EverySession, TellsAnAnswerThatIsNoHttp) {
    const RawServer server("SSH-2.0-OpenSSH_9.2p1\r\n\r\n");
    const Response response = client()->get(server.url());
    EXPECT_EQ(response.error, TransportError::other);
    EXPECT_NE(response.message, "");
}

TEST_P(EverySession, TellsAHeadThatIsTooLarge) {
    const RawServer server("HTTP/1.1 200 OK\r\nX-Big: " + std::string(200'000, 'a') +
                           "\r\nContent-Length: 0\r\n\r\n");
    const Response response = client()->get(server.url());
    EXPECT_EQ(response.error, TransportError::other);
    EXPECT_EQ(response.message, "The response's head has a line of more than 100 KiB, which libcurl refuses");
}

TEST_P(EverySession, TellsAnAddressThatIsNoUrl) {
    for (const char* url : {"", "http://", "not a url", "http://127.0.0.1:99999/", "file:///etc/hostname"}) {
        const Response response = client()->get(url);
        EXPECT_NE(response.error, TransportError::none) << url;
        EXPECT_NE(response.message, "") << url;
    }
}

TEST_P(EverySession, DoesNotUseAProxyOfTheEnvironment) {
    const InProcessTarget target;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    const Response response = client()->get(target.url(0));
    unsetenv("http_proxy");
    EXPECT_TRUE(response.ok()) << response.message;
}

TEST_P(EverySession, DoesNotFollowARedirect) {
    const RawServer server(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: "
        "close\r\n\r\n");
    const Response response = client()->get(server.url());
    EXPECT_EQ(response.status, 302);
    EXPECT_EQ(response.message, "http://127.0.0.1:1/") << "who wonders is told where to";
}

TEST_P(EverySession, ForgetsNothingOfOneResponseInTheNext) {
    Profile profile;
    profile.error_rate = 0.3;
    profile.faults.truncate = 0.3;
    const InProcessTarget target(profile);
    const auto session = client();
    for (std::uint64_t id = 0; id < 40; ++id) {
        const Reply reply = reply_for(profile, InProcessTarget::seed, id);
        const Response response = session->get(target.url(id));
        ASSERT_EQ(response.error, reply.arrives() ? TransportError::none : TransportError::closed);
        ASSERT_EQ(response.status, reply.arrives() ? reply.status : 0);
        ASSERT_EQ(response.body, reply.arrives() ? body_for(InProcessTarget::seed, id, 1024) : "");
        ASSERT_EQ(response.message.empty(), reply.arrives());
    }
}

// Requests after others

TEST_P(EverySession, SendsAgainWhatAConnectionThatHadJustEndedDidNotAnswer) {
    // The race of a server that ends idle connections, lost each time.
    const KeptServer server([](const KeptServer::Request& request) {
        return request.on_connection == 0 ? ok_answer() : std::string();
    });
    const auto session = client();
    for (int i = 0; i < 20; ++i) {
        const Response response = session->get(server.url());
        ASSERT_EQ(response.error, TransportError::none) << response.message << ", request " << i;
        ASSERT_TRUE(response.new_connection);
    }
    EXPECT_EQ(server.connections(), 20U);
}

TEST_P(EverySession, SendsAgainWhateverTheMethod) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.on_connection == 0 ? ok_answer() : std::string();
    });
    const auto session = client();
    for (int i = 0; i < 8; ++i) {
        for (const char* method : {"GET", "DELETE", "POST"}) {
            const Response response =
                session->send({.url = server.url(), .method = method, .headers = {"X-Mine: 1"}});
            ASSERT_TRUE(response.ok()) << response.message;
            EXPECT_THAT(server.heads().back(), StartsWith(std::string(method) + " / HTTP/1.1\r\n"));
            EXPECT_THAT(server.heads().back(), HasSubstr("\r\nX-Mine: 1\r\n"));
        }
    }
}

TEST_P(EverySession, DoesNotSendAgainWhatANewConnectionDidNotAnswer) {
    const KeptServer server([](const KeptServer::Request&) { return std::string(); });
    const auto session = client();
    for (std::size_t i = 1; i <= 8; ++i) {
        EXPECT_EQ(session->get(server.url()).error, TransportError::closed);
        EXPECT_EQ(server.heads().size(), i);
    }
}

TEST_P(EverySession, SendsTheNewestProtocolAgainAfterAnAnswerOfAnOlderOne) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.connection == 0 ? "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nold" : ok_answer();
    });
    const auto session = client();
    EXPECT_EQ(session->get(server.url()).body, "old");
    EXPECT_EQ(session->get(server.url()).body, "ok");
    EXPECT_THAT(server.heads().back(), StartsWith("GET / HTTP/1.1\r\n"));
}

TEST_P(EverySession, SendsNoCookieThatAnAnswerHasSet) {
    const KeptServer server(
        [](const KeptServer::Request&) { return ok_answer("ok", "Set-Cookie: id=1; Path=/\r\n"); });
    const auto session = client();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(session->get(server.url()).ok());
    for (const std::string& head : server.heads()) EXPECT_THAT(head, Not(HasSubstr("Cookie")));
}

TEST_P(EverySession, LogsInWithEachUrlsOwnNameAndPassword) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.head.find("Authorization: Basic dTpw\r\n") != std::string::npos
                   ? ok_answer()
                   : "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n";
    });
    const auto session = client();
    const std::vector<std::pair<std::string, int>> hosts{
        {"u:p@127.0.0.1", 200}, {"127.0.0.1", 401}, {"u:wrong@127.0.0.1", 401}, {"u:p@127.0.0.1", 200},
        {"u:p@127.0.0.1", 200}, {"127.0.0.1", 401}, {"127.0.0.1", 401},         {"u:p@127.0.0.1", 200}};
    for (const auto& [host, status] : hosts) EXPECT_EQ(session->get(server.url(host)).status, status) << host;
    EXPECT_EQ(server.heads().size(), hosts.size());
    EXPECT_EQ(server.connections(), 1U);
}

TEST_P(EverySession, SendsItsBodyWithoutWaitingWhateverTheServerSaidBefore) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.on_connection == 0
                   ? "HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                   : ok_answer();
    });
    const auto session = client();
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(
            session->send({.url = server.url(), .method = "POST", .body = std::string(100, 'x')}).status,
            417);
    for (const std::string& head : server.heads()) EXPECT_THAT(head, Not(HasSubstr("Expect")));
}

TEST_P(EverySession, FindsARedirectAgainAndAgain) {
    const KeptServer server([](const KeptServer::Request&) {
        return "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n";
    });
    const auto session = client();
    for (int i = 0; i < 8; ++i) EXPECT_EQ(session->get(server.url()).status, 302);
    for (const std::string& head : server.heads()) EXPECT_THAT(head, StartsWith("GET / "));
}

// Of long bodies

TEST_P(EverySession, KeepsTheBeginningAndTheLastByteOfALongBody) {
    SessionOptions options;
    options.kept_body_bytes = 1000;
    for (const std::uint64_t bytes : {0U, 999U, 1000U, 1001U, 1002U, 70'000U, 3'000'000U}) {
        Profile profile;
        profile.payload_bytes = bytes;
        const InProcessTarget target(profile);
        const Response response = client_with(options)->get(target.url(5));
        ASSERT_TRUE(response.ok()) << response.message;
        EXPECT_EQ(response.body_bytes(), bytes);
        EXPECT_LE(response.body.size(), 1001U);
        EXPECT_TRUE(is_body_for(response.body, InProcessTarget::seed, 5, bytes, response.body_skipped))
            << bytes;
    }
}

TEST_P(EverySession, ForgetsWhatItSkippedOfABodyBefore) {
    SessionOptions options;
    options.kept_body_bytes = 4;
    const KeptServer server([](const KeptServer::Request& request) {
        return ok_answer(request.on_connection == 1 ? "123456789" : "abc");
    });
    const auto session = client_with(options);
    EXPECT_EQ(session->get(server.url()).body_bytes(), 3U);
    const Response longer = session->get(server.url());
    EXPECT_EQ(longer.body, "12349");
    EXPECT_EQ(longer.body_skipped, 4U);
    EXPECT_EQ(session->get(server.url()).body_bytes(), 3U);
}

TEST_P(EverySession, ReadsNoMoreOfABodyThanItIsToldTo) {
    SessionOptions options;
    options.most_body_bytes = 100;
    const KeptServer server(
        [](const KeptServer::Request&) { return ok_answer(std::string(5'000'000, 'x')); });
    const auto session = client_with(options);
    for (std::size_t i = 1; i <= 3; ++i) {
        const Response response = session->get(server.url());
        EXPECT_TRUE(response.ok()) << response.message;
        EXPECT_EQ(response.body, std::string(100, 'x'));
        EXPECT_EQ(server.connections(), i);
    }
}

TEST_P(EverySession, ReadsABodyWholeThatIsNoLongerThanTheMostThatItReads) {
    SessionOptions options;
    options.most_body_bytes = 100;
    const KeptServer server([](const KeptServer::Request&) { return ok_answer(std::string(100, 'x')); });
    const auto session = client_with(options);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(session->get(server.url()).body.size(), 100U);
    EXPECT_EQ(server.connections(), 1U);
}

// Where names lead

TEST_P(EverySession, GoesToTheAddressThatItIsGivenUnderTheUrlsName) {
    const KeptServer server([](const KeptServer::Request&) { return ok_answer(); });
    SessionOptions options;
    options.pinned = pinned_to(std::vector<std::string>{"127.0.0.1"}, server.port());
    const auto session = client_with(options);
    for (int i = 0; i < 3; ++i) {
        const Response response = session->get(server.url("svc.invalid"));
        ASSERT_TRUE(response.ok()) << response.message;
        EXPECT_THAT(server.heads().back(),
                    HasSubstr(fmt::format("\r\nHost: svc.invalid:{}\r\n", server.port())));
    }
    EXPECT_EQ(server.connections(), 1U);
}

TEST_P(EverySession, GoesToTheAddressThatItIsGivenAfterAFailureToo) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.connection % 2 == 0 ? std::string() : ok_answer("ok", "Connection: close\r\n");
    });
    SessionOptions options;
    options.pinned = pinned_to(std::vector<std::string>{"127.0.0.1"}, server.port());
    const auto session = client_with(options);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(session->get(server.url("svc.invalid")).error, TransportError::closed);
        EXPECT_EQ(session->get(server.url("svc.invalid")).body, "ok");
    }
}

TEST_P(EverySession, TriesEachAddressThatItIsGiven) {
    const KeptServer server([](const KeptServer::Request&) { return ok_answer(); }, {.address = "::1"});
    SessionOptions options;
    options.pinned = pinned_to(std::vector<std::string>{"127.0.0.1", "::1"}, server.port());
    EXPECT_TRUE(client_with(options)->get(server.url("svc.invalid")).ok());
}

// How long the target held the request

TEST_P(EverySession, BringsTheTimeThatTheTargetHeldTheRequest) {
    const InProcessTarget target(with_delay("5ms"));
    const auto session = client();
    Nanoseconds sum{0};
    for (std::uint64_t id = 0; id < 3; ++id) {
        const auto before = Clock::now();
        const Response response = session->get(target.url(id));
        ASSERT_TRUE(response.held);
        EXPECT_GE(*response.held, 5ms);
        EXPECT_LE(*response.held, Clock::now() - before);
        sum += *response.held;
    }
    // How many arrivals the kernel stamped is left out: it begins some time after the first socket asks for
    // it.
    const TargetView::Held held = target.stats().held;
    EXPECT_EQ(held.count, 3U);
    EXPECT_EQ(held.sum, sum);
    EXPECT_EQ(held.intended_sum, 15ms);
}

TEST_P(EverySession, BringsTheHeldTimeOfAnErrorToo) {
    Profile profile = with_delay("2ms");
    profile.error_rate = 1;
    const InProcessTarget target(profile);
    const Response response = client()->get(target.url(0));
    EXPECT_EQ(response.status, 500);
    EXPECT_GE(response.held.value_or(0ns), 2ms);
}

TEST_P(EverySession, KnowsNoHeldTimeWhereTheTargetTellsNone) {
    const InProcessTarget target;
    const auto session = client();
    EXPECT_TRUE(session->get(target.url(0)).held);
    EXPECT_FALSE(session->get(target.origin() + "/healthz").held) << "or that of the response before";
    EXPECT_FALSE(session->get(target.origin() + "/stats/t").held);
    EXPECT_FALSE(session->get(target.origin() + "/nothing").held);
}

std::string ok_with(const std::string& fields) {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\nConnection: close\r\n\r\n";
}

TEST_P(EverySession, IgnoresAHeldTimeThatIsNonsense) {
    for (const char* value : {"", "-1", "1.5", "soon", "12 34", "99999999999999999999999999"}) {
        const RawServer server(ok_with("Held-Ns: " + std::string(value) + "\r\n"));
        const Response response = client()->get(server.url());
        EXPECT_TRUE(response.ok()) << value;
        EXPECT_FALSE(response.held) << value;
    }
    const RawServer long_one(ok_with("Held-Ns: " + std::string(50'000, '7') + "\r\n"));
    EXPECT_FALSE(client()->get(long_one.url()).held);
}

TEST_P(EverySession, TakesTheHeldTimeOfTheLastHeader) {
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nHeld-Ns: 1\r\n\r\n";
    const RawServer both(interim + ok_with("held-ns: 22\r\n"));
    EXPECT_EQ(client()->get(both.url()).held, 22ns);
    const RawServer first_alone(interim + ok_with(""));
    EXPECT_EQ(client()->get(first_alone.url()).held, std::nullopt);
}

TEST_P(EverySession, TakesNoHeldTimeOfATrailer) {
    const RawServer server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        "2\r\nok\r\n0\r\nHeld-Ns: 5\r\n\r\n");
    const Response response = client()->get(server.url());
    EXPECT_EQ(response.body, "ok");
    EXPECT_FALSE(response.held);
}

std::vector<std::string> names_of_kinds() {
    std::vector<std::string> names;
    for (const auto& [name, make_kind] : kinds) names.push_back(name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Http, EverySession, testing::ValuesIn(names_of_kinds()),
                         [](const auto& kind) { return kind.param; });

}  // namespace asyncbench::every_session_tests
