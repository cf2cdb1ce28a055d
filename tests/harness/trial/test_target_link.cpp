#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>

#include "async/errors.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "harness/trial/target_link.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::target_link_tests {

using namespace std::chrono_literals;
using test::KeptServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::optional<std::string> answers_at_once(const KeptServer::Request& /*request*/) {
    return test::ok_answer();
}

std::string answer(const Histogram& delay_error) {
    return fmt::format(
        R"({{"trial":"t","requests":4,"connections":2,"served":{{"count":3,"fingerprint":"00000000000000ff"}},)"
        R"("process_cpu_ns":1000,"clock_ns":4000000000000000000,"delay_error_hdr":"{}"}})",
        encode_v2(delay_error));
}

/// A good answer with one text replaced.
std::string with(const std::string& old_text, const std::string& new_text) {
    std::string text = answer({});
    return text.replace(text.find(old_text), old_text.size(), new_text);
}

TEST(TargetStats, AreReadAsTheyAreTold) {
    Histogram delay_error;
    delay_error.record(1234, 3);
    const TargetStats stats = target_stats_from_json(answer(delay_error));
    EXPECT_EQ(stats.requests, 4U);
    EXPECT_EQ(stats.connections, 2U);
    EXPECT_EQ(stats.served, (Fingerprint{3, 0xff}));
    EXPECT_EQ(stats.process_cpu, Nanoseconds{1000});
    EXPECT_EQ(stats.clock, Nanoseconds{4'000'000'000'000'000'000});
    EXPECT_EQ(stats.delay_error_ns, delay_error);
}

TEST(TargetStats, MayTellHowLongRequestsWereHeld) {
    EXPECT_EQ(target_stats_from_json(answer({})).held, TargetView::Held{});
    const std::string held = R"("held":{"count":3,"stamped":2,"sum_ns":4000000000000,"intended_sum_ns":60}})";
    const auto told = [&](const std::string& old_text, const std::string& new_text) {
        std::string text = answer({});
        text.replace(text.rfind('}'), 1, "," + held);
        const auto at = text.find(old_text);
        return text.replace(at, old_text.size(), new_text);
    };
    EXPECT_EQ(target_stats_from_json(told("", "")).held,
              (TargetView::Held{3, 2, Nanoseconds{4'000'000'000'000}, Nanoseconds{60}}));
    for (const auto& [old_text, new_text] : std::vector<std::pair<std::string, std::string>>{
             {"\"stamped\":2", "\"stamped\":4"},
             {"\"sum_ns\":4", "\"sum_ns\":-4"},
             {"\"sum_ns\":4", "\"sum_ns\":4.5"},
             {"\"intended_sum_ns\":60", "\"intended_sum_ns\":99999999999999999999"},
             {",\"intended_sum_ns\":60", ""},
             {"\"stamped\":2", "\"stamped\":2,\"more\":1"}}) {
        EXPECT_THROW(target_stats_from_json(told(old_text, new_text)), Error) << new_text;
    }
}

TEST(TargetStats, MayHoldAHistogramOfEveryValue) {
    // Delays of all lengths, in numbers that do not compress: the longest text that a target can write.
    Histogram delay_error;
    std::uint64_t count = 88172645463325252;
    for (std::int64_t value = 0; value < (std::int64_t{1} << 42); value += 1 + value / 1024) {
        count ^= count << 13;
        count ^= count >> 7;
        count ^= count << 17;
        delay_error.record(value, count >> 34);
    }
    const std::string text = answer(delay_error);
    EXPECT_GT(text.size(), 100'000U);
    EXPECT_EQ(target_stats_from_json(text).delay_error_ns, delay_error);
}

TEST(TargetStats, ThatAreHostileAreRefusedWithTheNameOfTheField) {
    const std::vector<std::pair<std::string, std::string>> hostile{
        {"", "no JSON"},
        {"OK", "no JSON"},
        {"<html>404</html>", "no JSON"},
        {"[]", "must be a JSON object"},
        {"{}", "trial"},
        {std::string(1'000'000, '['), "nested"},
        {with("\"requests\":4", "\"requests\":-4"), "requests"},
        {with("\"requests\":4", "\"requests\":1e3"), "requests"},
        {with("\"requests\":4", "\"requests\":null"), "requests"},
        {with("\"requests\":4,", ""), "requests"},
        {with("\"requests\":4", "\"requests\":99999999999999999999"), "requests"},
        {with("\"connections\":2", "\"connections\":\"2\""), "connections"},
        {with("\"count\":3", "\"count\":18446744073709551615"), "served.count"},
        {with("00000000000000ff", "ff"), "served.fingerprint"},
        {with("\"process_cpu_ns\":1000", "\"process_cpu_ns\":18446744073709551615"), "process_cpu_ns"},
        {with("\"clock_ns\":4000000000000000000", "\"clock_ns\":true"), "clock_ns"},
        {with("\"delay_error_hdr\":\"", "\"delay_error_hdr\":\"A"), "delay_error_hdr"},
        {with("\"trial\":\"t\"", "\"trial\":\"t\",\"trial\":\"u\""), "twice"},
        {with("\"trial\":\"t\"", "\"trial\":\"t\",\"more\":1"), "more"},
        {with("\"trial\":\"t\"", "\"trial\":\"" + std::string(70'000, 'x') + "\""), "trial"},
        {answer({}) + answer({}), "no JSON"}};
    for (const auto& [text, name] : hostile) {
        EXPECT_THAT([&] { target_stats_from_json(text); },
                    ThrowsMessage<Error>(AllOf(HasSubstr("target's statistics"), HasSubstr(name))))
            << text.substr(0, 200);
    }
}

/// The link to a target that announces what `script` writes.
void start(const std::string& script) {
    TargetLink link(ChildProcess::Options{.command = {"/bin/sh", "-c", script}});
}

TEST(TargetLink, ToAProgramThatEndsSaysSo) {
    EXPECT_THAT([] { start("exit 5"); },
                ThrowsMessage<Error>(AllOf(HasSubstr("did not start"), HasSubstr("status 5"))));
}

TEST(TargetLink, ToAProgramThatAnnouncesNonsenseSaysSo) {
    for (const char* script : {"echo hello", "echo '{}'", "echo '{\"port\":-1}'", "echo '{\"port\":65536}'",
                               "echo '{\"port\":\"80\"}'"}) {
        EXPECT_THAT([&] { start(script); }, ThrowsMessage<Error>(HasSubstr("announcement"))) << script;
    }
}

TEST(TargetLink, ToAnAddressWhereNobodyListensSaysSo) {
    EXPECT_THAT([] { TargetLink("http://127.0.0.1:1/"); },
                ThrowsMessage<Error>(AllOf(HasSubstr("http://127.0.0.1:1/"), HasSubstr("does not answer"))));
}

SessionOptions within(Nanoseconds timeout, const std::atomic<bool>* interrupted = nullptr) {
    SessionOptions options;
    options.timeout = timeout;
    options.interrupted = interrupted;
    return options;
}

TEST(TargetLink, KeepsNoConnectionToAForeignServer) {
    const KeptServer server(answers_at_once, {.one_at_a_time = true});
    const TargetLink link(server.url());
    EXPECT_TRUE(test::eventually([&] { return server.open() == 0; }));
    EXPECT_EQ(BlockingSession(within(10s)).get(server.url()).message, "");
}

TEST(TargetLink, WaitsForAForeignServerAsLongAsItIsToldTo) {
    const KeptServer server([](const KeptServer::Request&) { return std::nullopt; });
    EXPECT_THAT([&] { TargetLink(server.url(), {}, within(60ms)); },
                ThrowsMessage<Error>(AllOf(HasSubstr("timed out"), HasSubstr("the 60ms of --timeout"))));
}

TEST(TargetLink, TakesABodyWithoutEndForAnAnswer) {
    const KeptServer server(
        [](const KeptServer::Request&) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; },
        {.for_ever = "10\r\n0123456789abcdef\r\n"});
    EXPECT_NO_THROW(TargetLink(server.url(), {}, within(20s)));
}

TEST(TargetLink, IsNotWaitedForWhereThatIsInterrupted) {
    const KeptServer server([](const KeptServer::Request&) { return std::nullopt; });
    const std::atomic<bool> interrupted{true};
    EXPECT_NO_THROW(TargetLink(server.url(), {}, within(600s, &interrupted)));
}

TEST(TargetLink, TellsWhichAddressOfANameIsMeasured) {
    const KeptServer ipv4(answers_at_once);
    const TargetLink first(ipv4.url("localhost"));
    EXPECT_EQ(first.address(), "127.0.0.1");
    ASSERT_TRUE(first.address_note());
    EXPECT_EQ(first.address_note()->kind, WarningKind::note);
    EXPECT_THAT(first.address_note()->message,
                AllOf(HasSubstr("connect to 127.0.0.1, where localhost"), HasSubstr("also has ::1,")));

    const KeptServer ipv6(answers_at_once, {.address = "::1"});
    const TargetLink second(ipv6.url("localhost"));
    EXPECT_EQ(second.address(), "::1");
    EXPECT_THAT(second.address_note()->message, HasSubstr("connect to ::1, where localhost"));
}

TEST(TargetLink, MeasuresAllPathsAtTheAddressThatAnsweredTheFirst) {
    const KeptServer server(answers_at_once);
    const TargetLink link(server.url("localhost"), {.paths = {{"/a"}, {"/b"}}});
    EXPECT_EQ(server.heads().size(), 2U);
    EXPECT_EQ(link.address(), "127.0.0.1");
    EXPECT_THAT(link.address_note()->message, HasSubstr("also has ::1,"));
}

TEST(TargetLink, HasNoMoreToTellOfAnAddress) {
    const KeptServer server(answers_at_once, {.address = "::1"});
    const TargetLink link(server.url("[::1]"));
    EXPECT_EQ(link.address(), "");
    EXPECT_FALSE(link.address_note());
}

TEST(TargetLink, ToANameSaysWhichAddressesWereTried) {
    EXPECT_THAT([] { TargetLink("http://localhost:1/"); },
                ThrowsMessage<Error>(HasSubstr("Its addresses ::1 and 127.0.0.1 were tried.")));
}

TEST(TargetLink, ToATargetOfOursCounts) {
    TargetLink link(ChildProcess::Options{
        .command = {test::asyncbench_program(), "target", "blocking", "--port", "0", "--end-with-parent"}});
    EXPECT_TRUE(link.counts());
    EXPECT_EQ(link.stats("unheard-of").requests, 0U);
    // To the same as a server that somebody else runs: its root is not there.
    EXPECT_THAT([&] { TargetLink foreign(link.base_url()); }, ThrowsMessage<Error>(HasSubstr("404")));
    TargetLink foreign(link.base_url().reveal() + "/healthz");
    EXPECT_FALSE(foreign.counts());
}

}  // namespace asyncbench::target_link_tests
