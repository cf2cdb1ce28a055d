#include "harness/measure/process_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/eventually.hpp"

namespace asyncbench::process_tree_tests {

using ::testing::HasSubstr;

constexpr double mebibyte = 1 << 20;

/// What a process of a test is told to do next, and says when it has done it.
class Steps {
  public:
    Steps() {
        EXPECT_EQ(pipe(to_.data()), 0);
        EXPECT_EQ(pipe(from_.data()), 0);
    }
    ~Steps() {
        for (const int end : {to_[0], to_[1], from_[0], from_[1]}) close(end);
    }
    Steps(const Steps&) = delete;
    Steps& operator=(const Steps&) = delete;

    /// Lets it do the next step, and waits for that.
    void next() const {
        char done = 'x';
        EXPECT_EQ(write(to_[1], &done, 1), 1);
        EXPECT_EQ(read(from_[0], &done, 1), 1);
    }
    /// In the process: waits until it is told. Ends where nobody will tell it.
    void wait() const {
        char told = 'x';
        if (read(to_[0], &told, 1) != 1) _exit(1);
    }
    void done() const {
        if (write(from_[1], "x", 1) != 1) _exit(1);
    }

  private:
    std::array<int, 2> to_{};
    std::array<int, 2> from_{};
};

/// A process that leads a group, as a server does, and is killed with its group at the end.
class Server {
  public:
    explicit Server(const std::function<void(const Steps&)>& work) : process_(fork()) {
        if (process_ == 0) {
            setpgid(0, 0);
            work(steps_);
            pause();
            _exit(0);
        }
        setpgid(process_, process_);
    }
    ~Server() {
        kill(-process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void next() const { steps_.next(); }
    pid_t pid() const { return process_; }
    ProcessTree tree() const { return ProcessTree({.group = process_}); }

  private:
    Steps steps_;
    pid_t process_;
};

void one_step(const Steps& steps, const std::function<void()>& work) {
    steps.wait();
    work();
    steps.done();
}

void burn(std::chrono::milliseconds time) {
    const auto now = [] {
        timespec used{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
    };
    for (const auto end = now() + time; now() < end;) {
    }
}

/// Memory that is there.
std::vector<char> touched(std::size_t bytes) {
    std::vector<char> memory(bytes);
    for (std::size_t at = 0; at < bytes; at += 4096) static_cast<volatile char&>(memory[at]) = 1;
    return memory;
}

/// Runs `work` in a process of its own, which waits for nothing afterwards.
pid_t start_worker(const std::function<void()>& work) {
    const pid_t worker = fork();
    if (worker == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        work();
        _exit(0);
    }
    return worker;
}

TEST(ProcessTree, TellsTheMemoryThatIsHeldInTheTrial) {
    std::vector<char> held;
    const Server server([&](const Steps& steps) { one_step(steps, [&] { held = touched(64 << 20); }); });
    ProcessTree tree = server.tree();
    tree.begin();
    server.next();
    const ProcessTreeUsage usage = tree.end();
    EXPECT_GE(usage.peak_rss_bytes.value.value_or(0), 64 * mebibyte) << usage.peak_rss_bytes.reason;
    EXPECT_GE(usage.pss_bytes.value.value_or(0), 64 * mebibyte) << usage.pss_bytes.reason;
}

TEST(ProcessTree, ForgetsThePeakOfAnEarlierTrial) {
    const Server server([](const Steps& steps) {
        one_step(steps, [] { touched(96 << 20); });
        one_step(steps, [] {});
    });
    ProcessTree tree = server.tree();
    tree.begin();
    server.next();
    const double first = tree.end().peak_rss_bytes.value.value_or(0);
    tree.begin();
    server.next();
    const double second = tree.end().peak_rss_bytes.value.value_or(0);
    EXPECT_GE(first, 96 * mebibyte);
    EXPECT_LT(second, first - 48 * mebibyte);
}

TEST(ProcessTree, TellsTheCpuTimeSinceItsBegin) {
    const Server server([](const Steps& steps) {
        one_step(steps, [] { burn(std::chrono::milliseconds{200}); });
        one_step(steps, [] { burn(std::chrono::milliseconds{50}); });
    });
    ProcessTree tree = server.tree();
    server.next();
    tree.begin();
    server.next();
    const double cpu_ns = tree.end().cpu_ns.value.value_or(0);
    EXPECT_GE(cpu_ns, 50e6);
    EXPECT_LT(cpu_ns, 200e6);
}

TEST(ProcessTree, HoldsTheCpuTimeOfProcessesThatEndedMeanwhile) {
    const Server server([](const Steps& steps) {
        one_step(steps, [] {
            for (int i = 0; i < 3; ++i)
                waitpid(start_worker([] { burn(std::chrono::milliseconds{50}); }), nullptr, 0);
        });
    });
    ProcessTree tree = server.tree();
    tree.begin();
    server.next();
    EXPECT_GE(tree.end().cpu_ns.value.value_or(0), 120e6);  // what ended is counted in ticks of 10 ms
}

TEST(ProcessTree, SaysThatCpuTimeIsLostWhereNobodyWaitedForAProcess) {
    pid_t worker = 0;
    const Server server([&](const Steps& steps) {
        one_step(steps, [&] {
            std::signal(SIGCHLD, SIG_IGN);
            worker = start_worker([] { pause(); });
        });
        one_step(steps, [&] { kill(worker, SIGKILL); });
    });
    ProcessTree tree = server.tree();
    server.next();
    tree.begin();
    server.next();
    const auto is_told = [&] { return !tree.end().cpu_ns.value.has_value(); };
    EXPECT_TRUE(test::eventually(is_told));
    EXPECT_THAT(tree.end().cpu_ns.reason, HasSubstr("waited for"));
}

TEST(ProcessTree, CountsWorkersAndThreadsThatLiveAtALook) {
    const Server server([](const Steps& steps) {
        one_step(steps, [] {
            for (int i = 0; i < 3; ++i) start_worker([] { pause(); });
        });
        steps.wait();
        std::thread([&] {
            steps.done();
            steps.wait();
        }).join();
        steps.done();
    });
    ProcessTree tree = server.tree();
    tree.begin();
    server.next();
    server.next();
    tree.look();
    server.next();
    const ProcessTreeUsage usage = tree.end();
    EXPECT_EQ(usage.processes.value, 4);
    EXPECT_GE(usage.threads.value.value_or(0), 5);
}

TEST(ProcessTree, HoldsProcessesThatLeftTheGroup) {
    const Server server([](const Steps& steps) {
        one_step(steps, [] {
            start_worker([] {
                setsid();
                burn(std::chrono::milliseconds{50});
                pause();
            });
        });
    });
    ProcessTree tree = server.tree();
    tree.begin();
    server.next();
    EXPECT_TRUE(test::eventually([&] {
        const ProcessTreeUsage usage = tree.end();
        return usage.processes.value == 2 && usage.cpu_ns.value.value_or(0) >= 50e6;
    }));
}

TEST(ProcessTree, LeavesOutTheShellThatOnlyWaits) {
    const std::vector<std::string> command{"/bin/sh", "-c", "trap 'exit 1' TERM; sleep 1000"};
    const Server server([&](const Steps& steps) {
        steps.wait();
        steps.done();
        execl("/bin/sh", "/bin/sh", "-c", command[2].c_str(), nullptr);
    });
    ProcessTree of_server({.group = server.pid(), .shell = command});
    ProcessTree of_all = server.tree();
    server.next();
    EXPECT_TRUE(test::eventually([&] {
        of_all.begin();
        return of_all.end().processes.value == 2;
    }));
    of_server.begin();
    EXPECT_EQ(of_server.end().processes.value, 1);
}

TEST(ProcessTree, LeavesOutWhatItIsTold) {
    const Server server([](const Steps& steps) { one_step(steps, [] { start_worker([] { pause(); }); }); });
    server.next();
    ProcessTree tree = server.tree();
    tree.leave_out(server.pid());
    tree.begin();
    EXPECT_EQ(tree.end().processes.value, 1);
}

TEST(ProcessTree, SaysWhyNothingIsKnownOfOneThatEnded) {
    ProcessTree tree({.group = 0});
    {
        const Server server([](const Steps&) {});
        tree = server.tree();
    }
    tree.begin();
    const ProcessTreeUsage usage = tree.end();
    for (const TreeNumber& number : {usage.cpu_ns, usage.peak_rss_bytes, usage.pss_bytes, usage.threads}) {
        EXPECT_FALSE(number.value.has_value());
        EXPECT_THAT(number.reason, HasSubstr("no process of it"));
    }
}

}  // namespace asyncbench::process_tree_tests
