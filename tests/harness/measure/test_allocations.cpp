#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "harness/measure/allocations.hpp"

namespace asyncbench::allocations_tests {

class Allocations : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!allocations_are_counted()) GTEST_SKIP() << allocations_not_counted;
    }
};

void allocate(int times) {
    for (int i = 0; i < times; ++i) ::operator delete(::operator new(8));
}

TEST_F(Allocations, AreCountedInTheThreadThatMakesThem) {
    const std::uint64_t before = thread_allocations();
    const std::vector<int> memory(100);
    EXPECT_EQ(memory.size(), 100U);
    EXPECT_EQ(thread_allocations(), before + 1);
}

TEST_F(Allocations, OfEveryFormAreCounted) {
    struct alignas(64) Line {
        char bytes[64];
    };
    const std::uint64_t before = thread_allocations();
    const auto line = std::make_unique<Line>();
    const auto array = std::make_unique<char[]>(3);
    ::operator delete(::operator new(8, std::nothrow), std::nothrow);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(line.get()) % 64, 0U);
    EXPECT_EQ(thread_allocations(), before + 3);
}

TEST_F(Allocations, OfAnotherThreadCountForTheProcessAlone) {
    std::latch allocated(1);
    std::latch read(1);
    const std::uint64_t before = process_allocations();
    std::thread other([&] {
        allocate(1000);
        allocated.count_down();
        read.wait();
    });
    const std::uint64_t own_before = thread_allocations();
    allocated.wait();
    EXPECT_GE(process_allocations(), before + 1000);
    EXPECT_EQ(thread_allocations(), own_before);
    read.count_down();
    other.join();
}

TEST_F(Allocations, OfEndedThreadsAreKept) {
    const std::uint64_t before = process_allocations();
    for (int i = 0; i < 10; ++i) std::thread([] { allocate(1000); }).join();
    EXPECT_GE(process_allocations(), before + 10'000);
    EXPECT_LT(process_allocations(), before + 11'000);
}

/// Allocates when it is destroyed: after the thread's count has left the list, for it was made before.
struct AllocatesAtTheEnd {
    ~AllocatesAtTheEnd() { allocate(1000); }
};

TEST_F(Allocations, OfAThreadsLastDestructorsAreKept) {
    const std::uint64_t before = process_allocations();
    std::thread([] {
        const static thread_local AllocatesAtTheEnd last;
        allocate(1);
    }).join();
    EXPECT_GE(process_allocations(), before + 1001);
}

TEST_F(Allocations, OfThreadsThatComeAndGoMakeOneSum) {
    const std::uint64_t before = process_allocations();
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([] {
            allocate(1000);
            process_allocations();
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(process_allocations(), before + 8'000);
    EXPECT_LT(process_allocations(), before + 9'000);
}

}  // namespace asyncbench::allocations_tests
