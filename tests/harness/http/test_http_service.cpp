#include "harness/http/http_service.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/timeout.hpp"
#include "harness/work/service.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"

namespace asyncbench::http_service_tests {

using namespace std::chrono_literals;
using test::InProcessTarget;

std::string body_of(std::uint64_t id) {
    return body_for(InProcessTarget::seed, id, 1024);
}

Task<Response> asked(LoopClient& client, Ticket ticket) {
    Response response = co_await client.request(ticket);
    co_return response;
}

TEST(HttpService, GivesABlockingClientThatAsksByNumber) {
    const InProcessTarget target;
    const auto client = target.service().blocking();
    for (const std::uint64_t id : {7U, 123'456'789U, 0U}) {
        EXPECT_EQ(client->request({id, "t", {}}).body, body_of(id));
    }
    EXPECT_EQ(client->request({1, "another", {}}).body, body_of(1));
    EXPECT_EQ(target.stats("t").requests, 3U);
    EXPECT_EQ(target.stats("another").requests, 1U);
}

TEST(HttpService, GivesAClientOnALoopForCallbacks) {
    const InProcessTarget target;
    Loop loop;
    const auto client = target.service().on(loop, 3);
    std::set<std::string> bodies;
    for (std::uint64_t id = 0; id < 3; ++id) {
        client->request({id, "t", {}}, [&](const Response& response) {
            bodies.insert(response.body);
            if (bodies.size() == 3) loop.stop();
        });
    }
    EXPECT_TRUE(bodies.empty()) << "completions are called by the loop";
    loop.run();
    EXPECT_EQ(bodies, (std::set<std::string>{body_of(0), body_of(1), body_of(2)}));
}

TEST(HttpService, GivesAClientOnALoopForCoroutines) {
    const InProcessTarget target;
    Loop loop;
    const auto client = target.service().on(loop, 2);
    const auto [first, second] =
        run(loop, gather(asked(*client, {1, "t", {}}), asked(*client, {2, "t", {}})));
    EXPECT_EQ(first.body, body_of(1));
    EXPECT_EQ(second.body, body_of(2));
}

TEST(HttpService, GivesAClientThatPolls) {
    const InProcessTarget target;
    const auto client = target.service().polling(2);
    std::set<std::string> bodies;
    for (std::uint64_t id = 0; id < 2; ++id)
        client->request({id, "t", {}}, [&](const Response& response) { bodies.insert(response.body); });
    client->run();
    EXPECT_EQ(bodies, (std::set<std::string>{body_of(0), body_of(1)}));
}

TEST(HttpService, SendsAForeignTargetTheSameEachTime) {
    const test::RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    HttpService service(
        {.request = {.url = server.url() + "cart?x=1", .method = "DELETE", .headers = {"X-Mine: 1"}},
         .numbered = false});
    for (const std::uint64_t id : {0U, 1U}) {
        EXPECT_TRUE(service.blocking()->request({id, "t", {}}).ok());
        EXPECT_TRUE(server.received().starts_with("DELETE /cart?x=1 HTTP/1.1\r\n")) << server.received();
        EXPECT_NE(server.received().find("\r\nX-Mine: 1\r\n"), std::string::npos);
    }
}

TEST(HttpService, LooksNoNameUpWhereItIsToldItsAddress) {
    const test::KeptServer server([](const test::KeptServer::Request&) { return test::ok_answer(); });
    HttpService service(
        {.request = {.url = server.url("svc.invalid")}, .numbered = false, .address = "127.0.0.1"});
    EXPECT_TRUE(service.blocking()->request({}).ok());
    const auto polling = service.polling(1);
    polling->request({}, [](const Response& response) { EXPECT_TRUE(response.ok()) << response.message; });
    polling->run();
    Loop loop;
    const auto on_loop = service.on(loop, 1);
    EXPECT_TRUE(run(loop, asked(*on_loop, {})).ok());
    EXPECT_EQ(server.heads().size(), 3U);
}

TEST(HttpService, KeepsNoMoreOfABodyThanTellsWhetherItIsRight) {
    Profile profile;
    profile.payload_bytes = 24U << 20;
    const InProcessTarget target(profile);
    const Response response = target.service().blocking()->request({3, "t", {}});
    EXPECT_EQ(response.body_bytes(), profile.payload_bytes);
    EXPECT_LE(response.body.capacity(), 64U << 10);
    EXPECT_TRUE(
        is_body_for(response.body, InProcessTarget::seed, 3, profile.payload_bytes, response.body_skipped));
    EXPECT_FALSE(
        is_body_for(response.body, InProcessTarget::seed, 4, profile.payload_bytes, response.body_skipped));
}

TEST(Answer, EndsTheRequestOfATaskThatIsCancelled) {
    const InProcessTarget target(test::always(&FaultShares::stall));
    Loop loop;
    const auto client = target.service().on(loop, 1);
    EXPECT_THROW(run(loop, with_timeout(asked(*client, {0, "t", {}}), 50ms)), TimeoutError);
    EXPECT_TRUE(test::eventually([&] { return target.connections() == 0; }));
}

TEST(LoopClient, DestroysTheCompletionOfARequestThatIsCancelled) {
    const InProcessTarget target;
    Loop loop;
    const auto client = target.service().on(loop, 1);
    const auto kept = std::make_shared<int>(0);
    bool called = false;
    client->cancel(client->request({0, "t", {}}, [&called, kept](const Response&) { called = true; }));
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_FALSE(called);
    EXPECT_EQ(target.stats().requests, 0U);
}

}  // namespace asyncbench::http_service_tests
