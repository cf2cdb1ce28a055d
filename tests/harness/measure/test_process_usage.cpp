#include "harness/measure/process_usage.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace asyncbench::process_usage_tests {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Works until this thread has had `wanted` more of a CPU, however long that takes on the wall.
void burn_cpu(Nanoseconds wanted) {
    const auto used = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds{time.tv_sec} + Nanoseconds{time.tv_nsec};
    };
    const Nanoseconds end = used() + wanted;
    while (used() < end) {
    }
}

TEST(ProcessUsage, CountsTheCpuTimeOfThreadsThatEnded) {
    const ProcessUsage before = read_process_usage();
    std::thread([] { burn_cpu(milliseconds{30}); }).join();
    const ProcessUsage used = read_process_usage() - before;
    // The kernel splits its exact total into user and system by ticks, so only the sum is exact.
    EXPECT_GE(used.cpu(), milliseconds{29});
}

TEST(ProcessUsage, CountsHowLongThreadsWaitForACpu) {
    const auto before = process_cpu_wait();
    if (!before) GTEST_SKIP() << "This kernel does not say how long threads wait for a CPU.";
    cpu_set_t one_cpu;
    CPU_ZERO(&one_cpu);
    CPU_SET(sched_getcpu(), &one_cpu);
    std::mutex mutex;
    std::condition_variable changed;
    int done = 0;
    const auto work = [&] {
        EXPECT_EQ(sched_setaffinity(0, sizeof one_cpu, &one_cpu), 0);
        burn_cpu(milliseconds{30});
        std::unique_lock lock(mutex);
        ++done;
        changed.notify_all();
        changed.wait(lock, [&] { return done == 3; });  // a thread that ends takes its wait with it
    };
    std::thread one(work);
    std::thread other(work);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done == 2; });
    const auto waited = process_cpu_wait();
    done = 3;
    changed.notify_all();
    lock.unlock();
    one.join();
    other.join();
    // They share the CPU, so that one waits for all but the last of the other's work.
    EXPECT_GE(*waited - *before, milliseconds{25});
}

TEST(ProcessUsage, CountsASwitchForEachWait) {
    const ProcessUsage before = read_process_usage();
    for (int i = 0; i < 10; ++i) std::this_thread::sleep_for(microseconds{100});
    EXPECT_GE((read_process_usage() - before).voluntary_switches, 10U);
}

TEST(ProcessUsage, SeesMemoryWhileItIsHeldAndItsPeakAfterwards) {
    constexpr std::size_t size = 64U << 20U;
    constexpr std::size_t nearly = size - (size >> 4U);
    const ProcessUsage before = read_process_usage();
    ProcessUsage during;
    {
        const std::vector<char> memory(size, 'x');
        during = read_process_usage();
        ASSERT_EQ(memory.back(), 'x');
    }
    const ProcessUsage after = read_process_usage();
    EXPECT_GE(during.rss_bytes, before.rss_bytes + nearly);
    EXPECT_GE(after.peak_rss_bytes, before.rss_bytes + nearly);
    EXPECT_LE(after.rss_bytes, after.peak_rss_bytes);
}

TEST(ProcessUsage, CountsThreadsThatAreThere) {
    std::thread([] {}).join();  // with the first one ThreadSanitizer starts another for itself
    const ProcessUsage before = read_process_usage();
    std::mutex mutex;
    std::condition_variable changed;
    bool end = false;
    std::thread waiting([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return end; });
    });
    const ProcessUsage during = read_process_usage();
    {
        const std::lock_guard lock(mutex);
        end = true;
    }
    changed.notify_all();
    waiting.join();
    EXPECT_EQ(during.threads, before.threads + 1);
}

TEST(ProcessUsage, DifferenceHasWhatWasUsedInBetweenAndTheLevelsOfTheEnd) {
    const ProcessUsage earlier{microseconds{100}, microseconds{10}, 5, 1, 4'000, 3'000, 2};
    const ProcessUsage later{microseconds{350}, microseconds{30}, 9, 4, 9'000, 2'000, 1};
    EXPECT_EQ(later - earlier, (ProcessUsage{microseconds{250}, microseconds{20}, 4, 3, 9'000, 2'000, 1}));
}

TEST(ProcessCpuTime, IsThatOfTheOtherProcess) {
    int done[2];
    ASSERT_EQ(pipe(done), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        burn_cpu(milliseconds{20});
        _exit(0);
    }
    close(done[1]);
    char end = 0;
    EXPECT_EQ(read(done[0], &end, 1), 0);  // the child's end of the pipe closes when it ends
    close(done[0]);
    siginfo_t info{};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
    const auto unreaped = process_cpu_time(child);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    ASSERT_TRUE(unreaped.has_value());
    EXPECT_GE(*unreaped, milliseconds{20});
    EXPECT_EQ(process_cpu_time(child), std::nullopt);
}

TEST(ProcessGroupCpuTime, CountsTheProgramsThatAShellStarts) {
    int done[2];
    ASSERT_EQ(pipe(done), 0);
    const pid_t shell = fork();
    ASSERT_GE(shell, 0);
    if (shell == 0) {
        setpgid(0, 0);
        if (fork() == 0) {
            burn_cpu(milliseconds{20});
            (void)!write(done[1], "x", 1);
            pause();
        }
        pause();
    }
    char burnt = 0;
    EXPECT_EQ(read(done[0], &burnt, 1), 1);
    const auto alone = process_cpu_time(shell);
    const auto group = process_group_cpu_time(shell);
    kill(-shell, SIGKILL);
    ASSERT_EQ(waitpid(shell, nullptr, 0), shell);
    close(done[0]);
    close(done[1]);
    ASSERT_TRUE(alone.has_value());
    ASSERT_TRUE(group.has_value());
    EXPECT_GE(*group, *alone + milliseconds{20});
}

TEST(ProcessGroupCpuTime, IsUnknownWhereThereIsNoSuchGroup) {
    EXPECT_EQ(process_group_cpu_time(std::numeric_limits<pid_t>::max()), std::nullopt);
}

TEST(ProcessCpuTime, NeverFallsForThisProcess) {
    const auto before = process_cpu_time(getpid());
    burn_cpu(milliseconds{2});
    const auto after = process_cpu_time(getpid());
    ASSERT_TRUE(before.has_value());
    ASSERT_TRUE(after.has_value());
    EXPECT_GE(*after - *before, milliseconds{2});
}

}  // namespace asyncbench::process_usage_tests
