#pragma once

#include <pthread.h>
#include <sys/types.h>
#include <csignal>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "async/clock.hpp"
#include "async/observe.hpp"

namespace asyncbench {

class Loop;

namespace detail {

/// What runs on a loop's thread at a moment.
struct StepSnapshot {
    std::optional<TaskInfo> task;             ///< empty where no task's step runs
    std::vector<const void*> code_addresses;  ///< innermost first; empty where they could not be taken
};

/// What the thread of a loop tells about one run(), while somebody watches it. Made on that thread.
class LoopWatch {
  public:
    explicit LoopWatch(Loop& loop);
    virtual ~LoopWatch() = default;
    LoopWatch(const LoopWatch&) = delete;
    LoopWatch& operator=(const LoopWatch&) = delete;

    /// Loop thread: a step begins; the one before, if any, ends.
    void step_begins(std::int64_t now_ns) noexcept {
        end_step(now_ns);
        started_ns_.store(now_ns, std::memory_order_release);
    }
    /// Loop thread: the loop waits.
    void step_ends(std::int64_t now_ns) noexcept {
        end_step(now_ns);
        started_ns_.store(0, std::memory_order_release);
    }
    /// Loop thread: run() ends. The watch may live on, without a loop.
    virtual void run_ends() noexcept = 0;

    /// When the step that runs began, which no other step of the loop shares; 0 while the loop waits.
    std::int64_t step_started_ns() const noexcept { return started_ns_.load(std::memory_order_acquire); }

    Loop& loop() const { return loop_; }
    pthread_t thread() const { return thread_; }
    pid_t thread_id() const { return thread_id_; }

    /// Any other thread, while run() lasts: interrupts the loop's thread to see what it does. Without code
    /// addresses where it did not answer within 50 ms, or where a sanitizer defers signals.
    StepSnapshot snapshot();
    /// Before the first snapshot(): takes over a real-time signal that nobody uses (SA_RESTART), and lets the
    /// unwinder load what it needs. Throws Error where all of them are taken.
    static void prepare_snapshots();
    /// The watch that answers on this thread from now on, or null; gives the one before.
    static LoopWatch* install(LoopWatch* watch) noexcept;

  private:
    enum class Request : std::uint8_t { none, asked, answering, answered };
    static void answer_signal(int, siginfo_t*, void* context);
    void answer(const void* interrupted_at) noexcept;
    void end_step(std::int64_t now_ns) noexcept {
        const std::int64_t started = started_ns_.load(std::memory_order_relaxed);
        if (started != 0) {
            step_took(now_ns - started);
        }
    }
    virtual void step_took(std::int64_t nanoseconds) noexcept = 0;

    Loop& loop_;
    pthread_t thread_;
    pid_t thread_id_;
    std::atomic<std::int64_t> started_ns_ = 0;

    // Written by the signal handler between `asked` and `answered`.
    std::atomic<Request> request_ = Request::none;
    std::array<const void*, 96> addresses_{};
    std::size_t depth_ = 0;
    TaskInfo task_{};
    bool in_task_ = false;
};

/// Makes the watch of each run(). Called on the loop's thread.
using MakeLoopWatch = std::shared_ptr<LoopWatch> (*)(Loop& loop);
/// Null where nobody watches.
inline constinit std::atomic<MakeLoopWatch> make_loop_watch = nullptr;

}  // namespace detail
}  // namespace asyncbench
