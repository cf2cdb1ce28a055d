#include "cli/live/live_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http/client.hpp"

namespace asyncbench {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::uint16_t port_of(const LiveServer& server) {
    const std::string url = server.url();
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

class LiveServerTest : public testing::Test {
  protected:
    ~LiveServerTest() override { board_.end(); }

    Received ask(const std::string& path, const std::string& host, const std::string& method = "GET") {
        Client client(port_of(server_));
        client.send(fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n\r\n", method, path, host));
        const auto response = client.receive();
        EXPECT_TRUE(response.has_value()) << path;
        return response.value_or(Received{});
    }
    Received ask(const std::string& path) { return ask(path, fmt::format("127.0.0.1:{}", port_of(server_))); }

    LiveBoard board_;
    LiveServer server_{0, board_, "<!doctype html><title>page</title>"};
};

TEST_F(LiveServerTest, ServesThePageWithAPolicyAndForNoOtherSite) {
    const Received page = ask("/");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body, "<!doctype html><title>page</title>");
    EXPECT_THAT(page.head, AllOf(HasSubstr("Content-Type: text/html; charset=utf-8"),
                                 HasSubstr("Content-Security-Policy: default-src 'none'"),
                                 HasSubstr("frame-ancestors 'none'"), HasSubstr("nosniff"),
                                 HasSubstr("Cross-Origin-Resource-Policy: same-origin")));
    EXPECT_THAT(page.head, Not(HasSubstr("Access-Control-Allow-Origin")));
}

TEST_F(LiveServerTest, ServesWhatThePageLoads) {
    for (const char* path : {"/assets/page.css", "/assets/page.js", "/assets/live.css", "/assets/live.js"}) {
        const Received asset = ask(path);
        EXPECT_EQ(asset.status, 200) << path;
        EXPECT_TRUE(asset.whole) << path;
        EXPECT_FALSE(asset.body.empty()) << path;
    }
    EXPECT_THAT(ask("/assets/live.js").head, HasSubstr("Content-Type: text/javascript"));
}

TEST_F(LiveServerTest, AnswersForItsOwnNamesAlone) {
    const auto port = port_of(server_);
    EXPECT_EQ(ask("/", fmt::format("localhost:{}", port)).status, 200);
    for (const std::string& host : {fmt::format("evil.example:{}", port), std::string("127.0.0.1"),
                                    fmt::format("127.0.0.1:{}", port + 1), std::string(),
                                    fmt::format("127.0.0.1:{0}\r\nHost: 127.0.0.1:{0}", port)}) {
        EXPECT_EQ(ask("/state", host).status, 421) << host;
    }
    EXPECT_FALSE(server_.was_watched());
}

TEST_F(LiveServerTest, RefusesWhatItDoesNotKnow) {
    const std::string host = fmt::format("127.0.0.1:{}", port_of(server_));
    EXPECT_EQ(ask("/", host, "POST").status, 405);
    EXPECT_EQ(ask("/", host, "DELETE").status, 405);
    for (const char* path :
         {"/assets/", "/assets/vega.js", "/assets/../live.html", "/index.html", "/%2e%2e"}) {
        EXPECT_EQ(ask(path).status, 404) << path;
    }
    for (const char* query : {"after=x", "after=-1", "article=1x", "after=99999999999999999999999"}) {
        EXPECT_EQ(ask(std::string("/state?") + query).status, 400) << query;
    }
}

TEST_F(LiveServerTest, TellsTheStateAndTheArticleOnlyWhereItIsNew) {
    EXPECT_FALSE(server_.was_watched());
    board_.set_progress("\"done\":1");
    board_.set_article("\"<article>\"");
    const json first = json::parse(ask("/state").body);
    EXPECT_TRUE(server_.was_watched());
    EXPECT_EQ(first, (json{{"version", 2},
                           {"ended", false},
                           {"done", 1},
                           {"article_version", 1},
                           {"article", "<article>"}}));
    board_.set_progress("\"done\":2");
    EXPECT_EQ(json::parse(ask("/state?after=2&article=1").body),
              (json{{"version", 3}, {"ended", false}, {"done", 2}}));
}

TEST_F(LiveServerTest, AnswersOnceThereIsNews) {
    Client waiting(port_of(server_));
    waiting.send(fmt::format("GET /state?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port_of(server_)));
    std::thread later([this] {
        while (!server_.was_watched()) std::this_thread::yield();
        EXPECT_EQ(json::parse(ask("/state?after=0").body)["version"], 1);
    });
    while (!server_.was_watched()) std::this_thread::yield();
    board_.set_progress("\"done\":1");
    EXPECT_EQ(json::parse(waiting.receive().value().body)["done"], 1);
    later.join();
}

TEST_F(LiveServerTest, TellsTheEndToThoseWhoWait) {
    Client waiting(port_of(server_));
    waiting.send(fmt::format("GET /state?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port_of(server_)));
    while (!server_.was_watched()) std::this_thread::yield();
    board_.end();
    server_.linger(std::chrono::seconds{10});
    EXPECT_EQ(json::parse(waiting.receive().value().body)["ended"], true);
}

TEST_F(LiveServerTest, EndsWhateverItsClientsDo) {
    std::vector<Client> clients;
    for (int i = 0; i < 40; ++i) clients.emplace_back(port_of(server_));  // more than it takes
    for (std::size_t i = 0; i < clients.size(); ++i) {
        if (i % 3 == 1) clients[i].send("GET / HT");
        if (i % 3 == 2)
            clients[i].send(
                fmt::format("GET /assets/page.js HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port_of(server_)));
    }
    board_.end();
    server_.linger(std::chrono::milliseconds{10});
    // The fixture's end waits for every thread.
    SUCCEED();
}

TEST_F(LiveServerTest, SaysWhatIsWrongWhereThePortIsTaken) {
    LiveBoard board;
    try {
        const LiveServer second(port_of(server_), board, "");
        FAIL() << "two servers on one port";
    } catch (const std::exception& error) {
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("The live page cannot listen on 127.0.0.1 port"), HasSubstr("in use")));
    }
}

}  // namespace
}  // namespace asyncbench
