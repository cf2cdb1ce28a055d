#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "async/errors.hpp"
#include "harness/http/held_field.hpp"
#include "harness/measure/histogram_codec.hpp"
#include "harness/work/fingerprint.hpp"
#include "harness/work/reply.hpp"
#include "targets/mock/connection.hpp"
#include "targets/response_text.hpp"
#include "targets/target.hpp"
#include "tests/support/http/client.hpp"

namespace asyncbench::targets_tests {

using namespace std::chrono_literals;

/// The mock target on the interface that works everywhere; elsewhere it is the best one.
class MockOnEpoll : public MockTarget {
  public:
    explicit MockOnEpoll(TargetOptions options) : MockTarget(on_epoll(std::move(options))) {}

  private:
    static TargetOptions on_epoll(TargetOptions options) {
        options.io = IoKind::epoll;
        return options;
    }
};

/// What all targets do alike.
template <class Target>
class EachTarget : public testing::Test {
  protected:
    std::uint16_t start(const TargetOptions& options = {}) {
        target_ = std::make_unique<Target>(options);
        return target_->port();
    }
    Target& target() { return *target_; }

    std::unique_ptr<Target> target_;
};

struct Names {
    template <class Target>
    static std::string GetName(int) {
        if (std::is_same_v<Target, BlockingTarget>) return "Blocking";
        return std::is_same_v<Target, MockOnEpoll> ? "MockOnEpoll" : "Mock";
    }
};
using Targets = testing::Types<MockTarget, MockOnEpoll, BlockingTarget>;
TYPED_TEST_SUITE(EachTarget, Targets, Names);

TargetOptions with_payload(std::uint64_t bytes) {
    TargetOptions options;
    options.profile.payload_bytes = bytes;
    return options;
}

TargetOptions with_fault(std::string_view fault, std::uint64_t payload = 1000, Nanoseconds delay = 0ns) {
    TargetOptions options = with_payload(payload);
    options.profile.faults = FaultShares::parse(fmt::format("{}:1", fault));
    options.profile.delay = DelaySpec::parse(fmt::format("{}ns", delay.count()));
    return options;
}

TYPED_TEST(EachTarget, AnswersWithTheBodyThatTheWorkloadDecides) {
    for (const std::uint64_t bytes : {0, 1, 16, 17, 5000, 3'000'000}) {
        TargetOptions options = with_payload(bytes);
        options.seed = 77;
        Client client(this->start(options));
        const Received response = client.get("/io/t/12");
        EXPECT_EQ(response.status, 200);
        EXPECT_TRUE(response.body == body_for(77, 12, bytes)) << bytes;
    }
}

TYPED_TEST(EachTarget, WaitsTheDelayOfTheRequest) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("uniform:5ms,30ms");
    Client client(this->start(options));
    for (std::uint64_t id = 0; id < 5; ++id) {
        const TimePoint start = Clock::now();
        client.get(fmt::format("/io/t/{}", id));
        EXPECT_GE(Clock::now() - start, options.profile.delay.sample(options.seed, id));
    }
}

TYPED_TEST(EachTarget, AnswersTheShareOfErrorsWithStatus500AndTheSameBody) {
    TargetOptions options = with_payload(40);
    options.profile.error_rate = 0.5;
    Client client(this->start(options));
    int errors = 0;
    for (std::uint64_t id = 0; id < 40; ++id) {
        const Received response = client.get(fmt::format("/io/t/{}", id));
        EXPECT_EQ(response.status, reply_for(options.profile, options.seed, id).status);
        EXPECT_EQ(response.body, body_for(options.seed, id, 40));
        errors += response.status == 500 ? 1 : 0;
    }
    EXPECT_GT(errors, 5);
    EXPECT_LT(errors, 35);
}

TYPED_TEST(EachTarget, KeepsOneConnectionForManyRequests) {
    const auto port = this->start(with_payload(10));
    Client client(port);
    Fingerprint expected;
    for (std::uint64_t id = 100; id < 400; ++id) {
        EXPECT_EQ(client.get(fmt::format("/io/t/{}", id)).status, 200);
        expected.add(id);
    }
    const auto stats = stats_of(port, "t");
    EXPECT_EQ(stats.at("requests"), 300);
    EXPECT_EQ(stats.at("connections"), 1);
    EXPECT_EQ(stats.at("served").at("count"), 300);
    EXPECT_EQ(stats.at("served").at("fingerprint"), fmt::format("{:016x}", expected.sum));
}

TYPED_TEST(EachTarget, KeepsTrialsApart) {
    const auto port = this->start();
    Client client(port);
    client.get("/io/a/1");
    client.get("/io/b/2");
    client.get("/io/b/3");
    EXPECT_EQ(stats_of(port, "a").at("requests"), 1);
    EXPECT_EQ(stats_of(port, "b").at("requests"), 2);
    EXPECT_EQ(stats_of(port, "b").at("connections"), 1);
}

TYPED_TEST(EachTarget, HasZeroCountsOfAnUnknownTrial) {
    const auto stats = stats_of(this->start(), "nobody");
    EXPECT_EQ(stats.at("requests"), 0);
    EXPECT_EQ(stats.at("connections"), 0);
    EXPECT_EQ(stats.at("served").at("count"), 0);
    EXPECT_EQ(stats.at("served").at("fingerprint"), "0000000000000000");
}

TYPED_TEST(EachTarget, CountsAServedRequestBeforeItsClientCanAsk) {
    const auto port = this->start(with_payload(200'000));
    Client client(port);
    Client asking(port);
    for (std::uint64_t id = 0; id < 100; ++id) {
        client.get(fmt::format("/io/t/{}", id));
        const auto stats = nlohmann::json::parse(asking.get("/stats/t").body);
        EXPECT_EQ(stats.at("served").at("count"), id + 1);
    }
}

TYPED_TEST(EachTarget, TellsTheErrorOfItsDelays) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("3ms");
    const auto port = this->start(options);
    Client client(port);
    for (int id = 0; id < 10; ++id) client.get(fmt::format("/io/t/{}", id));
    const Histogram error = decode_v2(stats_of(port, "t").at("delay_error_hdr").template get<std::string>());
    EXPECT_EQ(error.count(), 10u);
    EXPECT_GT(error.max(), 0);
}

// How long requests were held

Nanoseconds held_of(const Received& response) {
    const auto at = response.head.find("\r\nHeld-Ns: ");
    if (at == std::string::npos) throw std::runtime_error("no held time in " + response.head);
    return held_from_line(std::string_view(response.head).substr(at + 2, 9 + held_digits)).value();
}

/// The kernel turns stamps on in the background once the first socket asks for them.
void await_stamps(std::uint16_t port) {
    Client client(port);
    for (int attempt = 0; attempt < 100; ++attempt) {
        client.get(fmt::format("/io/until-stamped/{}", attempt));
        if (stats_of(port, "until-stamped").at("held").at("stamped") > 0) return;
        std::this_thread::sleep_for(10ms);
    }
    FAIL() << "the kernel stamps nothing";
}

TYPED_TEST(EachTarget, TellsHowLongItHeldTheRequest) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("uniform:1ms,4ms");
    const auto port = this->start(options);
    await_stamps(port);
    Client client(port);
    Nanoseconds sum{0};
    Nanoseconds intended{0};
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Nanoseconds delay = options.profile.delay.sample(options.seed, id);
        const TimePoint start = Clock::now();
        const Nanoseconds held = held_of(client.get(fmt::format("/io/t/{}", id)));
        EXPECT_GE(held, delay);
        EXPECT_LE(held, Clock::now() - start);
        sum += held;
        intended += delay;
    }
    const auto told = stats_of(port, "t").at("held");
    EXPECT_EQ(told.at("count"), 10);
    EXPECT_EQ(told.at("stamped"), 10) << "the first one too, which may come before accept";
    EXPECT_EQ(told.at("sum_ns"), sum.count());
    EXPECT_EQ(told.at("intended_sum_ns"), intended.count());
}

TYPED_TEST(EachTarget, TellsItInEachFormOfAHead) {
    TargetOptions options;
    options.profile.error_rate = 0.5;
    const auto port = this->start(options);
    for (const char* version : {"1.0", "1.1"}) {
        for (const char* connection : {"close", "keep-alive"}) {
            for (const int id : {1, 2, 3, 4, 5, 6}) {
                Client client(port);
                client.send(fmt::format("GET /io/t/{} HTTP/{}\r\nHost: a\r\nConnection: {}\r\n\r\n", id,
                                        version, connection));
                const auto response = client.receive();
                ASSERT_TRUE(response && response->whole);
                EXPECT_NO_THROW(held_of(*response));
                EXPECT_EQ(response->head.find("Content-Type"), std::string::npos);
            }
        }
    }
}

TYPED_TEST(EachTarget, TellsItOfIoRequestsAlone) {
    Client client(this->start());
    for (const char* path : {"/healthz", "/stats/t", "/nothing"}) {
        const Received response = client.get(path);
        EXPECT_EQ(response.head.find("Held-Ns"), std::string::npos) << path;
        EXPECT_NE(response.head.find("Content-Type"), std::string::npos) << path;
    }
}

TYPED_TEST(EachTarget, CountsHeldUntilTheFirstByteOfABrokenResponse) {
    for (const char* fault : {"truncate", "dribble"}) {
        for (const std::uint64_t payload : {0, 1000}) {
            const auto port = this->start(with_fault(fault, payload, 2ms));
            Client client(port);
            client.send(get_request("/io/t/1"));
            const auto response = client.receive();
            const auto told = stats_of(port, "t").at("held");
            EXPECT_EQ(told.at("count"), 1) << fault;
            EXPECT_EQ(told.at("intended_sum_ns"), Nanoseconds{2ms}.count());
            EXPECT_GE(told.at("sum_ns"), Nanoseconds{2ms}.count());
            // Of a truncated response without a body there is half a head.
            if (response) {
                EXPECT_EQ(told.at("sum_ns"), held_of(*response).count());
            }
        }
    }
}

TYPED_TEST(EachTarget, CountsNothingHeldOfAResponseThatNeverBegins) {
    for (const char* fault : {"close", "stall"}) {
        const auto port = this->start(with_fault(fault));
        Client client(port);
        client.send(get_request("/io/t/1"));
        client.shutdown_send();
        EXPECT_EQ(client.receive_all(), "");
        const auto stats = stats_of(port, "t");
        EXPECT_EQ(stats.at("requests"), 1);
        EXPECT_EQ(stats.at("held").at("count"), 0);
        EXPECT_EQ(stats.at("held").at("sum_ns"), 0);
    }
}

TYPED_TEST(EachTarget, CountsAPipelinedRequestFromItsArrivalAndNotFromItsTurn) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("bimodal:0s,40ms,0.5");
    const auto with_delay = [&](Nanoseconds delay) {
        std::uint64_t id = 0;
        while (options.profile.delay.sample(options.seed, id) != delay) ++id;
        return id;
    };
    Client client(this->start(options));
    client.send(get_request(fmt::format("/io/t/{}", with_delay(40ms))) +
                get_request(fmt::format("/io/t/{}", with_delay(0ns))));
    const Nanoseconds first = held_of(client.receive().value());
    EXPECT_GE(first, 40ms);
    EXPECT_GE(held_of(client.receive().value()), first);
}

TYPED_TEST(EachTarget, CountsARequestThatComesWhileAnotherIsAnsweredFromItsOwnArrival) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("60ms");
    const auto port = this->start(options);
    Client client(port);
    client.send(get_request("/io/t/1"));
    while (stats_of(port, "t").at("requests") == 0) std::this_thread::sleep_for(1ms);
    const TimePoint second = Clock::now();
    client.send(get_request("/io/t/2"));
    EXPECT_GE(held_of(client.receive().value()), 60ms);
    const Nanoseconds held = held_of(client.receive().value());
    EXPECT_GE(held, 60ms);
    EXPECT_LE(held, Clock::now() - second);
}

TYPED_TEST(EachTarget, CountsASplitRequestFromItsLastByte) {
    Client client(this->start());
    const std::string request = get_request("/io/t/3");
    client.send(request.substr(0, 9));
    std::this_thread::sleep_for(30ms);
    client.send(request.substr(9, request.size() - 11));
    std::this_thread::sleep_for(30ms);
    const TimePoint last = Clock::now();
    client.send(request.substr(request.size() - 2));
    const Nanoseconds held = held_of(client.receive().value());
    EXPECT_LE(held, Clock::now() - last);
}

TEST(IoHead, FitsIntoAConnectionsStorageWhateverItSays) {
    for (const int status : {200, 500}) {
        for (const auto persistence : {Persistence::implied, Persistence::keep_alive, Persistence::close}) {
            const IoHead head = io_response_head(status, ~std::uint64_t{0}, persistence);
            EXPECT_LE(head.text.size(), mock::longest_io_head);
            EXPECT_EQ(head.text.substr(head.held_at, held_digits + 2),
                      std::string(held_digits, '0') + "\r\n");
        }
    }
}

TYPED_TEST(EachTarget, IsHealthy) {
    EXPECT_EQ(Client(this->start()).get("/healthz").status, 200);
}

TYPED_TEST(EachTarget, DoesNotKnowOtherPaths) {
    Client client(this->start());
    for (const char* path : {"/", "/io/T/1", "/io/t/x", "/stats/", "/nothing?here"}) {
        EXPECT_EQ(client.get(path).status, 404) << path;
    }
    EXPECT_EQ(client.get("/io/t/1").status, 200);
}

TYPED_TEST(EachTarget, AllowsNoMethodButGet) {
    const auto port = this->start();
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
        Client client(port);
        client.send(fmt::format("{} /io/t/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", method));
        const auto response = client.receive();
        ASSERT_TRUE(response) << method;
        EXPECT_EQ(response->status, 405) << method;
        EXPECT_NE(response->head.find("Allow: GET"), std::string::npos);
    }
    EXPECT_EQ(stats_of(port, "t").at("requests"), 0);
}

TYPED_TEST(EachTarget, AnswersHeadWithoutABody) {
    Client client(this->start());
    client.send("HEAD /io/t/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string all = client.receive_all();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 405 ")) << all;
    EXPECT_TRUE(all.ends_with("\r\n\r\n")) << all;
}

TYPED_TEST(EachTarget, AnswersPipelinedRequestsInTheirOrder) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("uniform:0s,3ms");
    const auto port = this->start(options);
    Client client(port);
    std::string requests;
    for (int id = 0; id < 200; ++id) requests += get_request(fmt::format("/io/t/{}", id));
    client.send(requests);
    for (std::uint64_t id = 0; id < 200; ++id) {
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, body_for(options.seed, id, options.profile.payload_bytes));
    }
    EXPECT_EQ(stats_of(port, "t").at("served").at("count"), 200);
}

TYPED_TEST(EachTarget, TakesARequestByteByByte) {
    Client client(this->start());
    for (const char byte : get_request("/io/t/3")) client.send({&byte, 1});
    EXPECT_EQ(client.receive().value().body, body_for(1, 3, 1024));
}

TYPED_TEST(EachTarget, StillAnswersAPeerThatHasFinishedSending) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("20ms");
    Client client(this->start(options));
    client.send(get_request("/io/t/1") + get_request("/io/t/2"));
    client.shutdown_send();
    EXPECT_EQ(client.receive().value().body, body_for(1, 1, 1024));
    EXPECT_EQ(client.receive().value().body, body_for(1, 2, 1024));
    EXPECT_TRUE(client.is_closed());
}

TYPED_TEST(EachTarget, ClosesAfterTheResponseWhenTheClientAsksForIt) {
    const auto port = this->start();
    Client modern(port);
    modern.send("GET /io/t/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(modern.receive().value().whole);
    EXPECT_TRUE(modern.is_closed());
    Client old(port);
    old.send("GET /io/t/1 HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(old.receive().value().whole);
    EXPECT_TRUE(old.is_closed());
}

TYPED_TEST(EachTarget, RefusesWhatIsNoRequest) {
    const auto port = this->start();
    for (const char* bytes : {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET /healthz\r\n\r\n",
                              "\x16\x03\x01\x02\r\n\r\n", "GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n"}) {
        Client client(port);
        client.send(bytes);
        client.shutdown_send();
        const std::string answer = client.receive_all();
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 4")) << bytes << " -> " << answer;
    }
}

TYPED_TEST(EachTarget, RefusesAHeaderOfMoreThan8KiB) {
    const auto port = this->start();
    Client one_field(port);
    one_field.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'x') + "\r\n\r\n");
    EXPECT_EQ(one_field.receive().value().status, 431);
    EXPECT_TRUE(one_field.is_closed());
    Client many_fields(port);
    std::string fields;
    for (int i = 0; i < 3000; ++i) fields += fmt::format("X-{}: y\r\n", i);
    many_fields.send("GET /healthz HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    EXPECT_EQ(many_fields.receive().value().status, 431);
}

TYPED_TEST(EachTarget, SurvivesALongRangeHeader) {
    const auto port = this->start(with_payload(100));
    std::string ranges = "bytes=0-1";
    while (ranges.size() < 8000) ranges += ",0-1";
    for (const std::string& range : {ranges, "bytes=0-1," + std::string(8000, ' ') + "0-1"}) {
        Client client(port);
        client.send("GET /io/t/1 HTTP/1.1\r\nHost: a\r\nRange: " + range + "\r\n\r\n");
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_TRUE(response->status == 200 ? response->body == body_for(1, 1, 100)
                                            : response->status / 100 == 4);
    }
}

TYPED_TEST(EachTarget, ClosesOnAHeaderThatDoesNotEnd) {
    TargetOptions options;
    options.request_timeout = 40ms;
    Client client(this->start(options));
    client.send("GET /healthz HTTP/1.1\r\nHost: ");
    EXPECT_EQ(client.receive().value().status, 408);
    EXPECT_TRUE(client.is_closed());
}

TYPED_TEST(EachTarget, ClosesOnAHeaderThatTrickles) {
    TargetOptions options;
    options.request_timeout = 40ms;
    Client client(this->start(options));
    client.send("GET /healthz HTTP/1.1\r\n");
    std::string answer;
    for (int i = 0; i < 1000 && answer.empty(); ++i) {
        client.send("X");
        std::this_thread::sleep_for(5ms);
        answer = client.receive_now();
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
}

TYPED_TEST(EachTarget, DoesNotTakeALongDelayForASlowRequest) {
    TargetOptions options;
    options.request_timeout = 500ms;
    options.idle_timeout = 500ms;
    options.profile.delay = DelaySpec::parse("1200ms");
    Client client(this->start(options));
    EXPECT_EQ(client.get("/io/t/1").status, 200);
}

TYPED_TEST(EachTarget, ClosesAnIdleConnection) {
    TargetOptions options;
    options.idle_timeout = 500ms;
    const auto port = this->start(options);
    Client silent(port);
    Client served(port);
    EXPECT_EQ(served.get("/healthz").status, 200);
    EXPECT_TRUE(silent.is_closed());
    EXPECT_TRUE(served.is_closed());
}

TYPED_TEST(EachTarget, LimitsTheBodyOfARequest) {
    const auto port = this->start();
    Client small(port);
    small.send("POST /io/t/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345");
    EXPECT_EQ(small.receive().value().status, 405);
    Client large(port);
    large.send("POST /io/t/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n12345");
    EXPECT_EQ(large.receive().value().status / 100, 4);
    EXPECT_TRUE(large.is_closed());
}

// Faults

TYPED_TEST(EachTarget, ClosesBeforeTheResponse) {
    const auto port = this->start(with_fault("close"));
    Client client(port);
    client.send(get_request("/io/t/1"));
    EXPECT_EQ(client.receive_all(), "");
    const auto stats = stats_of(port, "t");
    EXPECT_EQ(stats.at("requests"), 1);
    EXPECT_EQ(stats.at("served").at("count"), 0);
}

TYPED_TEST(EachTarget, ClosesInTheMiddleOfTheBody) {
    const auto port = this->start(with_fault("truncate"));
    Client client(port);
    client.send(get_request("/io/t/1"));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_FALSE(response->whole);
    EXPECT_EQ(response->body, body_for(1, 1, 1000).substr(0, 500));
    EXPECT_EQ(stats_of(port, "t").at("served").at("count"), 0);
}

TYPED_TEST(EachTarget, TruncatesEvenAResponseWithoutABody) {
    const auto port = this->start(with_fault("truncate", 0));
    Client client(port);
    client.send(get_request("/io/t/1"));
    const std::string all = client.receive_all();
    EXPECT_TRUE(all.starts_with("HTTP/1.1")) << all;
    EXPECT_EQ(all.find("\r\n\r\n"), std::string::npos) << all;
}

TYPED_TEST(EachTarget, NeverAnswersAStalledRequestAndWaitsForThePeer) {
    const auto port = this->start(with_fault("stall"));
    auto client = std::make_unique<Client>(port);
    client->send(get_request("/io/t/1"));
    while (stats_of(port, "t").at("requests") == 0) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(client->receive_now(), "");
    EXPECT_GE(this->target().connections(), 1u);
    client.reset();
    while (this->target().connections() > 0) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(stats_of(port, "t").at("served").at("count"), 0);
}

TYPED_TEST(EachTarget, DribblesTheBodyOverTheDelayOnceMore) {
    for (const std::uint64_t bytes : {0, 3, 1000}) {
        const auto port = this->start(with_fault("dribble", bytes, 10ms));
        Client client(port);
        const TimePoint start = Clock::now();
        const Received response = client.get("/io/t/1");
        EXPECT_GE(Clock::now() - start, bytes == 0 ? 10ms : 20ms);
        EXPECT_EQ(response.body, body_for(1, 1, bytes));
        EXPECT_EQ(client.get("/io/t/2").body, body_for(1, 2, bytes));
        EXPECT_EQ(stats_of(port, "t").at("served").at("count"), 2);
    }
}

TYPED_TEST(EachTarget, DoesNotCountAResponseThatItsPeerDidNotWaitFor) {
    TargetOptions options = with_payload(50'000'000);
    const auto port = this->start(options);
    Client client(port);
    client.send(get_request("/io/t/1"));
    while (stats_of(port, "t").at("requests") == 0) std::this_thread::sleep_for(1ms);
    client.abort();
    while (this->target().connections() > 0) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(stats_of(port, "t").at("served").at("count"), 0);
}

// Running

TYPED_TEST(EachTarget, CountsAgreeWithManyClientsAtOnce) {
    constexpr std::uint64_t clients = 64;
    constexpr std::uint64_t requests = 50;
    TargetOptions options = with_payload(100);
    options.profile.delay = DelaySpec::parse("exponential:1ms");
    options.profile.error_rate = 0.1;
    const auto port = this->start(options);
    std::vector<Client> connections;
    connections.reserve(clients);
    for (std::uint64_t i = 0; i < clients; ++i) connections.emplace_back(port);
    Fingerprint expected;
    for (std::uint64_t request = 0; request < requests; ++request) {
        for (std::uint64_t i = 0; i < clients; ++i) {
            connections[i].send(get_request(fmt::format("/io/t/{}", request * clients + i)));
        }
        for (std::uint64_t i = 0; i < clients; ++i) {
            const std::uint64_t id = request * clients + i;
            const auto response = connections[i].receive();
            ASSERT_TRUE(response);
            EXPECT_TRUE(is_body_for(response->body, options.seed, id, 100));
            expected.add(id);
        }
    }
    const auto stats = stats_of(port, "t");
    EXPECT_EQ(stats.at("connections"), clients);
    EXPECT_EQ(stats.at("served").at("count"), expected.count);
    EXPECT_EQ(stats.at("served").at("fingerprint"), fmt::format("{:016x}", expected.sum));
}

TYPED_TEST(EachTarget, StopsWithRequestsInFlight) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("5m");
    const auto port = this->start(options);
    Client waiting(port);
    waiting.send(get_request("/io/t/1"));
    Client idle(port);
    while (stats_of(port, "t").at("requests") == 0) std::this_thread::sleep_for(1ms);
    this->target().stop();
    this->target().stop();
    EXPECT_EQ(waiting.receive_all(), "");
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_EQ(this->target().connections(), 0u);
    EXPECT_THROW(Client{port}, std::system_error);
}

TYPED_TEST(EachTarget, SaysThatAPortIsTaken) {
    TargetOptions options;
    options.port = this->start();
    try {
        const TypeParam second(options);
        FAIL() << "two targets on one port";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find(fmt::format("{}", options.port)), std::string::npos);
    }
}

TYPED_TEST(EachTarget, SaysThatAnAddressCannotBeUsed) {
    for (const char* address : {"nowhere", "", "203.0.113.1", "127.0.0.1.5"}) {
        TargetOptions options;
        options.address = address;
        EXPECT_THROW(TypeParam{options}, Error) << address;
    }
}

TYPED_TEST(EachTarget, RefusesAProfileOutOfRange) {
    TargetOptions options;
    options.profile.error_rate = 2;
    EXPECT_THROW(TypeParam{options}, UsageError);
}

}  // namespace asyncbench::targets_tests
