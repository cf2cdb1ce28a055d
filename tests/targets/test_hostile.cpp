#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>

#include "harness/work/reply.hpp"
#include "targets/target.hpp"
#include "tests/support/http/client.hpp"
#include "tests/targets/hostile_bytes.hpp"

namespace asyncbench::hostile_tests {

using namespace std::chrono_literals;

/// Sends what HostileBytes makes, each over a connection of its own, and keeps some of them open for a while.
/// Counts the statuses it gets.
class HostilePeers {
  public:
    HostilePeers(std::uint16_t port, std::uint64_t seed) : port_(port), bytes_(seed) {}

    void send(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) send_one();
        while (!open_.empty()) end_oldest();
    }
    const std::set<int>& statuses() const { return statuses_; }

  private:
    void send_one() {
        constexpr std::size_t most_open = 100;
        Client client(port_);
        const std::string text = bytes_.next();
        // In two parts now and then: the parser must take up where it stopped.
        const std::size_t cut = bytes_.below(3) == 0 ? bytes_.below(text.size() + 1) : text.size();
        client.send(std::string_view(text).substr(0, cut));
        client.send(std::string_view(text).substr(cut));
        if (bytes_.below(4) == 0) client.shutdown_send();
        if (bytes_.below(8) == 0) return client.abort();
        if (bytes_.below(32) == 0) {
            // The target has to close by itself once all is said.
            client.shutdown_send();
            return look_at(client.receive_all());
        }
        open_.push_back(std::move(client));
        if (open_.size() > most_open) end_oldest();
    }

    void look_at(const std::string& answer) {
        if (answer.empty()) return;
        // A response cut short by a reset is still the beginning of one.
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 ") || answer.size() < 9) << answer;
        if (answer.size() >= 12) statuses_.insert(std::stoi(answer.substr(9, 3)));
    }

    void end_oldest() {
        look_at(open_.front().receive_now());
        // A reset leaves no port in TIME_WAIT behind.
        open_.front().abort();
        open_.pop_front();
    }

    std::uint16_t port_;
    HostileBytes bytes_;
    std::deque<Client> open_;
    std::set<int> statuses_;
};

/// A good client, until told to stop; the number of right answers it got.
std::uint64_t behave_well(std::uint16_t port, const TargetOptions& options, const std::atomic<bool>& stop) {
    Client client(port);
    std::uint64_t id = 0;
    for (; !stop; ++id) {
        const Received response = client.get(fmt::format("/io/good/{}", id));
        EXPECT_TRUE(is_body_for(response.body, options.seed, id, options.profile.payload_bytes));
    }
    return id;
}

template <class Target>
void survive(std::uint64_t inputs, std::uint64_t seed) {
    TargetOptions options;
    options.profile.payload_bytes = 50;
    options.profile.delay = DelaySpec::parse("1ms");
    Target target(options);
    std::atomic<bool> stop = false;
    std::uint64_t answered = 0;
    std::thread good([&] { answered = behave_well(target.port(), options, stop); });

    HostilePeers peers(target.port(), seed);
    peers.send(inputs);
    stop = true;
    good.join();

    EXPECT_GT(answered, 0u);
    EXPECT_EQ(stats_of(target.port(), "good").at("served").at("count"), answered);
    for (const int status : {200, 400, 404, 405, 431})
        EXPECT_TRUE(peers.statuses().contains(status)) << status;
    EXPECT_FALSE(peers.statuses().contains(500));
    while (target.connections() > 0) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(Client(target.port()).get("/healthz").status, 200);
}

TEST(MockTarget, SurvivesAHundredThousandHostileInputsWhileServingAGoodClient) {
    survive<MockTarget>(100'000, 20240601);
}

TEST(BlockingTarget, SurvivesHostileInputsWhileServingAGoodClient) {
    survive<BlockingTarget>(5'000, 7);
}

}  // namespace asyncbench::hostile_tests
