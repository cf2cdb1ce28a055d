#include "harness/measure/allocations.hpp"

#include <atomic>
#include <mutex>
#include <new>

namespace asyncbench {
namespace {

/// Of one thread, which alone writes it: a load and a store are enough, a locked add is not needed.
class ThreadCount {
  public:
    enum class Listed { not_yet, yes, no_more };

    void add_one() noexcept { value_.store(value() + 1, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

    Listed listed = Listed::not_yet;
    ThreadCount* next = nullptr;  ///< with `previous` under the lock of `threads`
    ThreadCount* previous = nullptr;

  private:
    std::atomic<std::uint64_t> value_{0};
};

/// Constant-initialised and trivially destroyed: allocations come before static objects and after them.
constinit thread_local ThreadCount this_thread;

struct Threads {
    std::mutex lock;
    ThreadCount* first = nullptr;
    std::atomic<std::uint64_t> ended{0};  ///< what ended threads counted
};
constinit Threads threads;

/// Keeps this thread's count in the list for as long as the thread has objects of its own.
class ListThisThread {
  public:
    ListThisThread() {
        const std::lock_guard lock(threads.lock);
        this_thread.next = threads.first;
        if (threads.first != nullptr) threads.first->previous = &this_thread;
        threads.first = &this_thread;
        this_thread.listed = ThreadCount::Listed::yes;
    }
    ~ListThisThread() {
        const std::lock_guard lock(threads.lock);
        (this_thread.previous != nullptr ? this_thread.previous->next : threads.first) = this_thread.next;
        if (this_thread.next != nullptr) this_thread.next->previous = this_thread.previous;
        this_thread.listed = ThreadCount::Listed::no_more;
        threads.ended += this_thread.value();
    }
    ListThisThread(const ListThisThread&) = delete;
    ListThisThread& operator=(const ListThisThread&) = delete;
};

/// The first allocation of a thread, or one by what is destroyed after its count left the list.
[[gnu::noinline]] void count_unlisted() noexcept {
    if (this_thread.listed == ThreadCount::Listed::no_more) {
        ++threads.ended;
        return;
    }
    const static thread_local ListThisThread listed;
    this_thread.add_one();
}

}  // namespace

void count_allocation() noexcept {
    if (this_thread.listed != ThreadCount::Listed::yes) return count_unlisted();
    this_thread.add_one();
}

std::uint64_t thread_allocations() noexcept {
    return this_thread.value();
}

std::uint64_t process_allocations() {
    const std::lock_guard lock(threads.lock);
    std::uint64_t sum = threads.ended;
    for (const ThreadCount* thread = threads.first; thread != nullptr; thread = thread->next) {
        sum += thread->value();
    }
    return sum;
}

bool allocations_are_counted() {
    const std::uint64_t before = thread_allocations();
    // Called by name: a new-expression may be left out by the compiler.
    ::operator delete(::operator new(1));
    return thread_allocations() != before;
}

}  // namespace asyncbench
