#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

#include "async/detect/collected_findings.hpp"
#include "async/timer.hpp"
#include "harness/http/async_session.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/http/kept_server.hpp"

namespace asyncbench::async_session_tests {

using namespace std::chrono_literals;
using test::always;
using test::eventually;
using test::InProcessTarget;
using test::with_delay;

/// How many transfers a session gives to one of libcurl's multi handles.
constexpr std::uint64_t of_one_handle = 32;
/// Of more than three handles.
constexpr std::uint64_t many = 500;

Fingerprint first_ids(std::uint64_t count) {
    Fingerprint all;
    for (std::uint64_t id = 0; id < count; ++id) all.add(id);
    return all;
}

class AsyncSessionTest : public testing::Test {
  protected:
    /// Sends the ids [0, count) at once and runs the loop until all are answered.
    std::vector<Response> get_all(const InProcessTarget& target, std::uint64_t count, const char* trial) {
        std::vector<Response> responses(count);
        std::uint64_t waiting = count;
        for (std::uint64_t id = 0; id < count; ++id) {
            session_.get(target.url(id, trial), [&, id](Response response) {
                responses[id] = std::move(response);
                if (--waiting == 0) loop_.stop();
            });
        }
        loop_.run();
        return responses;
    }

    /// Runs the loop for at least `time`.
    void run_for(Nanoseconds time) {
        Timer timer(loop_);
        timer.at(steady_now() + time, [this] { loop_.stop(); });
        loop_.run();
    }

    Loop loop_;
    AsyncSession session_{loop_, {}};
};

TEST_F(AsyncSessionTest, CallsTheCompletionFromTheLoopAndNotBefore) {
    const InProcessTarget target;
    bool called = false;
    session_.get(target.url(0), [&](const Response& response) {
        called = true;
        EXPECT_TRUE(loop_.is_loop_thread());
        EXPECT_TRUE(response.ok());
        loop_.stop();
    });
    EXPECT_FALSE(called);
    loop_.run();
    EXPECT_TRUE(called);
}

TEST_F(AsyncSessionTest, AnswersHundredsAtOnceOverSeveralHandles) {
    const InProcessTarget target(with_delay("30ms"));
    const auto responses = get_all(target, many, "t");
    for (std::uint64_t id = 0; id < many; ++id) {
        ASSERT_TRUE(responses[id].ok()) << responses[id].message;
        ASSERT_EQ(responses[id].body, body_for(InProcessTarget::seed, id, 1024));
    }
    const TargetStats stats = target.stats();
    EXPECT_EQ(stats.served, first_ids(many));
    EXPECT_EQ(stats.requests, many);
}

TEST_F(AsyncSessionTest, SendsTheNextHundredsOverTheSameConnections) {
    const InProcessTarget target(with_delay("30ms"));
    get_all(target, many, "first");
    const std::uint64_t opened = target.stats("first").connections;
    EXPECT_LE(opened, many);
    for (int round = 0; round < 3; ++round) {
        for (const Response& response : get_all(target, opened, "again")) {
            ASSERT_FALSE(response.new_connection);
        }
    }
    EXPECT_LE(target.stats("again").connections, opened);
}

TEST_F(AsyncSessionTest, AnswersWhereAllOfItsIdleConnectionsHaveEnded) {
    constexpr int connections = 20;  // libcurl by itself tries five of them and gives up
    std::atomic<int> arrived{0};
    const test::KeptServer server([&](const test::KeptServer::Request& request) {
        if (request.on_connection > 0) return std::string();
        ++arrived;
        eventually([&] { return arrived >= connections; });  // so that each has a connection of its own
        return test::ok_answer();
    });
    const auto get = [&](int count) {
        int waiting = count;
        for (int i = 0; i < count; ++i) {
            session_.get(server.url(), [&](const Response& response) {
                EXPECT_EQ(response.error, TransportError::none) << response.message;
                if (--waiting == 0) loop_.stop();
            });
        }
        loop_.run();
    };
    get(connections);
    ASSERT_EQ(server.connections(), 20U);
    for (int i = 0; i < 4; ++i) get(1);
}

TEST_F(AsyncSessionTest, BringsSeveralLargeBodiesAtOnce) {
    Profile profile;
    profile.payload_bytes = 3U << 20;  // more than libcurl reads of a socket before it asks to come back
    const InProcessTarget target(profile);
    // All that come back do so in one step of libcurl, which must not be long enough for a stall.
    const auto responses = get_all(target, 4, "t");
    for (std::uint64_t id = 0; id < responses.size(); ++id) {
        ASSERT_TRUE(responses[id].body == body_for(InProcessTarget::seed, id, profile.payload_bytes)) << id;
    }
}

TEST_F(AsyncSessionTest, LetsOthersOnTheLoopHaveTheirTurnBetweenSlowCompletions) {
    constexpr std::uint64_t handles = 4;
    constexpr std::uint64_t count = handles * of_one_handle;
    constexpr auto completion = 1ms;
    // A step of the session lasts for 5 ms and the rest of what libcurl does at once: at most to end all
    // transfers of a handle.
    constexpr std::uint64_t most_in_a_turn = 5ms / completion + of_one_handle;
    const InProcessTarget target(with_delay("100ms"));
    get_all(target, count, "opens-the-connections");
    const CollectedFindings expected;  // completions block the loop's thread

    std::uint64_t turn = 0;
    std::function<void()> other = [&] {
        ++turn;
        loop_.post(other);
    };
    loop_.post(other);
    std::map<std::uint64_t, std::uint64_t> completions_by_turn;
    std::uint64_t completed = 0;
    bool all_are_ready = false;
    for (std::uint64_t id = 0; id < count; ++id) {
        session_.get(target.url(id, "t"), [&](const Response& response) {
            ASSERT_TRUE(response.ok()) << response.message;
            // Once all are sent, the loop stands still until all are ready: they come in as few turns as can
            // be.
            if (!all_are_ready && target.stats("t").requests == count) {
                while (target.stats("t").served.count < count) std::this_thread::sleep_for(1ms);
                all_are_ready = true;
            }
            std::this_thread::sleep_for(completion);
            ++completions_by_turn[turn];
            if (++completed == count) loop_.stop();
        });
    }
    loop_.run();
    for (const auto& [at, completions] : completions_by_turn) EXPECT_LE(completions, most_in_a_turn) << at;
}

TEST_F(AsyncSessionTest, ACompletionStartsFurtherRequests) {
    const InProcessTarget target;
    std::uint64_t answered = 0;
    std::function<void(Response)> next = [&](const Response& response) {
        ASSERT_TRUE(response.ok()) << response.message;
        if (++answered == 1000) return loop_.stop();
        session_.get(target.url(answered), next);
    };
    session_.get(target.url(0), next);
    loop_.run();
    const TargetStats stats = target.stats();
    EXPECT_EQ(stats.served, first_ids(1000));
    EXPECT_EQ(stats.connections, 1U);
}

TEST_F(AsyncSessionTest, ACompletionStartsMoreThanItEnds) {
    const InProcessTarget target;
    std::uint64_t sent = 1;
    std::uint64_t answered = 0;
    std::function<void(Response)> fork = [&](const Response& response) {
        ASSERT_TRUE(response.ok()) << response.message;
        ++answered;
        for (int i = 0; i < 3 && sent < many; ++i) session_.get(target.url(sent++), fork);
        if (answered == many) loop_.stop();
    };
    session_.get(target.url(0), fork);
    loop_.run();
    EXPECT_EQ(target.stats().served, first_ids(many));
}

TEST_F(AsyncSessionTest, EndsARequestAtItsTimeoutWhileOthersGoOn) {
    Profile profile = with_delay("20ms");
    profile.faults.stall = 0.3;
    const InProcessTarget target(profile);
    SessionOptions options;
    options.timeout = 300ms;
    AsyncSession session(loop_, options);
    std::uint64_t waiting = 200;
    std::set<std::uint64_t> timed_out;
    std::set<std::uint64_t> stalled;
    for (std::uint64_t id = 0; id < 200; ++id) {
        if (!reply_for(profile, InProcessTarget::seed, id).arrives()) stalled.insert(id);
        session.get(target.url(id), [&, id](const Response& response) {
            if (response.error == TransportError::timeout) timed_out.insert(id);
            if (--waiting == 0) loop_.stop();
        });
    }
    loop_.run();
    EXPECT_EQ(timed_out, stalled);
    EXPECT_TRUE(eventually([&] { return target.connections() == 200 - stalled.size(); }));
}

TEST_F(AsyncSessionTest, CancelClosesTheConnectionAndForgetsTheCompletion) {
    const InProcessTarget target(always(&FaultShares::stall));
    const auto kept = std::make_shared<int>(0);
    bool called = false;
    const auto request = session_.get(target.url(0), [&called, kept](const Response&) { called = true; });
    while (target.stats().requests == 0) run_for(1ms);
    EXPECT_TRUE(eventually([&] { return target.connections() == 1; }));  // without that of stats()
    EXPECT_EQ(kept.use_count(), 2);
    session_.cancel(request);
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_TRUE(eventually([&] { return target.connections() == 0; }));
    run_for(10ms);
    EXPECT_FALSE(called);
}

TEST_F(AsyncSessionTest, CancelLeavesTheOtherRequestsAlone) {
    const InProcessTarget target(with_delay("40ms"));
    std::vector<Transfer*> requests;
    std::set<std::uint64_t> answered;
    for (std::uint64_t id = 0; id < 300; ++id) {
        requests.push_back(session_.get(target.url(id), [&, id](const Response& response) {
            EXPECT_TRUE(response.ok()) << response.message;
            answered.insert(id);
            if (answered.size() == 150) loop_.stop();
        }));
    }
    run_for(5ms);
    for (std::uint64_t id = 0; id < 300; id += 2) session_.cancel(requests[id]);
    loop_.run();
    for (std::uint64_t id = 0; id < 300; ++id) EXPECT_EQ(answered.contains(id), id % 2 == 1) << id;
    EXPECT_EQ(get_all(target, 1, "after")[0].message, "");
}

TEST_F(AsyncSessionTest, ARequestIsCancelledBeforeTheLoopEverRan) {
    const InProcessTarget target;
    session_.cancel(session_.get(target.url(0), [](const Response&) { FAIL(); }));
    EXPECT_EQ(get_all(target, 1, "after")[0].message, "");
    EXPECT_EQ(target.stats().requests, 0U);
}

TEST_F(AsyncSessionTest, ACompletionCancelsAnotherRequest) {
    const InProcessTarget target;
    // Both are answered at about the same time: whichever comes first ends the other.
    for (int round = 0; round < 50; ++round) {
        std::array<Transfer*, 2> requests{};
        int called = 0;
        for (std::size_t i = 0; i < 2; ++i) {
            requests[i] = session_.get(target.url(i), [&, i](const Response&) {
                ++called;
                session_.cancel(requests[1 - i]);
                loop_.stop();
            });
        }
        loop_.run();
        ASSERT_EQ(called, 1);
    }
    EXPECT_EQ(get_all(target, 1, "after")[0].message, "");
}

TEST_F(AsyncSessionTest, EndsWithRequestsInFlightWithoutCallingThem) {
    const InProcessTarget target(always(&FaultShares::stall));
    const auto kept = std::make_shared<int>(0);
    {
        AsyncSession session(loop_, {});
        for (std::uint64_t id = 0; id < many; ++id) {
            session.get(target.url(id), [kept](const Response&) { FAIL(); });
        }
        while (target.stats().requests < many) run_for(5ms);
        EXPECT_EQ(kept.use_count(), 1 + static_cast<long>(many));
    }
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_TRUE(eventually([&] { return target.connections() == 0; }));
    run_for(10ms);
}

TEST_F(AsyncSessionTest, EndsBeforeItsFirstStep) {
    const InProcessTarget target;
    {
        AsyncSession session(loop_, {});
        session.get(target.url(0), [](const Response&) { FAIL(); });
    }
    run_for(5ms);
    EXPECT_EQ(target.stats().requests, 0U);
}

TEST_F(AsyncSessionTest, GoesOnAfterACompletionHasThrown) {
    const InProcessTarget target;
    for (int round = 0; round < 3; ++round) {
        session_.get(target.url(0), [](const Response&) { throw std::runtime_error("from a completion"); });
        EXPECT_THROW(loop_.run(), std::runtime_error);
        EXPECT_EQ(get_all(target, 1, "after")[0].message, "");
    }
}

TEST_F(AsyncSessionTest, AnswersTheOthersAfterACompletionHasThrown) {
    const InProcessTarget target(with_delay("10ms"));
    std::uint64_t answered = 0;
    for (std::uint64_t id = 0; id < 20; ++id) {
        session_.get(target.url(id), [&](const Response&) {
            ++answered;
            if (answered == 20) loop_.stop();
            throw std::runtime_error("from a completion");
        });
    }
    for (int thrown = 0; thrown < 20; ++thrown) EXPECT_THROW(loop_.run(), std::runtime_error);
    EXPECT_EQ(answered, 20U);
}

TEST_F(AsyncSessionTest, LosesNoRequestWhenTheTargetEnds) {
    InProcessTarget target(with_delay("10m"));
    std::uint64_t failed = 0;
    for (std::uint64_t id = 0; id < many; ++id) {
        session_.get(target.url(id), [&](const Response& response) {
            EXPECT_TRUE(response.error == TransportError::closed || response.error == TransportError::connect)
                << response.message;
            if (++failed == many) loop_.stop();
        });
    }
    while (target.stats().requests < many) run_for(5ms);
    target.stop();
    loop_.run();
    EXPECT_EQ(failed, many);
}

TEST(AsyncSession, TwoOnOneLoopDoNotDisturbEachOther) {
    const InProcessTarget target(with_delay("5ms"));
    Loop loop;
    AsyncSession one(loop, {});
    AsyncSession two(loop, {});
    std::uint64_t waiting = 300;
    for (std::uint64_t id = 0; id < 300; ++id) {
        AsyncSession& session = id % 2 == 0 ? one : two;
        session.get(target.url(id), [&](const Response& response) {
            EXPECT_TRUE(response.ok());
            if (--waiting == 0) loop.stop();
        });
    }
    loop.run();
    EXPECT_EQ(target.stats().served, first_ids(300));
}

}  // namespace asyncbench::async_session_tests
