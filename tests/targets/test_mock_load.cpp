#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "harness/work/fingerprint.hpp"
#include "harness/work/reply.hpp"
#include "targets/target.hpp"
#include "tests/support/http/client.hpp"

namespace asyncbench::mock_load_tests {

using namespace std::chrono_literals;

/// On the best interface of the kernel, and on the one that works everywhere.
class MockTargetOn : public testing::TestWithParam<std::optional<IoKind>> {
  protected:
    static TargetOptions on_interface() {
        TargetOptions options;
        options.io = GetParam();
        return options;
    }
};
INSTANTIATE_TEST_SUITE_P(Interfaces, MockTargetOn, testing::Values(std::nullopt, IoKind::epoll),
                         [](const auto& of) { return of.param ? "Epoll" : "Best"; });

TEST_P(MockTargetOn, HasTwoThousandDelayedResponsesInFlightAtOnce) {
    constexpr std::uint64_t clients = 2000;
    allow_many_descriptors();
    TargetOptions options = on_interface();
    options.profile.payload_bytes = 100;
    options.profile.delay = DelaySpec::parse("2s");
    MockTarget target(options);
    Fingerprint expected;
    std::vector<Client> connections;
    for (std::uint64_t id = 0; id < clients; ++id) {
        connections.emplace_back(target.port());
        connections.back().send(get_request(fmt::format("/io/t/{}", id)));
        expected.add(id);
    }
    // One after another, they would take more than an hour; each recv of the clients has a limit of ten
    // seconds.
    for (std::uint64_t id = 0; id < clients; ++id) {
        const auto response = connections[id].receive();
        ASSERT_TRUE(response);
        EXPECT_TRUE(is_body_for(response->body, options.seed, id, 100));
    }
    const auto stats = stats_of(target.port(), "t");
    EXPECT_EQ(stats.at("requests"), clients);
    EXPECT_EQ(stats.at("connections"), clients);
    EXPECT_EQ(stats.at("served").at("count"), clients);
    EXPECT_EQ(stats.at("served").at("fingerprint"), fmt::format("{:016x}", expected.sum));
}

TEST_P(MockTargetOn, ServesSmallRequestsWhileAPeerReadsALargeBody) {
    TargetOptions options = on_interface();
    options.profile.payload_bytes = 60'000'000;
    MockTarget target(options);
    Client slow(target.port());
    slow.send(get_request("/io/large/1"));
    std::thread reader([&] { EXPECT_TRUE(slow.receive().value().whole); });
    Client quick(target.port());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(quick.get("/healthz").status, 200);
    reader.join();
}

TEST_P(MockTargetOn, ServesOthersWhilePeersReadNothing) {
    TargetOptions options = on_interface();
    options.profile.payload_bytes = 10'000'000;
    MockTarget target(options);
    std::vector<Client> deaf;
    for (int i = 0; i < 50; ++i) {
        deaf.emplace_back(target.port());
        deaf.back().send(get_request("/io/t/1"));
    }
    Client quick(target.port());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(quick.get("/healthz").status, 200);
    EXPECT_EQ(stats_of(target.port(), "t").at("served").at("count"), 0);
}

TEST_P(MockTargetOn, ClosesAConnectionWhosePeerReadsNothingForTooLong) {
    TargetOptions options = on_interface();
    options.idle_timeout = 500ms;
    options.profile.payload_bytes = 50'000'000;
    MockTarget target(options);
    Client deaf(target.port());
    deaf.send(get_request("/io/t/1"));
    while (stats_of(target.port(), "t").at("requests") == 0) std::this_thread::sleep_for(1ms);
    while (target.connections() > 0) std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(deaf.receive().value().whole);
}

TEST_P(MockTargetOn, LeavesInputInTheKernelThatCannotBeAnsweredYet) {
    TargetOptions options = on_interface();
    options.profile.payload_bytes = 0;
    options.profile.delay = DelaySpec::parse("20ms");
    MockTarget target(options);
    Client client(target.port());
    // Over 16 KiB of requests behind one that waits; all of them are answered in the end.
    std::string requests = get_request("/io/t/0");
    int count = 1;
    for (; requests.size() < 40'000; ++count) requests += get_request("/healthz");
    client.send(requests);
    for (int i = 0; i < count; ++i) EXPECT_EQ(client.receive().value().status, 200);
}

TEST_P(MockTargetOn, DiscardsTheBodyOfARequestAndGoesOn) {
    MockTarget target(on_interface());
    Client client(target.port());
    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" +
                std::string(60000, 'x'));
    EXPECT_EQ(client.receive().value().status, 200);
    client.send(
        "GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\n12345\r\n0\r\n\r\n");
    EXPECT_EQ(client.receive().value().status, 200);
    EXPECT_EQ(client.get("/healthz").status, 200);
    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" +
                std::string(70000, 'x'));
    EXPECT_EQ(client.receive().value().status, 413);
    EXPECT_TRUE(client.is_closed());
}

TEST_P(MockTargetOn, RefusesARequestOfHttp11WithoutHost) {
    MockTarget target(on_interface());
    Client client(target.port());
    client.send("GET /healthz HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client.receive().value().status, 400);
}

TEST_P(MockTargetOn, AnswersAnOldClientThatKeepsItsConnection) {
    MockTarget target(on_interface());
    Client client(target.port());
    for (int i = 0; i < 3; ++i) {
        client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_NE(response->head.find("Connection: keep-alive"), std::string::npos);
    }
}

TEST_P(MockTargetOn, ListensOnIpv6) {
    TargetOptions options = on_interface();
    options.address = "::1";
    const MockTarget target(options);
    EXPECT_NE(target.port(), 0);
}

}  // namespace asyncbench::mock_load_tests
