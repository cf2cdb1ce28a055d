#include "cli/live/live_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http/client.hpp"

namespace asyncbench::live_server_tests {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::uint16_t port_of(const LiveServer& server) {
    const std::string url = server.url();
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

/// Whether it comes to be so in a time that nothing but a hang takes.
bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
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
    for (const char* path : {"/assets/page.css", "/assets/page.js", "/assets/live.js"}) {
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
    for (const char* query :
         {"after=x", "after=-1", "article=1x", "page=x", "after=99999999999999999999999"}) {
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
    EXPECT_TRUE(server_.linger(std::chrono::seconds{60}));
    EXPECT_EQ(json::parse(waiting.receive().value().body)["ended"], true);
}

TEST_F(LiveServerTest, TellsTheEndToEachPageAndNotToOneOfThem) {
    board_.set_progress("\"done\":1");
    for (const char* page : {"1", "2", "3"}) ask(fmt::format("/state?after=0&page={}", page));
    board_.end();
    const auto ends_for = [this](const char* page) {
        return json::parse(ask(fmt::format("/state?after=1&page={}", page)).body)["ended"].get<bool>();
    };
    EXPECT_TRUE(ends_for("1"));
    EXPECT_FALSE(server_.linger(std::chrono::milliseconds{1}));  // the others rest between two questions
    EXPECT_TRUE(ends_for("2"));
    EXPECT_FALSE(server_.linger(std::chrono::milliseconds{1}));
    EXPECT_TRUE(ends_for("3"));
    EXPECT_TRUE(server_.linger(std::chrono::seconds{60}));
}

TEST_F(LiveServerTest, RemembersNoMorePagesThanItCanServe) {
    board_.set_progress("\"done\":1");
    for (int page = 0; page < 200; ++page) ask(fmt::format("/state?after=0&page={}", page));
    board_.end();
    for (int page = 136; page < 200; ++page) ask(fmt::format("/state?after=1&page={}", page));
    EXPECT_TRUE(server_.linger(std::chrono::seconds{60}));
}

TEST(LiveServerEnd, ComesWhateverItsClientsDo) {
    LiveBoard board;
    auto server = std::make_unique<LiveServer>(0, board, "");
    const std::uint16_t port = port_of(*server);
    const std::string host = fmt::format("HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port);
    const std::string requests[] = {"", "GET / HT", "GET /assets/page.js " + host, "GET /state " + host};
    std::vector<Client> clients;
    clients.reserve(40);
    for (std::size_t i = 0; i < 40; ++i)  // more than it takes
        clients.emplace_back(port).send(requests[i % 4]);
    ASSERT_TRUE(eventually([&] { return server->was_watched(); }));  // one waits for news

    board.end();
    server->linger(std::chrono::milliseconds{10});
    std::atomic<bool> ended = false;
    std::thread ending([&] {
        server.reset();
        ended = true;
    });
    if (!eventually([&] { return ended.load(); })) {
        // Nothing could be joined any more.
        std::fputs("The server does not end.\n", stderr);
        std::abort();
    }
    ending.join();
    for (Client& client : clients) EXPECT_NO_THROW(client.receive_all());  // until the server hangs up
    const LiveServer next(port, board, "");                                // nobody listens there any more
    EXPECT_EQ(port_of(next), port);
}

TEST_F(LiveServerTest, IsNotWatchedByAPageOfAnotherOrigin) {
    const auto from = [this](const std::string& path, const std::string& site) {
        return ask(path, fmt::format("127.0.0.1:{}\r\nSec-Fetch-Site: {}", port_of(server_), site)).status;
    };
    board_.set_progress("\"done\":1");
    for (const char* site : {"cross-site", "same-site", "nonsense"}) {
        EXPECT_EQ(from("/state", site), 403) << site;
        EXPECT_EQ(from("/assets/page.js", site), 403) << site;
        EXPECT_EQ(from("/", site), 200) << site;  // a link to it
    }
    EXPECT_FALSE(server_.was_watched());
    EXPECT_EQ(from("/state", "none"), 200);  // typed in
    EXPECT_EQ(from("/state", "same-origin"), 200);
    EXPECT_TRUE(server_.was_watched());
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

}  // namespace asyncbench::live_server_tests
