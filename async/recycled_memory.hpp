#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace asyncbench::detail {

// ASan finds a block used after its end only where it was really freed; TSan takes reuse for sharing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool memory_is_recycled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool memory_is_recycled = false;
#else
inline constexpr bool memory_is_recycled = true;
#endif
#else
inline constexpr bool memory_is_recycled = true;
#endif

/// Memory of coroutine frames and of a loop's steps: each thread keeps the last freed blocks of each size and
/// gives them out again, which makes an awaited child about a third cheaper than with malloc. At most 256 KiB
/// a thread are kept, until the thread ends. A block may be freed by another thread than the one that made
/// it.
class RecycledMemory {
  public:
    static void* allocate(std::size_t size) {
        const std::size_t bin = bin_of(size);
        if (bin < bins) {
            List& list = cache_.lists[bin];
            if (list.first != nullptr) {
                Block* block = list.first;
                list.first = block->next;
                --list.length;
                return block;
            }
            return ::operator new((bin + 1) * granularity);
        }
        return ::operator new(size);
    }

    static void free(void* memory, std::size_t size) noexcept {
        const std::size_t bin = bin_of(size);
        if (bin < bins && (cache_.lists[bin].length < cache_.capacity || open_cache())) {
            List& list = cache_.lists[bin];
            list.first = ::new (memory) Block{list.first};
            ++list.length;
            return;
        }
        ::operator delete(memory);
    }

  private:
    static constexpr std::size_t granularity = 64;
    static constexpr std::size_t bins = memory_is_recycled ? 16 : 0;
    static constexpr std::uint32_t blocks_of_a_bin = 30;

    struct Block {
        Block* next;
    };
    struct List {
        Block* first;
        std::uint32_t length;
    };
    // All zero at first; trivially destructible, so that blocks can still be freed while a thread's other
    // variables end.
    struct Cache {
        std::array<List, 16> lists;
        std::uint32_t capacity;  // 0 before the first block is freed, and after the thread's end
        bool opened;
    };
    struct Closer;

    static std::size_t bin_of(std::size_t size) { return (size - 1) / granularity; }
    /// Whether there is room now: only for the first block that a thread frees.
    static bool open_cache() noexcept;

    static inline constinit thread_local Cache cache_{};
};

/// RecycledMemory as an allocator of the standard library's form.
template <class T>
struct RecyclingAllocator {
    using value_type = T;

    RecyclingAllocator() = default;
    template <class U>
    explicit(false) RecyclingAllocator(const RecyclingAllocator<U>&) noexcept {}

    T* allocate(std::size_t count) { return static_cast<T*>(RecycledMemory::allocate(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t count) noexcept {
        RecycledMemory::free(memory, count * sizeof(T));
    }

    bool operator==(const RecyclingAllocator&) const = default;
};

}  // namespace asyncbench::detail
