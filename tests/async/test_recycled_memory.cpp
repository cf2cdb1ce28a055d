#include "async/recycled_memory.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "tests/async/expect_findings.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::detail {
namespace {

TEST(RecycledMemory, GivesABlockOfTheSameSizeClassAgain) {
    if (!memory_is_recycled) {
        GTEST_SKIP() << "sanitizers see every block";
    }
    RecycledMemory::free(RecycledMemory::allocate(100), 100);
    void* first = RecycledMemory::allocate(100);
    RecycledMemory::free(first, 100);
    void* second = RecycledMemory::allocate(65);
    EXPECT_EQ(first, second);
    RecycledMemory::free(second, 65);
}

TEST(RecycledMemory, GivesBlocksThatHoldWhatWasAskedFor) {
    std::vector<std::pair<void*, std::size_t>> blocks;
    for (std::size_t size = 1; size <= 3'000; size += 13) {
        void* block = RecycledMemory::allocate(size);
        std::memset(block, static_cast<int>(size & 0xff), size);
        blocks.emplace_back(block, size);
    }
    for (const auto& [block, size] : blocks) {
        EXPECT_EQ(static_cast<unsigned char*>(block)[size - 1], size & 0xff);
        RecycledMemory::free(block, size);
    }
}

TEST(RecycledMemory, TakesMoreBlocksThanItKeeps) {
    for (int round = 0; round < 3; ++round) {
        std::vector<void*> blocks;
        for (int i = 0; i < 500; ++i) {
            blocks.push_back(RecycledMemory::allocate(200));
        }
        for (void* block : blocks) {
            RecycledMemory::free(block, 200);
        }
    }
    SUCCEED();
}

TEST(RecycledMemory, TakesBlocksOfOtherThreads) {
    std::vector<void*> blocks;
    std::thread([&blocks] {
        for (int i = 0; i < 50; ++i) {
            blocks.push_back(RecycledMemory::allocate(128));
        }
    }).join();
    for (void* block : blocks) {
        std::memset(block, 1, 128);
        RecycledMemory::free(block, 128);
    }
    SUCCEED();
}

// Thread-local objects end after the cache has closed, where they were made before it opened.
TEST(RecycledMemory, TakesBlocksAtTheEndOfAThread) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    struct LateTask {
        Task<int> task;
    };
    std::thread([] {
        static thread_local LateTask late;
        const auto constant = [](int value) -> Task<int> { co_return value; };
        late.task = constant(1);
        testing::run_task(constant(2));
    }).join();
    SUCCEED();
}

TEST(RecyclingAllocator, ServesTheContainersOfTheStandardLibrary) {
    std::vector<int, RecyclingAllocator<int>> numbers;
    for (int i = 0; i < 1'000; ++i) {
        numbers.push_back(i);
    }
    EXPECT_EQ(numbers[999], 999);
}

}  // namespace
}  // namespace asyncbench::detail
