#include "async/loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "async/asio.hpp"
#include "async/errors.hpp"
#include "async/schedule.hpp"
#include "async/timer.hpp"
#include "tests/async/expect_findings.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::loop_tests {

using namespace std::chrono_literals;

TEST(Loop, RunsWhatWasPostedInOrder) {
    Loop loop;
    std::vector<int> order;
    for (int i = 0; i < 5; ++i) {
        loop.post([&order, i] { order.push_back(i); });
    }
    loop.post([&loop] { loop.stop(); });
    loop.run();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Loop, NeverRunsAPostedCallbackInsideThePost) {
    Loop loop;
    bool inside = false;
    bool was_inside = false;
    loop.post([&] {
        inside = true;
        loop.post([&] {
            was_inside = inside;
            loop.stop();
        });
        inside = false;
    });
    loop.run();
    EXPECT_FALSE(was_inside);
}

TEST(Loop, WaitsForAPostOfAnotherThread) {
    Loop loop;
    std::thread::id ran_on;
    std::thread other([&] {
        std::this_thread::sleep_for(5ms);
        loop.post([&] {
            ran_on = std::this_thread::get_id();
            loop.stop();
        });
    });
    loop.run();
    other.join();
    EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(Loop, RunsEveryPostOfManyThreadsOnItsOwnThread) {
    Loop loop;
    constexpr int threads = 4;
    constexpr int posts = 2'000;
    int ran = 0;  // not atomic: TSan sees whether only the loop thread touches it
    bool elsewhere = false;
    std::vector<std::thread> posting;
    for (int thread = 0; thread < threads; ++thread) {
        posting.emplace_back([&] {
            for (int i = 0; i < posts; ++i) {
                loop.post([&] {
                    elsewhere = elsewhere || !loop.is_loop_thread();
                    if (++ran == threads * posts) {
                        loop.stop();
                    }
                });
            }
        });
    }
    loop.run();
    for (std::thread& thread : posting) {
        thread.join();
    }
    EXPECT_EQ(ran, threads * posts);
    EXPECT_FALSE(elsewhere);
}

Task<int> hop_between(Loop& one, Loop& other, int times) {
    int wrong = 0;
    for (int i = 0; i < times; ++i) {
        co_await resume_on(other);
        wrong += other.is_loop_thread() ? 0 : 1;
        co_await resume_on(one);
        wrong += one.is_loop_thread() ? 0 : 1;
    }
    co_return wrong;
}

TEST(Loop, TakesACoroutineFromTheThreadOfAnother) {
    Loop here;
    Loop there;
    std::thread thread([&there] { there.run(); });
    EXPECT_EQ(run(here, hop_between(here, there, 200)), 0);
    there.stop();
    thread.join();
}

TEST(Loop, StopsBeforeTheHandlersThatAreLeft) {
    Loop loop;
    std::string ran;
    loop.post([&] {
        ran += 'a';
        loop.stop();
    });
    loop.post([&] {
        ran += 'b';
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(ran, "a");
    loop.run();
    EXPECT_EQ(ran, "ab");
}

TEST(Loop, ThatWasStoppedBeforeItRanReturnsAtOnceAndOnce) {
    Loop loop;
    bool ran = false;
    loop.post([&] {
        ran = true;
        loop.stop();
    });
    loop.stop();
    loop.run();
    EXPECT_FALSE(ran);
    loop.run();
    EXPECT_TRUE(ran);
}

TEST(Loop, IsStoppedByOtherThreadsWithoutEverLosingAStop) {
    Loop loop;
    std::atomic<int> runs = 0;
    constexpr int rounds = 500;
    std::thread stopping([&] {
        for (int round = 0; round < rounds; ++round) {
            loop.stop();
            while (runs.load() == round) {
                std::this_thread::yield();
            }
        }
    });
    for (int round = 0; round < rounds; ++round) {
        loop.run();
        ++runs;
    }
    stopping.join();
    EXPECT_EQ(runs, rounds);
}

TEST(Loop, LetsAnExceptionOfAHandlerOutAndGoesOnWhenRunAgain) {
    Loop loop;
    bool next_ran = false;
    loop.post([] { throw std::runtime_error("handler"); });
    loop.post([&] {
        next_ran = true;
        loop.stop();
    });
    EXPECT_THROW(loop.run(), std::runtime_error);
    EXPECT_EQ(Loop::current(), nullptr);
    loop.run();
    EXPECT_TRUE(next_ran);
}

TEST(Loop, RefusesToRunInsideARunningLoop) {
    const ExpectFindings expected(Finding::Kind::waits_for_own_loop, 2);
    Loop outer;
    Loop inner;
    std::string same;
    std::string other;
    outer.post([&] {
        try {
            outer.run();
        } catch (const Error& error) {
            same = error.what();
        }
        try {
            inner.run();
        } catch (const Error& error) {
            other = error.what();
        }
        outer.stop();
    });
    outer.run();
    EXPECT_NE(same.find("runs a loop already"), std::string::npos);
    EXPECT_NE(other.find("runs a loop already"), std::string::npos);
}

TEST(Loop, RefusesToRunOnTwoThreads) {
    Loop loop;
    std::atomic<bool> started = false;
    std::thread thread([&] {
        loop.post([&] { started = true; });
        loop.run();
    });
    while (!started) {
        std::this_thread::yield();
    }
    EXPECT_THROW(loop.run(), Error);
    loop.stop();
    thread.join();
}

TEST(Loop, KnowsWhetherItRunsOnThisThread) {
    Loop loop;
    Loop other;
    EXPECT_EQ(Loop::current(), nullptr);
    EXPECT_FALSE(loop.is_loop_thread());
    loop.post([&] {
        EXPECT_EQ(Loop::current(), &loop);
        EXPECT_TRUE(loop.is_loop_thread());
        EXPECT_FALSE(other.is_loop_thread());
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(Loop::current(), nullptr);
}

TEST(Loop, SaysWhatNeedsALoopWhereNoneRuns) {
    try {
        Loop::require_current("gather");
        FAIL() << "no exception";
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()).rfind("gather needs a running loop", 0), 0U);
    }
}

TEST(Loop, DestroysCallbacksThatNeverRan) {
    const auto held = std::make_shared<int>(1);
    {
        Loop loop;
        loop.post([held] {});
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, LetsCallbacksAndReadyCoroutinesTakeTurns) {
    Loop loop;
    int callbacks = 0;
    struct Again {
        Loop& loop;
        int& count;
        void operator()() const {
            if (++count < 1'000) {
                loop.post(*this);
            }
        }
    };
    loop.post(Again{loop, callbacks});
    const auto hops = [](Loop& on, const int& seen) -> Task<int> {
        for (int i = 0; i < 10; ++i) {
            co_await resume_on(on);
        }
        co_return seen;
    };
    const int seen = run(loop, hops(loop, callbacks));
    EXPECT_GE(seen, 9);
    EXPECT_LE(seen, 30) << "the coroutine waited for the callbacks";
}

TEST(Loop, CountsItsStepsAndItsTimeApartFromItsWaits) {
    Loop loop;
    EXPECT_EQ(loop.stats().utilization(), 0.0);
    Timer timer(loop);
    TimePoint called;
    timer.at(Clock::now() + 20ms, [&] {
        called = Clock::now();
        while (Clock::now() < called + 2ms) {
        }
        loop.stop();
    });
    loop.post([] {});
    const TimePoint begin = Clock::now();
    loop.run();
    const Nanoseconds around = Clock::now() - begin;
    const LoopStats stats = loop.stats();
    EXPECT_EQ(stats.steps, 2U);
    EXPECT_LE(stats.total, around);
    EXPECT_GE(stats.busy, 2ms);
    EXPECT_GE(stats.longest_busy, 2ms);
    EXPECT_LE(stats.longest_busy, stats.busy);
    // Half, for a busy machine.
    EXPECT_GE(stats.total - stats.busy, (called - begin) / 2) << "the wait before the timer counted as busy";
    EXPECT_GT(stats.utilization(), 0.0);
    EXPECT_LT(stats.utilization(), 1.0);
}

TEST(Loop, IncludesTheHandlerUnderWayInItsStats) {
    Loop loop;
    LoopStats during;
    loop.post([&] {
        const TimePoint begin = Clock::now();
        while (Clock::now() < begin + 5ms) {
        }
        during = loop.stats();
        loop.stop();
    });
    loop.run();
    EXPECT_GE(during.busy, 5ms);
    EXPECT_GE(during.total, during.busy);
}

TEST(Loop, LetsOtherThreadsReadItsStats) {
    Loop loop;
    std::atomic<bool> done = false;
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!done) {
            const std::uint64_t steps = loop.stats().steps;
            EXPECT_GE(steps, last);
            last = steps;
        }
    });
    const auto hops = [](Loop& on) -> Task<void> {
        for (int i = 0; i < 5'000; ++i) {
            co_await resume_on(on);
        }
    };
    run(loop, hops(loop));
    done = true;
    reader.join();
    EXPECT_GE(loop.stats().steps, 5'000U);
}

TEST(Loop, RunsHandlersThatSpeakAsioThemselves) {
    Loop loop;
    boost::asio::post(io_context(loop), [&loop] {
        loop.begin_step();
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(loop.stats().steps, 1U);
}

class IgnoreCompletion final : public detail::Completion {
    std::coroutine_handle<> completed(detail::PromiseBase&) noexcept override {
        return std::noop_coroutine();
    }
};

TEST(Loop, KeepsReadyCoroutinesForTheNextRunWhenItIsStopped) {
    Loop loop;
    const auto hop = [](Loop& on, int& count) -> Task<void> {
        co_await resume_on(on);
        ++count;
        on.stop();
    };
    IgnoreCompletion ignore;
    int resumed = 0;
    std::vector<Task<void>> tasks;
    loop.post([&] {
        for (int i = 0; i < 3; ++i) {
            tasks.push_back(hop(loop, resumed));
            tasks.back().start(ignore);
        }
    });
    for (int run = 1; run <= 3; ++run) {
        loop.run();
        EXPECT_EQ(resumed, run);
    }
}

// A frame that is destroyed while it is ready must leave the queue; the others must stay in it.
TEST(Loop, ForgetsAReadyNodeThatEnds) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending);
    Loop loop;
    const auto hop = [](Loop& on, int& count) -> Task<void> {
        co_await resume_on(on);
        ++count;
    };
    IgnoreCompletion ignore;
    int resumed = 0;
    std::vector<Task<void>> tasks;
    loop.post([&] {
        for (int i = 0; i < 3; ++i) {
            tasks.push_back(hop(loop, resumed));
            tasks.back().start(ignore);
        }
        tasks.erase(tasks.begin() + 1);
        loop.post([&loop] { loop.stop(); });
    });
    loop.run();
    EXPECT_EQ(resumed, 2);
}

Task<void> hop_and_say(Loop& loop, bool& resumed) {
    co_await resume_on(loop);
    resumed = true;
}

TEST(Loop, KeepsALoneReadyCoroutineForTheNextRunWhenItIsStopped) {
    Loop loop;
    IgnoreCompletion ignore;
    bool resumed = false;
    Task<void> task = hop_and_say(loop, resumed);
    loop.post([&] {
        task.start(ignore);
        loop.stop();
    });
    loop.run();
    EXPECT_FALSE(resumed);
    loop.post([&loop] { loop.stop(); });
    loop.run();
    EXPECT_TRUE(resumed);
}

TEST(Loop, MayEndBeforeACoroutineThatIsReady) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending);
    bool resumed = false;
    IgnoreCompletion ignore;
    Task<void> task;
    {
        Loop loop;
        task = hop_and_say(loop, resumed);
        loop.post([&] {
            task.start(ignore);
            loop.stop();
        });
        loop.run();
    }
    EXPECT_FALSE(task.done());
    EXPECT_FALSE(resumed);
}

}  // namespace asyncbench::loop_tests
