#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "async/errors.hpp"
#include "harness/http/held_field.hpp"
#include "harness/trial/scenario.hpp"
#include "targets/target.hpp"
#include "tests/support/http/client.hpp"

namespace asyncbench::serve_tests {

using namespace std::chrono_literals;

/// Writes to a descriptor, as stdout would.
class DescriptorBuffer : public std::streambuf {
  public:
    explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) {}

  private:
    int overflow(int character) override {
        const char byte = static_cast<char>(character);
        return ::write(descriptor_, &byte, 1) == 1 ? character : EOF;
    }

    int descriptor_;
};

/// A child process that serves, and the line it announced itself with.
class Served {
  public:
    Served(
        std::string_view target, const TargetOptions& options, const std::function<void()>& before = [] {}) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) {
            before();
            run(target, options, ends[1]);
        }
        ::close(ends[1]);
        output_ = ends[0];
        char byte = 0;
        std::string line;
        while (::read(output_, &byte, 1) == 1 && byte != '\n') line += byte;
        announcement = nlohmann::json::parse(line);
    }
    ~Served() {
        ::close(output_);
        if (pid_ > 0) ::kill(pid_, SIGKILL);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    pid_t pid() const { return pid_; }
    std::uint16_t port() const { return announcement.at("port").get<std::uint16_t>(); }
    int end_with(int signal) {
        ::kill(pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return status;
    }

    nlohmann::json announcement;

  private:
    [[noreturn]] static void run(std::string_view target, const TargetOptions& options, int output) {
        DescriptorBuffer buffer(output);
        std::ostream stream(&buffer);
        serve_target(target, options, stream);
        ::_exit(0);
    }

    pid_t pid_ = 0;
    int output_ = -1;
};

TEST(Serve, AnnouncesEachTargetOfOursOnOneLineOfJson) {
    for (const OwnTarget& target : own_targets) {
        const Served served(target.name, {});
        EXPECT_EQ(served.announcement.at("event"), "listening");
        EXPECT_EQ(served.announcement.at("target"), target.name);
        EXPECT_EQ(served.announcement.at("address"), "127.0.0.1");
        EXPECT_EQ(served.announcement.at("pid"), served.pid());
        EXPECT_EQ(Client(served.port()).get("/healthz").status, 200);
    }
}

TEST(Serve, RefusesAnotherName) {
    std::ostringstream announced;
    EXPECT_THROW(serve_target("mocking", {}, announced), UsageError);
    EXPECT_EQ(announced.str(), "");
}

TEST(Serve, CountsARequestAsHeldWhileItWaitsUnreadInTheSocket) {
    for (const OwnTarget& target : own_targets) {
        const Served served(target.name, {});
        Client client(served.port());
        client.get("/io/t/1");
        ::kill(served.pid(), SIGSTOP);
        int status = 0;
        ASSERT_EQ(::waitpid(served.pid(), &status, WUNTRACED), served.pid());
        ASSERT_TRUE(WIFSTOPPED(status));
        client.send(get_request("/io/t/2"));
        const TimePoint sent = Clock::now();
        std::this_thread::sleep_for(50ms);
        const Nanoseconds stopped = Clock::now() - sent;
        ::kill(served.pid(), SIGCONT);
        const std::string head = client.receive().value().head;
        const auto held = held_from_line(std::string_view(head).substr(head.find("Held-Ns")).substr(0, 22));
        ASSERT_TRUE(held) << head;
        // A thousandth for two clocks that need not run at exactly the same rate.
        EXPECT_GE(*held, stopped - stopped / 1000);
    }
}

TEST(Serve, EndsInOrderWithASignal) {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("5m");
    for (const OwnTarget& target : own_targets) {
        for (const int signal : {SIGTERM, SIGINT}) {
            Served served(target.name, options);
            Client waiting(served.port());
            waiting.send(get_request("/io/t/1"));
            const int status = served.end_with(signal);
            EXPECT_TRUE(WIFEXITED(status));
            EXPECT_EQ(WEXITSTATUS(status), 0);
            EXPECT_TRUE(waiting.is_closed());
        }
    }
}

void have_few_descriptors() {
    const rlimit few{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
}

TEST(Serve, AnswersThoseItHadNoDescriptorForWhenOthersHaveGone) {
    for (const OwnTarget& target : own_targets) {
#ifdef __SANITIZE_ADDRESS__
        // UBSan's vptr check looks at an object through a pipe; where it can open none, it reports an error.
        if (target.name == "blocking") continue;
#endif
        const Served served(target.name, {}, have_few_descriptors);
        std::deque<Client> clients;
        for (int i = 0; i < 200; ++i) {
            clients.emplace_back(served.port());
            clients.back().send(get_request("/healthz"));
        }
        for (; !clients.empty(); clients.pop_front()) {
            const auto response = clients.front().receive();
            ASSERT_TRUE(response);
            EXPECT_EQ(response->status, 200);
        }
    }
}

TEST(Serve, EndsWithItsParent) {
    TargetOptions options;
    options.end_with_parent = true;
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const Served served("mock", options);
        const std::uint16_t port = served.port();
        const bool told = ::write(ends[1], &port, sizeof port) == sizeof port;
        ::_exit(told ? 0 : 1);  // Without the destructor, which would end the target.
    }
    std::uint16_t port = 0;
    ASSERT_EQ(::read(ends[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
    ::waitpid(parent, nullptr, 0);
    const auto is_listening = [&] {
        try {
            const Client client(port);
            return true;
        } catch (const std::system_error&) {
            return false;
        }
    };
    while (is_listening()) std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(is_listening());
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace asyncbench::serve_tests
