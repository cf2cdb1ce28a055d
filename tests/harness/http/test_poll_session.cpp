#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "harness/http/poll_session.hpp"
#include "tests/harness/http/test_target.hpp"

namespace asyncbench::poll_session_tests {

using namespace std::chrono_literals;
using test::always;
using test::eventually;
using test::InProcessTarget;
using test::with_delay;

TimePoint in(Nanoseconds time) {
    return steady_now() + time;
}

TEST(PollSession, CallsTheCompletionFromRunAndNotBefore) {
    const InProcessTarget target;
    PollSession session({});
    bool called = false;
    session.get(target.url(0), [&](const Response& response) {
        called = true;
        EXPECT_TRUE(response.ok());
    });
    EXPECT_FALSE(called);
    session.run();
    EXPECT_TRUE(called);
}

TEST(PollSession, RunsForNothingWithoutWaiting) {
    PollSession session({});
    session.run();
    SUCCEED();
}

TEST(PollSession, AnswersHundredsAtOnce) {
    const InProcessTarget target(with_delay("20ms"));
    SessionOptions options;
    options.max_connections = 400;
    PollSession session(options);
    for (const char* trial : {"first", "second"}) {
        std::uint64_t answered = 0;
        std::uint64_t opened = 0;
        for (std::uint64_t id = 0; id < 400; ++id) {
            session.get(target.url(id, trial), [&](const Response& response) {
                ASSERT_TRUE(response.ok()) << response.message;
                ++answered;
                if (response.new_connection) ++opened;
            });
        }
        session.run();
        EXPECT_EQ(answered, 400U);
        EXPECT_EQ(opened, std::string_view(trial) == "first" ? 400U : 0U);
    }
}

TEST(PollSession, ACompletionStartsFurtherRequestsAndTimers) {
    const InProcessTarget target;
    PollSession session({});
    std::uint64_t answered = 0;
    std::function<void(Response)> next = [&](const Response& response) {
        ASSERT_TRUE(response.ok());
        if (++answered == 300) return;
        if (answered % 3 == 0) {
            session.at(in(0ns), [&] { session.get(target.url(answered), next); });
        } else {
            session.get(target.url(answered), next);
        }
    };
    session.get(target.url(0), next);
    session.run();
    EXPECT_EQ(answered, 300U);
    EXPECT_EQ(target.stats().connections, 1U);
}

TEST(PollSession, FiresTimersInTheirOrderAndNeverEarly) {
    PollSession session({});
    std::vector<int> fired;
    const TimePoint start = in(0ns);
    for (const int ms : {7, 3, 5, 3, 0}) {
        session.at(start + std::chrono::milliseconds{ms}, [&fired, ms, start] {
            EXPECT_GE(Clock::now(), start + std::chrono::milliseconds{ms});
            fired.push_back(ms);
        });
    }
    session.run();
    EXPECT_EQ(fired, (std::vector<int>{0, 3, 3, 5, 7}));
}

TEST(PollSession, ATimerFiresWhileARequestWaits) {
    const InProcessTarget target(with_delay("60ms"));
    PollSession session({});
    bool answered = false;
    bool fired_before = false;
    session.get(target.url(0), [&](const Response&) { answered = true; });
    session.at(in(5ms), [&] { fired_before = !answered; });
    session.run();
    EXPECT_TRUE(answered);
    EXPECT_TRUE(fired_before);
}

TEST(PollSession, EndsWithRequestsInFlightWithoutCallingThem) {
    const InProcessTarget target(always(&FaultShares::stall));
    const auto kept = std::make_shared<int>(0);
    {
        PollSession session({});
        for (std::uint64_t id = 0; id < 50; ++id) {
            session.get(target.url(id), [kept](const Response&) { FAIL(); });
        }
        // The only way out of run() while requests wait.
        session.at(in(30ms), [] { throw std::runtime_error("enough"); });
        EXPECT_THROW(session.run(), std::runtime_error);
        EXPECT_EQ(kept.use_count(), 51);
    }
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_TRUE(eventually([&] { return target.connections() == 0; }));
}

TEST(PollSession, GoesOnAfterACompletionHasThrown) {
    const InProcessTarget target;
    PollSession session({});
    std::uint64_t answered = 0;
    for (std::uint64_t id = 0; id < 5; ++id) {
        session.get(target.url(id), [&](const Response&) {
            ++answered;
            throw std::runtime_error("from a completion");
        });
    }
    for (int thrown = 0; thrown < 5; ++thrown) EXPECT_THROW(session.run(), std::runtime_error);
    session.run();
    EXPECT_EQ(answered, 5U);
}

}  // namespace asyncbench::poll_session_tests
