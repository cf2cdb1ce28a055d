#include <gtest/gtest.h>

#include <optional>

#include "async/detect/blocking_calls.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/task_group.hpp"
#include "async/timeout.hpp"
#include "harness/http/async_session.hpp"
#include "tests/async/expect_findings.hpp"
#include "tests/harness/http/test_target.hpp"

namespace asyncbench::fetch_tests {

using namespace std::chrono_literals;
using test::always;
using test::eventually;
using test::InProcessTarget;
using test::with_delay;

Task<Response> fetch(AsyncSession& session, std::string url) {
    co_return co_await session.get(std::move(url));
}

/// Waits on the loop, which goes on, until the target has seen `count` requests.
Task<> until_requests(const InProcessTarget& target, std::uint64_t count) {
    const auto requests = [&] {
        const AllowBlocking asking;  // by a blocking client
        return target.stats().requests;
    };
    while (requests() < count) co_await sleep_for(1ms);
}

class FetchTest : public testing::Test {
  protected:
    Loop loop_;
    AsyncSession session_{loop_, {}};
};

TEST_F(FetchTest, GathersHundredsOfResponsesInTheirOrder) {
    const InProcessTarget target(with_delay("uniform:1ms,30ms"));
    std::vector<Task<Response>> tasks;
    for (std::uint64_t id = 0; id < 400; ++id) tasks.push_back(fetch(session_, target.url(id)));
    const auto responses = run(loop_, gather(std::move(tasks)));
    ASSERT_EQ(responses.size(), 400U);
    for (std::uint64_t id = 0; id < 400; ++id) {
        ASSERT_EQ(responses[id].body, body_for(InProcessTarget::seed, id, 1024));
    }
    EXPECT_EQ(target.stats().served.count, 400U);
}

TEST_F(FetchTest, GoesOnOneAfterAnother) {
    const InProcessTarget target;
    const auto hundred = [&]() -> Task<int> {
        int answered = 0;
        for (std::uint64_t id = 0; id < 100; ++id) {
            const Response response = co_await session_.get(target.url(id));
            if (response.ok()) ++answered;
        }
        co_return answered;
    };
    EXPECT_EQ(run(loop_, hundred()), 100);
    EXPECT_EQ(target.stats().connections, 1U);
}

Task<std::string> fetch_with_a_session_of_its_own(Loop& loop, std::string url) {
    AsyncSession session(loop, {});
    const Response response = co_await session.get(std::move(url));
    co_return response.body;
}

TEST_F(FetchTest, MayEndTheSessionThatGaveTheAnswer) {
    const InProcessTarget target;
    for (std::uint64_t id = 0; id < 20; ++id) {
        const std::string body = run(loop_, fetch_with_a_session_of_its_own(loop_, target.url(id)));
        EXPECT_EQ(body, body_for(InProcessTarget::seed, id, 1024));
    }
}

Task<Response> fetch_or_throw(AsyncSession& session, std::string url) {
    Response response = co_await session.get(std::move(url));
    if (response.error == TransportError::connect) throw Error("no connection");
    co_return response;
}

TEST_F(FetchTest, GetsAnErrorWhereItsSessionEndsBeforeTheAnswer) {
    const InProcessTarget target(always(&FaultShares::stall));
    Response left_behind;
    const auto keep = [&](AsyncSession& session, std::string url) -> Task<Response> {
        left_behind = co_await fetch_or_throw(session, std::move(url));
        co_return left_behind;
    };
    const auto fail_early = [&]() -> Task<> {
        AsyncSession session(loop_, {});
        // The first fails, gather throws, and the session ends while the second waits.
        co_await gather(fetch_or_throw(session, "http://127.0.0.1:1/"), keep(session, target.url(0)));
    };
    EXPECT_THROW(run(loop_, fail_early()), Error);
    EXPECT_EQ(left_behind.error, TransportError::other);
    EXPECT_NE(left_behind.message.find("The session ended before the answer"), std::string::npos)
        << left_behind.message;
}

TEST_F(FetchTest, SendsNothingUntilItIsAwaited) {
    const InProcessTarget target;
    const auto test = [&]() -> Task<Response> {
        {
            [[maybe_unused]] const Fetch dropped = session_.get(target.url(0));
        }
        co_return co_await session_.get(target.url(1));
    };
    EXPECT_TRUE(run(loop_, test()).ok());
    EXPECT_EQ(target.stats().requests, 1U);
}

TEST_F(FetchTest, WithTimeoutEndsTheTransferAndClosesItsConnection) {
    const InProcessTarget target(always(&FaultShares::stall));
    EXPECT_THROW(run(loop_, with_timeout(fetch(session_, target.url(0)), 30ms)), TimeoutError);
    EXPECT_TRUE(eventually([&] { return target.connections() == 0; }));
}

TEST_F(FetchTest, WithTimeoutLeavesAPunctualResponseAlone) {
    const InProcessTarget target;
    EXPECT_TRUE(run(loop_, with_timeout(fetch(session_, target.url(0)), 1h)).ok());
    EXPECT_EQ(target.connections(), 1U);
}

TEST_F(FetchTest, ATimeoutOfOneLeavesTheOthersAlone) {
    Profile profile = with_delay("50ms");
    profile.faults.stall = 0.5;
    const InProcessTarget target(profile);
    std::uint64_t stalled = 0;
    std::uint64_t ended = 0;
    const auto patient = [&](std::uint64_t id) -> Task<> {
        const bool stalls = !reply_for(profile, InProcessTarget::seed, id).arrives();
        if (stalls) ++stalled;
        try {
            const Response response =
                co_await with_timeout(fetch(session_, target.url(id)), stalls ? 20ms : 1h);
            EXPECT_TRUE(response.ok()) << response.message;
        } catch (const TimeoutError&) {
            EXPECT_TRUE(stalls);
            ++ended;
        }
    };
    std::vector<Task<>> tasks;
    for (std::uint64_t id = 0; id < 200; ++id) tasks.push_back(patient(id));
    run(loop_, gather(std::move(tasks)));
    EXPECT_EQ(ended, stalled);
    EXPECT_GT(stalled, 0U);
    EXPECT_TRUE(eventually([&] { return target.connections() == 200 - stalled; }));
}

TEST_F(FetchTest, CancellationThrowsFromTheWait) {
    const InProcessTarget target(always(&FaultShares::stall));
    bool cancelled = false;
    const auto waiting = [&]() -> Task<> {
        try {
            co_await session_.get(target.url(0));
        } catch (const CancelledError&) {
            cancelled = true;
            throw;
        }
    };
    const auto test = [&]() -> Task<> {
        TaskGroup group;
        group.spawn(waiting());
        co_await until_requests(target, 1);
        group.cancel();
        co_await group.join();
    };
    run(loop_, test());
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(eventually([&] { return target.connections() == 0; }));
}

TEST_F(FetchTest, OfATaskThatIsCancelledAlreadySendsNothing) {
    const InProcessTarget target;
    CancellationSource source;
    source.cancel();
    EXPECT_THROW(run(loop_, fetch(session_, target.url(0)).with_cancellation(source.token())),
                 CancelledError);
    EXPECT_EQ(target.stats().requests, 0U);
}

TEST_F(FetchTest, DestroyingTheWaitingCoroutineEndsTheTransfer) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending, 200);
    const InProcessTarget target(always(&FaultShares::stall));
    const auto test = [&]() -> Task<> {
        {
            TaskGroup group;
            const auto waiting = [](AsyncSession& session, std::string url) -> Task<> {
                co_await session.get(std::move(url));
            };
            for (std::uint64_t id = 0; id < 200; ++id) group.spawn(waiting(session_, target.url(id)));
            co_await until_requests(target, 200);
            EXPECT_EQ(group.running(), 200U);
        }  // without join(): its tasks are destroyed where they wait
        while (target.connections() > 0) co_await sleep_for(1ms);
    };
    run(loop_, test());
    EXPECT_EQ(target.connections(), 0U);
}

TEST_F(FetchTest, ACancelledTransferDoesNotHoldUpTheNext) {
    Profile profile;
    profile.faults.stall = 0.5;
    const InProcessTarget target(profile);
    const auto test = [&]() -> Task<std::uint64_t> {
        std::uint64_t answered = 0;
        for (std::uint64_t id = 0; id < 30; ++id) {
            const bool stalls = !reply_for(profile, InProcessTarget::seed, id).arrives();
            try {
                const Response response =
                    co_await with_timeout(fetch(session_, target.url(id)), stalls ? 3ms : 1h);
                if (response.ok()) ++answered;
            } catch (const TimeoutError&) {
                EXPECT_TRUE(stalls);
            }
        }
        co_return answered;
    };
    std::uint64_t arriving = 0;
    for (std::uint64_t id = 0; id < 30; ++id) {
        if (reply_for(profile, InProcessTarget::seed, id).arrives()) ++arriving;
    }
    EXPECT_EQ(run(loop_, test()), arriving);
}

TEST_F(FetchTest, AnExceptionAfterTheResponseEndsTheTaskAndNotTheSession) {
    const InProcessTarget target;
    const auto failing = [&]() -> Task<> {
        co_await session_.get(target.url(0));
        throw std::runtime_error("after the response");
    };
    EXPECT_THROW(run(loop_, failing()), std::runtime_error);
    EXPECT_TRUE(run(loop_, fetch(session_, target.url(1))).ok());
}

}  // namespace asyncbench::fetch_tests
