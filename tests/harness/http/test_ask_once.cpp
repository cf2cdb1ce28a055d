#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "harness/http/ask_once.hpp"
#include "harness/http/blocking_session.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http/kept_server.hpp"

namespace asyncbench::ask_once_tests {

using namespace std::chrono_literals;
using test::eventually;
using test::KeptServer;
using test::ok_answer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::optional<std::string> always_ok(const KeptServer::Request& /*request*/) {
    return ok_answer();
}
std::optional<std::string> never(const KeptServer::Request& /*request*/) {
    return std::nullopt;
}

SessionOptions within(Nanoseconds timeout) {
    SessionOptions options;
    options.timeout = timeout;
    return options;
}

TEST(AskOnce, LeavesNoConnectionBehind) {
    const KeptServer server(always_ok);
    EXPECT_EQ(ask_once({.url = server.url()}, {}).response.body, "ok");
    EXPECT_TRUE(eventually([&] { return server.open() == 0; }));
}

TEST(AskOnce, LeavesAServerOfOneConnectionAtATimeToOthers) {
    const KeptServer server(always_ok, {.one_at_a_time = true});
    BlockingSession others(within(10s));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(ask_once({.url = server.url()}, within(10s)).response.message, "");
    }
    EXPECT_EQ(others.get(server.url()).message, "");
}

TEST(AskOnce, WaitsForTheTimeoutAndNoLonger) {
    const KeptServer server(never);
    const Response response = ask_once({.url = server.url()}, within(50ms)).response;
    EXPECT_EQ(response.error, TransportError::timeout);
    EXPECT_THAT(response.message, HasSubstr("timed out after 5"));  // 50 or a few more milliseconds
}

TEST(AskOnce, TakesAnAnswerThatNeverEndsForOne) {
    const KeptServer server(
        [](const KeptServer::Request&) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; },
        {.for_ever = "10\r\n0123456789abcdef\r\n"});
    SessionOptions options = within(20s);
    options.most_body_bytes = probe_body_bytes;
    const Response response = ask_once({.url = server.url()}, options).response;
    EXPECT_TRUE(response.ok()) << response.message;
    EXPECT_EQ(response.body.size(), probe_body_bytes);
    EXPECT_TRUE(eventually([&] { return server.open() == 0; }));
}

TEST(AskOnce, GivesUpWhereItIsInterrupted) {
    const KeptServer server(never);
    std::atomic<bool> interrupted{false};
    SessionOptions options = within(600s);
    options.interrupted = &interrupted;
    std::thread interrupter([&] {
        eventually([&] { return server.heads().size() == 1; });
        interrupted = true;
    });
    EXPECT_EQ(ask_once({.url = server.url()}, options).response.error, TransportError::other);
    interrupter.join();
}

TEST(AskOnce, TellsWhereANameLed) {
    const KeptServer ipv4(always_ok);
    const KeptServer ipv6(always_ok, {.address = "::1"});
    const Asked by_name = ask_once({.url = ipv4.url("localhost")}, {});
    EXPECT_THAT(by_name.addresses, UnorderedElementsAre("127.0.0.1", "::1"));
    EXPECT_EQ(by_name.address, "127.0.0.1");
    EXPECT_EQ(ask_once({.url = ipv6.url("localhost")}, {}).address, "::1");
    const Asked by_address = ask_once({.url = ipv6.url("[::1]")}, {});
    EXPECT_TRUE(by_address.response.ok());
    EXPECT_THAT(by_address.addresses, IsEmpty());
    EXPECT_EQ(by_address.address, "");
}

TEST(AskOnce, SaysWhichNameCannotBeFound) {
    const Response response = ask_once({.url = "http://no-such-host.invalid/"}, within(20s)).response;
    EXPECT_EQ(response.error, TransportError::connect);
    EXPECT_THAT(response.message, HasSubstr("no-such-host.invalid"));
}

TEST(AskOnce, SaysInLibcurlsWordsWhatIsNoUrl) {
    EXPECT_NE(ask_once({.url = "not a url"}, {}).response.message, "");
}

}  // namespace asyncbench::ask_once_tests
