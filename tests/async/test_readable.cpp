#include "async/readable.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>

#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/timer.hpp"

namespace asyncbench::readable_tests {

using namespace std::chrono_literals;

class Pipe {
  public:
    Pipe() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
    ~Pipe() {
        close(ends_[0]);
        close(ends_[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    int reading_end() const { return ends_[0]; }
    void put(std::size_t bytes) const {
        const std::string text(bytes, 'x');
        EXPECT_EQ(write(ends_[1], text.data(), bytes), static_cast<ssize_t>(bytes));
    }
    char take() const {
        char byte = 0;
        EXPECT_EQ(read(ends_[0], &byte, 1), 1);
        return byte;
    }

  private:
    std::array<int, 2> ends_{};
};

TEST(Readable, CallsForAsLongAsDataIsLeft) {
    Loop loop;
    const Pipe pipe;
    int calls = 0;
    const Readable watch(loop, pipe.reading_end(), [&] {
        pipe.take();
        if (++calls == 3) {
            loop.stop();
        }
    });
    pipe.put(3);
    loop.run();
    EXPECT_EQ(calls, 3);
}

TEST(Readable, CallsAgainForDataThatNobodyTook) {
    Loop loop;
    const Pipe pipe;
    pipe.put(1);
    int calls = 0;
    const Readable watch(loop, pipe.reading_end(), [&] {
        if (++calls == 5) {
            loop.stop();
        }
    });
    loop.run();
    EXPECT_EQ(calls, 5);
}

TEST(Readable, DoesNotCallWhereNothingIsToRead) {
    Loop loop;
    const Pipe pipe;
    int calls = 0;
    const Readable watch(loop, pipe.reading_end(), [&] {
        pipe.take();
        ++calls;
    });
    Timer end(loop);
    pipe.put(1);
    end.at(Clock::now() + 10ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST(Readable, LetsOtherHandlersHaveTheirTurn) {
    Loop loop;
    const Pipe pipe;
    pipe.put(1);
    int calls = 0;
    const Readable watch(loop, pipe.reading_end(), [&] { ++calls; });
    Timer end(loop);
    end.at(Clock::now() + 2ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_GT(calls, 0);
}

TEST(Readable, WatchesAnEpollDescriptor) {
    Loop loop;
    const Pipe pipe;
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    ASSERT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, pipe.reading_end(), &event), 0);
    int calls = 0;
    {
        const Readable watch(loop, epoll, [&] {
            pipe.take();
            if (++calls == 2) {
                loop.stop();
            }
        });
        loop.post([&] { pipe.put(2); });
        loop.run();
    }
    close(epoll);
    EXPECT_EQ(calls, 2);
}

TEST(Readable, LeavesTheDescriptorOpen) {
    const Pipe pipe;
    {
        Loop loop;
        const Readable watch(loop, pipe.reading_end(), [] {});
    }
    EXPECT_NE(fcntl(pipe.reading_end(), F_GETFD), -1);
}

TEST(Readable, CanBeWatchedAgainAfterTheFirstWatchEnded) {
    Loop loop;
    const Pipe pipe;
    pipe.put(1);
    {
        const Readable first(loop, pipe.reading_end(), [] { FAIL() << "called after its end"; });
    }
    bool called = false;
    const Readable second(loop, pipe.reading_end(), [&] {
        called = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(called);
}

TEST(Readable, MayBeDestroyedByItsOwnCall) {
    Loop loop;
    const Pipe pipe;
    pipe.put(1);
    int calls = 0;
    std::optional<Readable> watch;
    watch.emplace(loop, pipe.reading_end(), [&] {
        ++calls;
        watch.reset();
        loop.post([&] { loop.post([&] { loop.stop(); }); });
    });
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST(Readable, IsNotCalledAfterItsEndEvenWhereItsHandlerIsQueued) {
    Loop loop;
    const Pipe one;
    const Pipe two;
    one.put(1);
    two.put(1);
    int calls = 0;
    std::optional<Readable> first;
    std::optional<Readable> second;
    const auto end_both = [&] {
        ++calls;
        first.reset();
        second.reset();
        loop.post([&] { loop.post([&] { loop.stop(); }); });
    };
    first.emplace(loop, one.reading_end(), end_both);
    second.emplace(loop, two.reading_end(), end_both);
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST(Readable, SaysWhatIsWrongWithADescriptorThatCannotBeWatched) {
    Loop loop;
    EXPECT_THROW(Readable(loop, -1, [] {}), Error);
}

TEST(Readable, FreesItsFunctionWhenTheLoopEndsFirst) {
    const auto held = std::make_shared<int>(1);
    const Pipe pipe;
    {
        Loop loop;
        const Readable watch(loop, pipe.reading_end(), [held] {});
    }
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace asyncbench::readable_tests
