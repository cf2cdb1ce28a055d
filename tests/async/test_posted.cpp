#include "async/posted.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

#include "async/loop.hpp"

namespace asyncbench::posted_tests {

using detail::Posted;

TEST(Posted, CallsItsCallbackOnceAndEndsIt) {
    const auto held = std::make_shared<int>(0);
    Posted::Pointer posted = Posted::make([held] { ++*held; });
    EXPECT_EQ(held.use_count(), 2);
    Posted::call(std::move(posted));
    EXPECT_EQ(*held, 1);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Posted, EndsACallbackThatIsNeverCalled) {
    const auto held = std::make_shared<int>(0);
    Posted::make([held] { ++*held; }).reset();
    EXPECT_EQ(*held, 0);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Posted, EndsACallbackThatThrows) {
    const auto held = std::make_shared<int>(0);
    EXPECT_THROW(Posted::call(Posted::make([held] { throw std::runtime_error("posted"); })),
                 std::runtime_error);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Posted, LeavesNothingBehindWhereACallbackCannotBeCopied) {
    struct Uncopyable {
        Uncopyable() = default;
        Uncopyable(const Uncopyable&) { throw std::runtime_error("copy"); }
        void operator()() const {}
    };
    const Uncopyable callback;
    EXPECT_THROW(Posted::make(callback), std::runtime_error);  // LeakSanitizer sees the rest
}

TEST(Posted, MayPostItselfAgainFromItsCall) {
    Loop loop;
    struct Again {
        Loop& loop;
        int& left;
        std::array<int, 20> more_than_a_function_holds;
        void operator()() const { --left > 0 ? loop.post(*this) : loop.stop(); }
    };
    int left = 10;
    loop.post(Again{loop, left, {}});
    loop.run();
    EXPECT_EQ(left, 0);
}

TEST(Posted, TakesACallbackThatCanOnlyBeMoved) {
    Loop loop;
    int seen = 0;
    loop.post([&loop, &seen, owned = std::make_unique<int>(7)] {
        seen = *owned;
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(seen, 7);
}

}  // namespace asyncbench::posted_tests
