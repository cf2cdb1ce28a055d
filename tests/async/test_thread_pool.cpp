#include "async/thread_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench::thread_pool_tests {

TEST(ThreadPool, RunsJobsOnAsManyThreadsAsItHas) {
    ThreadPool pool(3);
    EXPECT_EQ(pool.size(), 3U);
    std::latch all_at_work(3);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    for (int i = 0; i < 3; ++i) {
        pool.submit([&] {
            all_at_work.arrive_and_wait();  // nobody passes unless three run at once
            const std::scoped_lock lock(mutex);
            threads.insert(std::this_thread::get_id());
        });
    }
    pool.wait();
    EXPECT_EQ(threads.size(), 3U);
    EXPECT_EQ(threads.count(std::this_thread::get_id()), 0U);
}

TEST(ThreadPool, TakesJobsInTheOrderTheyWereSubmitted) {
    ThreadPool pool(1);
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) {
        pool.submit([&order, i] { order.push_back(i); });
    }
    pool.wait();
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(ThreadPool, FinishesWhatWasSubmittedBeforeItEnds) {
    std::atomic<int> ran = 0;
    {
        ThreadPool pool(2);
        for (int i = 0; i < 1'000; ++i) {
            pool.submit([&ran] { ++ran; });
        }
    }
    EXPECT_EQ(ran, 1'000);
}

TEST(ThreadPool, WaitsForJobsThatJobsSubmit) {
    ThreadPool pool(2);
    std::atomic<int> ran = 0;
    pool.submit([&] {
        for (int i = 0; i < 10; ++i) {
            pool.submit([&] { pool.submit([&ran] { ++ran; }); });
        }
    });
    pool.wait();
    EXPECT_EQ(ran, 10);
}

TEST(ThreadPool, TakesJobsFromManyThreads) {
    ThreadPool pool(2);
    std::atomic<int> ran = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                pool.submit([&ran] { ++ran; });
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    pool.wait();
    EXPECT_EQ(ran, 2'000);
}

TEST(ThreadPool, ThrowsTheFirstExceptionOfAJobFromWaitAndOnlyOnce) {
    ThreadPool pool(1);
    pool.submit([] { throw std::runtime_error("first"); });
    pool.submit([] { throw std::runtime_error("second"); });
    try {
        pool.wait();
        FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "first");
    }
    EXPECT_NO_THROW(pool.wait());
    bool ran = false;
    pool.submit([&ran] { ran = true; });
    pool.wait();
    EXPECT_TRUE(ran) << "the pool works on";
}

TEST(ThreadPool, GivesResultsAndExceptionsInFutures) {
    ThreadPool pool(2);
    std::future<int> number = pool.submit_for_result([] { return 7; });
    std::future<void> failed = pool.submit_for_result([] { throw std::runtime_error("job"); });
    std::future<std::unique_ptr<int>> owned =
        pool.submit_for_result([value = std::make_unique<int>(3)]() mutable { return std::move(value); });
    EXPECT_EQ(number.get(), 7);
    EXPECT_THROW(failed.get(), std::runtime_error);
    EXPECT_EQ(*owned.get(), 3);
    EXPECT_NO_THROW(pool.wait()) << "a future's exception is the future's";
}

TEST(ThreadPool, DestroysAJobBeforeItCountsAsDone) {
    ThreadPool pool(1);
    const auto held = std::make_shared<int>(1);
    pool.submit([held] {});
    pool.wait();
    EXPECT_EQ(held.use_count(), 1);
}

TEST(ThreadPool, DestroysJobsOutsideItsLockSoThatTheirEndMaySubmitOthers) {
    ThreadPool pool(1);
    std::atomic<bool> ran = false;
    struct SubmitsAtItsEnd {
        ThreadPool& pool;
        std::atomic<bool>& ran;
        ~SubmitsAtItsEnd() {
            pool.submit([&flag = ran] { flag = true; });
        }
    };
    pool.submit([held = std::make_shared<SubmitsAtItsEnd>(pool, ran)] {});
    pool.wait();
    EXPECT_TRUE(ran);
}

TEST(ThreadPool, RefusesToHaveNoThreads) {
    EXPECT_THROW(ThreadPool(0), UsageError);
}

TEST(ThreadPoolDeathTest, EndsTheProgramForAnExceptionThatNobodyTook) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            ThreadPool pool(1);
            pool.submit([] { throw std::runtime_error("nobody waits"); });
        },
        "no wait\\(\\) took");
}

}  // namespace asyncbench::thread_pool_tests
