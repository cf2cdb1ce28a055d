#include "harness/engine/load_generator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/engine/uring_io.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"

namespace asyncbench::load_generator_tests {

using namespace std::chrono_literals;
using test::always;
using test::InProcessTarget;
using test::with_delay;
using testing::ElementsAre;
using testing::Pair;

/// Each test holds for both interfaces of the kernel.
class LoadGenerator : public testing::TestWithParam<IoKind> {
  protected:
    void SetUp() override {
        if (GetParam() == IoKind::uring && !why_no_uring().empty()) GTEST_SKIP() << why_no_uring();
    }

    static LoadSpec spec_for(std::uint16_t port, const std::string& path = "/io/t/1") {
        LoadSpec spec;
        spec.addresses = resolve("127.0.0.1", std::to_string(port));
        spec.targets.front().text = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
        spec.io = GetParam();
        spec.connections = 4;
        spec.warmup = 20ms;
        spec.duration = 100ms;
        return spec;
    }

    LoadMeasurement measure(const LoadSpec& spec) {
        LoadMeasurement seen = generate_load(spec, interrupted_).measurement;
        EXPECT_EQ(seen.sent, seen.answered + seen.errors.total() - seen.errors.status - seen.errors.content +
                                 seen.unfinished)
            << "every request that was sent ends once";
        return seen;
    }

    std::atomic<bool> interrupted_{false};
};

INSTANTIATE_TEST_SUITE_P(EachIo, LoadGenerator, testing::Values(IoKind::uring, IoKind::epoll),
                         [](const auto& kind) { return kind.param == IoKind::uring ? "Uring" : "Epoll"; });

TEST_P(LoadGenerator, SendsExactlyTheRequestsThatItWasAskedForAndCountsTheirBodies) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.requests = 101;
    spec.threads = 2;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.sent, 101U);
    EXPECT_EQ(seen.answered, 101U);
    EXPECT_EQ(seen.answered_in_time, 101U);
    EXPECT_THAT(seen.endings.statuses, ElementsAre(Pair(200, 101)));
    EXPECT_EQ(seen.body_bytes, 101 * Profile{}.payload_bytes);
    EXPECT_EQ(seen.service_time_ns.count(), 101U);
    EXPECT_EQ(seen.connections_opened, 4U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
    EXPECT_EQ(target.stats().requests, 101U);
}

TEST_P(LoadGenerator, DoesNotMeasureTheWarmUp) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.requests = 20;
    spec.warmup = 100ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 20U);
    EXPECT_GT(target.stats().requests, 20U);
}

TEST_P(LoadGenerator, SeesTheDelayOfTheTarget) {
    InProcessTarget target(with_delay("20ms"));
    const LoadMeasurement seen = measure(spec_for(target.port()));
    EXPECT_GE(seen.service_time_ns.min(), Nanoseconds(20ms).count() * 999 / 1000);
    EXPECT_GE(seen.first_byte_ns.min(), Nanoseconds(20ms).count() * 999 / 1000);
    EXPECT_EQ(seen.sent, seen.answered);
}

TEST_P(LoadGenerator, TakesTheKernelsStampsAndTellsItsOwnShare) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    // Stamps are turned on in the background by the first socket that asks for them.
    LoadMeasurement seen;
    for (int attempt = 0; attempt < 20 && seen.stamped == 0; ++attempt) seen = measure(spec);
    EXPECT_GT(seen.stamped, 0U);
    EXPECT_EQ(seen.pick_up_ns.count(), seen.stamped);
}

TEST_P(LoadGenerator, OpensAConnectionForEachRequestWhereItIsToKeepNone) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.keep_alive = false;
    spec.requests = 50;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 50U);
    EXPECT_EQ(seen.connections_opened, 50U);
    EXPECT_EQ(seen.connect_ns.count(), 50U);
    EXPECT_EQ(target.stats().connections, 50U);
}

TEST_P(LoadGenerator, OpensAConnectionAgainThatTheServerClosesAfterEachResponse) {
    test::RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    LoadSpec spec = spec_for(server.port());
    spec.connections = 1;
    spec.requests = 10;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 10U);
    EXPECT_EQ(seen.body_bytes, 20U);
    EXPECT_EQ(seen.connections_opened, 10U);
}

TEST_P(LoadGenerator, StartsTheRequestsOfAnOpenLoopBySchedule) {
    InProcessTarget target(with_delay("10ms"));
    LoadSpec spec = spec_for(target.port());
    spec.connections = 64;
    spec.threads = 2;
    spec.stages = {{200, 200, 500ms}};
    spec.duration = 500ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.sent, 100U);
    EXPECT_EQ(seen.answered, 100U);
    EXPECT_EQ(seen.sent_late + seen.send_lateness_ns.count(), 100U);
    EXPECT_EQ(seen.response_time_ns.count(), 100U);
}

TEST_P(LoadGenerator, CountsTheWaitForAConnectionInTheResponseTimeOfAnOpenLoop) {
    // One connection that answers in 50 ms, and a request due each 25 ms: the k-th waits 25 ms k.
    InProcessTarget target(with_delay("50ms"));
    LoadSpec spec = spec_for(target.port());
    spec.connections = 1;
    spec.warmup = 0ms;
    spec.stages = {{40, 40, 400ms}};
    spec.duration = 400ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 16U);
    EXPECT_EQ(seen.sent_late, 15U);
    EXPECT_GE(seen.response_time_ns.max(), Nanoseconds(16 * 50ms - 15 * 25ms).count());
    EXPECT_LT(seen.service_time_ns.value_at_percentile(50), seen.response_time_ns.value_at_percentile(50));
}

TEST_P(LoadGenerator, SaysHowManyRequestsOfAnOpenLoopFoundNoConnectionAtAll) {
    InProcessTarget target(always(&FaultShares::stall));
    LoadSpec spec = spec_for(target.port());
    spec.connections = 2;
    spec.warmup = 0ms;
    spec.stages = {{100, 100, 200ms}};
    spec.duration = 200ms;
    spec.timeout = 500ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 0U);
    EXPECT_GE(seen.errors.timeout, 2U);
    EXPECT_EQ(seen.sent + seen.not_sent, 20U);
    EXPECT_GT(seen.not_sent, 0U);
}

TEST_P(LoadGenerator, CountsATimeoutWhenItHappensWithItsTime) {
    InProcessTarget target(always(&FaultShares::stall));
    LoadSpec spec = spec_for(target.port());
    spec.warmup = 0ms;
    spec.duration = 100ms;
    spec.timeout = 250ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.sent, 4U);
    EXPECT_EQ(seen.errors.timeout, 4U);
    EXPECT_EQ(seen.service_time_ns.count(), 4U);
    EXPECT_GE(seen.service_time_ns.min(), Nanoseconds(249ms).count());
}

TEST_P(LoadGenerator, CountsEachFailureByItsKindAndInWords) {
    LoadSpec refused = spec_for(test::refusing_port());
    refused.requests = 8;
    refused.warmup = 0ms;
    const LoadMeasurement none = measure(refused);
    EXPECT_EQ(none.errors.connect, 8U);
    EXPECT_THAT(none.endings.reasons,
                ElementsAre(FailureReason{ErrorClass::connect, "Connection refused", 8}));
    EXPECT_EQ(none.connections_opened, 0U);

    struct Case {
        std::string answer;
        std::uint64_t ErrorCounts::* kind;
    };
    for (const Case& each :
         {Case{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort", &ErrorCounts::closed},
          Case{"", &ErrorCounts::closed}, Case{"220 mail.example ESMTP\r\n", &ErrorCounts::other},
          Case{"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", &ErrorCounts::status}}) {
        test::RawServer server(each.answer);
        LoadSpec spec = spec_for(server.port());
        spec.connections = 1;
        spec.requests = 3;
        spec.warmup = 0ms;
        const LoadMeasurement seen = measure(spec);
        EXPECT_EQ(seen.errors.*each.kind, 3U) << each.answer;
        EXPECT_EQ(seen.errors.total(), 3U) << each.answer;
        EXPECT_EQ(seen.endings.reasons.size() + seen.endings.statuses.size(), 1U) << each.answer;
    }
}

TEST_P(LoadGenerator, EndsSoonWhenItIsInterruptedAndKeepsWhatItMeasured) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.duration = 1h;
    std::jthread interrupter([&] {
        while (target.stats().requests < 100) std::this_thread::sleep_for(5ms);
        std::this_thread::sleep_for(100ms);
        interrupted_ = true;
    });
    const LoadMeasurement seen = measure(spec);
    EXPECT_GT(seen.answered, 0U);
    EXPECT_LT(seen.elapsed, 10min);
}

TEST_P(LoadGenerator, SendsARequestThatIsLargerThanTheSocketTakesAtOnce) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    const std::string body(60'000, 'x');
    spec.targets.front().text =
        fmt::format("POST /io/t/1 HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
    spec.requests = 20;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 20U);
    EXPECT_EQ(seen.endings.statuses.size(), 1U);
}

TEST_P(LoadGenerator, DealsItsConnectionsOutToAllAddresses) {
    InProcessTarget one;
    InProcessTarget other;
    LoadSpec spec = spec_for(one.port());
    spec.addresses.push_back(resolve("127.0.0.1", std::to_string(other.port())).front());
    spec.connections = 6;
    spec.threads = 2;
    spec.requests = 60;
    spec.warmup = 0ms;
    measure(spec);
    EXPECT_EQ(one.stats().connections, 3U);
    EXPECT_EQ(other.stats().connections, 3U);
}

TEST_P(LoadGenerator, PutsItsLoadOnAUnixSocketWhichHasNoStamps) {
    const std::string path = testing::TempDir() + "/load-generator.sock";
    test::KeptServer server([](const auto&) { return test::ok_answer(); }, {.address = path, .backlog = 1});
    LoadSpec spec = spec_for(1);
    spec.addresses = {unix_address(path)};
    spec.connections = 8;  // more than the server's queue holds
    spec.requests = 40;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 40U);
    EXPECT_EQ(seen.connections_opened, 8U);
    EXPECT_EQ(seen.connections_at_start, 8U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
    EXPECT_EQ(seen.stamped, 0U);
    EXPECT_EQ(seen.service_time_ns.count(), 40U);
    EXPECT_EQ(server.connections(), 8U);
}

TEST_P(LoadGenerator, SaysThatNobodyListensOnAUnixSocket) {
    LoadSpec spec = spec_for(1);
    spec.addresses = {unix_address(testing::TempDir() + "/nobody.sock")};
    spec.requests = 4;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_THAT(seen.endings.reasons,
                ElementsAre(FailureReason{ErrorClass::connect, "No such file or directory", 4}));
}

const std::string event_stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

TEST_P(LoadGenerator, MeasuresTheEventsOfAStreamThatTheServerEnds) {
    test::KeptServer server(
        [](const auto&) { return event_stream_head + "data: a\n\n: a comment\n\ndata: b\n\ndata: c\n\n"; });
    LoadSpec spec = spec_for(server.port());
    spec.connections = 2;
    spec.requests = 6;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 6U);
    EXPECT_EQ(seen.streams, 6U);
    EXPECT_EQ(seen.events, 18U);
    EXPECT_EQ(seen.first_event_ns.count(), 6U);
    EXPECT_EQ(seen.event_gap_ns.count(), 12U);
    EXPECT_EQ(seen.event_gap_ns.max(), 0) << "they came together";
}

TEST_P(LoadGenerator, HasNoEventsOfOrdinaryResponses) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.requests = 20;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.streams, 0U);
    EXPECT_TRUE(seen.first_event_ns.empty());
}

/// Sends an event each 20 ms until the client goes.
class EndlessStream : public test::KeptServer {
  public:
    EndlessStream()
        : KeptServer([](const auto&) { return event_stream_head; },
                     {.for_ever = "data: a\n\n", .pause = 20ms}) {}
};

TEST_P(LoadGenerator, EndsAStreamAfterItsTimeAndCountsItAsAnswered) {
    EndlessStream server;
    LoadSpec spec = spec_for(server.port());
    spec.connections = 2;
    spec.requests = 4;
    spec.warmup = 0ms;
    spec.timeout = 1h;
    spec.stream_for = 150ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 4U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
    EXPECT_GE(seen.events, 8U);
    EXPECT_GE(seen.first_event_ns.min(), Nanoseconds(19ms).count());
    EXPECT_GE(seen.event_gap_ns.value_at_percentile(50), Nanoseconds(15ms).count());
    EXPECT_EQ(seen.connections_opened, 4U) << "HTTP/1.1 cannot leave a response but by its connection";
}

TEST_P(LoadGenerator, EndsStreamsWithTheMeasuredTime) {
    EndlessStream server;
    LoadSpec spec = spec_for(server.port());
    spec.connections = 3;
    spec.warmup = 50ms;
    spec.duration = 200ms;
    spec.stream_for = 1h;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 3U) << "those of the warm-up end with it";
    EXPECT_EQ(seen.unfinished, 0U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
}

TEST_P(LoadGenerator, CountsAStreamThatDoesNotEndAsATimeoutUnlessItIsToBeEnded) {
    EndlessStream server;
    LoadSpec spec = spec_for(server.port());
    spec.connections = 1;
    spec.requests = 1;
    spec.warmup = 0ms;
    spec.timeout = 100ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_THAT(
        seen.endings.reasons,
        ElementsAre(FailureReason{ErrorClass::timeout, "the stream did not end within the timeout", 1}));
    EXPECT_GT(seen.events, 0U);
}

/// What a server may send, and what is to be seen of it.
struct Odd {
    const char* name;
    std::string method;
    std::string answer;
    int status;
    std::uint64_t body_bytes;
};

TEST_P(LoadGenerator, TakesWhatServersSend) {
    for (const Odd& odd :
         {Odd{"interim", "GET",
              "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + test::ok_answer(),
              200, 2},
          Odd{"no content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, 0},
          Odd{"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n", 304, 0},
          Odd{"head", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", 200, 0},
          Odd{"chunked", "GET",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nT: "
              "1\r\n\r\n",
              200, 4},
          Odd{"until close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwhat there is", 200, 13},
          Odd{"1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", 200, 2}}) {
        test::KeptServer server([&](const auto&) { return odd.answer; });
        LoadSpec spec = spec_for(server.port());
        spec.targets.front().text = odd.method + " / HTTP/1.1\r\nHost: a\r\n\r\n";
        spec.targets.front().to_head = odd.method == "HEAD";
        spec.connections = 2;
        spec.requests = 12;
        spec.warmup = 0ms;
        const LoadMeasurement seen = measure(spec);
        EXPECT_THAT(seen.endings.statuses, ElementsAre(Pair(odd.status, 12))) << odd.name;
        EXPECT_EQ(seen.body_bytes, 12 * odd.body_bytes) << odd.name;
        EXPECT_EQ(seen.errors, ErrorCounts{}) << odd.name;
    }
}

TEST_P(LoadGenerator, AsksAgainWhereTheServerHadClosedAnIdleConnection) {
    // Every second request of a connection meets a reset.
    test::KeptServer server([](const test::KeptServer::Request& request) {
        return request.on_connection % 2 == 0 ? test::ok_answer() : std::string();
    });
    LoadSpec spec = spec_for(server.port());
    spec.connections = 1;
    spec.requests = 10;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 10U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
    EXPECT_EQ(seen.connections_opened, 10U);
}

TEST_P(LoadGenerator, CountsAResetOfANewConnectionAsAFailure) {
    test::KeptServer server([](const auto&) { return std::string(); });
    LoadSpec spec = spec_for(server.port());
    spec.connections = 1;
    spec.requests = 3;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.errors.closed, 3U);
    EXPECT_THAT(seen.endings.reasons,
                ElementsAre(FailureReason{ErrorClass::closed, "Connection reset by peer", 3}));
}

TEST_P(LoadGenerator, CountsAStatusAsAnErrorUnlessItIsExpected) {
    test::KeptServer server(
        [](const auto&) { return std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"); });
    LoadSpec spec = spec_for(server.port());
    spec.requests = 8;
    spec.warmup = 0ms;
    EXPECT_EQ(measure(spec).errors.status, 8U);
    spec.expected = ExpectedStatus::parse("404");
    EXPECT_EQ(measure(spec).errors.status, 0U);
}

TEST_P(LoadGenerator, DoesNotWaitLongForHungRequestsWhenItIsInterrupted) {
    InProcessTarget target(always(&FaultShares::stall));
    LoadSpec spec = spec_for(target.port());
    spec.warmup = 0ms;
    spec.duration = spec.timeout = 1h;
    spec.drain = 50ms;
    std::jthread interrupter([&] {
        test::eventually([&] { return target.stats().requests >= 4; });
        interrupted_ = true;
    });
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.unfinished, 4U);
    EXPECT_EQ(seen.errors, ErrorCounts{});
}

TEST_P(LoadGenerator, TellsOfEachSecond) {
    InProcessTarget target;
    LoadSpec spec = spec_for(target.port());
    spec.threads = 2;
    spec.duration = 1100ms;
    std::vector<LoadSecond> told;
    const GeneratedLoad load =
        generate_load(spec, interrupted_, [&](const LoadSoFar& so_far) { told.push_back(so_far.second); });
    EXPECT_EQ(told, load.seconds);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].answered + told[1].answered, load.measurement.answered_in_time);
    EXPECT_GT(told[0].answered, told[1].answered);
    EXPECT_EQ(told[0].received_bytes + told[1].received_bytes, load.measurement.received_bytes);
}

/// The first lines of what a server was asked, without the version.
std::vector<std::string> lines_of(const test::KeptServer& server) {
    std::vector<std::string> lines;
    for (const std::string& head : server.heads()) lines.push_back(head.substr(0, head.find(" HTTP")));
    return lines;
}

LoadRequest get(const std::string& path) {
    return {.text = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"};
}

TEST_P(LoadGenerator, SendsItsTargetsInTurn) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    LoadSpec spec = spec_for(server.port());
    spec.targets = {get("/a"), get("/b"), get("/c")};
    spec.connections = 2;
    spec.requests = 30;
    spec.warmup = 0ms;
    EXPECT_EQ(measure(spec).answered, 30U);
    const std::vector<std::string> lines = lines_of(server);
    for (const char* line : {"GET /a", "GET /b", "GET /c"})
        EXPECT_EQ(std::count(lines.begin(), lines.end(), line), 10) << line;
}

TEST_P(LoadGenerator, SendsEachValueOfAVariableOnce) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    LoadSpec spec = spec_for(server.port());
    spec.targets = {get("/{{id}}")};
    spec.variables.variables = {{"id", CounterSource{1}}};
    spec.threads = 2;
    spec.requests = 40;
    spec.warmup = 0ms;
    EXPECT_EQ(measure(spec).answered, 40U);
    const std::vector<std::string> lines = lines_of(server);
    EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), 40U);
}

TEST_P(LoadGenerator, SendsTheSameValueAgainWhereTheServerHadClosedAnIdleConnection) {
    test::KeptServer server([](const test::KeptServer::Request& request) {
        return request.on_connection % 2 == 0 ? test::ok_answer() : std::string();
    });
    LoadSpec spec = spec_for(server.port());
    spec.targets = {get("/{{id}}")};
    spec.variables.variables = {{"id", CounterSource{1}}};
    spec.connections = 1;
    spec.requests = 3;
    spec.warmup = 0ms;
    EXPECT_EQ(measure(spec).answered, 3U);
    EXPECT_THAT(lines_of(server), ElementsAre("GET /1", "GET /2", "GET /2", "GET /3", "GET /3"));
}

TEST_P(LoadGenerator, CountsAFailedCheckWithItsWords) {
    test::KeptServer server([](const test::KeptServer::Request& request) {
        return test::ok_answer(request.on_connection % 2 == 0 ? "fine" : "broken");
    });
    LoadSpec spec = spec_for(server.port());
    spec.targets.front().checks = {ResponseCheck::parse("body contains fine")};
    spec.connections = 1;
    spec.requests = 10;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.answered, 10U);
    EXPECT_EQ(seen.errors.content, 5U);
    EXPECT_EQ(seen.errors.total(), 5U);
    EXPECT_THAT(
        seen.endings.reasons,
        ElementsAre(FailureReason{ErrorClass::content, "check: body contains fine does not hold", 5}));
}

TEST_P(LoadGenerator, DoesASequenceWithWhatItCaptures) {
    test::KeptServer server([](const test::KeptServer::Request& request) {
        const bool is_login = request.head.starts_with("GET /login");
        return test::ok_answer(is_login ? "token=" + std::to_string(request.on_connection) : "hello");
    });
    LoadSpec spec = spec_for(server.port());
    spec.targets = {get("/login"), get("/items?t={{token}}")};
    spec.targets.front().captures = {Capture::parse("token", "body regex token=(.*)")};
    spec.order = RequestOrder::as_sequence;
    spec.connections = 1;
    spec.requests = 5;
    spec.warmup = 0ms;
    const LoadMeasurement seen = measure(spec);
    EXPECT_EQ(seen.errors, ErrorCounts{});
    EXPECT_THAT(lines_of(server),
                ElementsAre("GET /login", "GET /items?t=0", "GET /login", "GET /items?t=2", "GET /login"));
}

}  // namespace asyncbench::load_generator_tests
