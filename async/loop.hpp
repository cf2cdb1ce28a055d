#pragma once

#include <array>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "async/clock.hpp"
#include "async/detect/finding.hpp"
#include "async/loop_handle.hpp"
#include "async/posted.hpp"
#include "async/ring.hpp"

namespace boost::asio {
class io_context;
}

namespace asyncbench {

class CurrentThreadExecutor;
class Executor;

/// How a loop spent the time inside run().
struct LoopStats {
    Nanoseconds busy{0};          ///< running handlers
    Nanoseconds total{0};         ///< inside run(), waiting included
    Nanoseconds longest_busy{0};  ///< the longest stretch without waiting: what a new event waits at worst
    std::uint64_t steps = 0;      ///< handlers run, without those of the stretch that still runs
    Nanoseconds longest_lag{0};   ///< the most that a timer's callback came late
    /// Stretches without waiting by their duration: [i] counts those of 2^i to 2^(i+1) microseconds, the
    /// first shorter ones too, the last longer ones.
    std::array<std::uint64_t, 24> stretches{};

    /// Share of the time that was not spent waiting, in [0, 1]; 0 before the first run().
    double utilization() const;
};

namespace detail {
class LoopWatch;
}

/// A waiting coroutine that something on the loop thread makes ready. Lives in an awaiter; its destruction
/// takes the coroutine out of the queue, so that a frame can be destroyed while it is ready.
class ReadyNode : private detail::RingLink {
  public:
    bool queued() const { return linked(); }

  private:
    friend class Loop;
    std::coroutine_handle<> handle_;
};

/// Something that runs on although nobody waits for it any more, and that a loop therefore owns.
class AdoptedWork {
  public:
    virtual ~AdoptedWork() = default;
    /// Asks it to end soon.
    virtual void cancel() noexcept = 0;
};

/// An event loop for one thread: handlers run one after another on the thread that is in run(). Everything
/// that is bound to a loop (timers, watched descriptors, ready nodes) is used on that thread, or while it
/// does not run; post() and stop() may be called from any thread.
class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs `callback` in a later step, in the order of the calls. From any thread. What has not run when the
    /// loop is destroyed is destroyed without being called.
    template <std::invocable F>
        requires(!std::convertible_to<F, std::coroutine_handle<>>)
    void post(F&& callback) {
        post(detail::Posted::make(std::forward<F>(callback)));
    }
    /// Resumes `coroutine` in a later step. From any thread. The coroutine must live until then.
    void post(std::coroutine_handle<> coroutine);

    /// Resumes `coroutine` in a later step, after those made ready before it, unless `node` is destroyed
    /// first. Loop thread only.
    void make_ready(ReadyNode& node, std::coroutine_handle<> coroutine);

    /// Runs handlers, and waits where there are none, until stop() is called. An exception of a handler
    /// leaves run(); the loop can be run again and goes on with the next handler. Throws Error where this
    /// thread is in the run() of a loop already, or another thread is in this one's.
    void run();
    /// Ends the run() under way after the handler under way, or else the next run() before its first handler.
    /// From any thread.
    void stop();

    /// For other threads, which may outlive the loop. From any thread.
    const LoopHandle& handle() const { return handle_; }

    /// Where sync_to_async() runs functions that need no particular thread: a pool of min(32, cores + 4)
    /// threads, as asyncio's, made with the first call; the loop's end waits for what runs there. Loop thread
    /// only.
    Executor& default_executor();
    /// Instead of the pool. Before the first use of default_executor().
    void set_default_executor(std::shared_ptr<Executor> executor);

    /// The thread that waits for this loop and runs functions for it meanwhile, where async_to_sync() made
    /// the loop; else null. Loop thread only, or while it does not run.
    const std::shared_ptr<CurrentThreadExecutor>& waiting_thread() const { return waiting_thread_; }
    void set_waiting_thread(std::shared_ptr<CurrentThreadExecutor> thread) {
        waiting_thread_ = std::move(thread);
    }

    bool is_loop_thread() const { return current_ == this; }
    /// The loop whose run() this thread is in, or null.
    static Loop* current() { return current_; }
    /// current(), or an Error that names `what` needs a loop.
    static Loop& require_current(const char* what);

    /// From any thread; the stretch under way is included up to now.
    LoopStats stats() const;
    /// Counts from 0 again. Only while the loop does not run.
    void reset_stats();

    /// Marks the begin of a handler; only the first one after a wait costs a look at the clock.
    void begin_step() {
        if (waiting_) [[unlikely]] {
            wake_up();
        }
    }

    /// Loop thread: whether it runs a step; otherwise it waits for one.
    bool in_step() const { return !waiting_; }

    /// Loop thread: hands `finding` to the sink when the loop looks for work next, as its finder may hold
    /// locks that the sink needs.
    void report_later(Finding finding);

    /// For what runs at a time of its own, on the loop thread: it came `lag` late.
    void note_lag(Nanoseconds lag) noexcept;

    /// Keeps `work` until it is released or the loop ends, whichever is first. Loop thread only.
    void adopt(std::shared_ptr<AdoptedWork> work);
    /// Gives up `work`, which has ended; it is destroyed where nobody else holds it.
    void release(const AdoptedWork& work);
    bool has_adopted_work() const;
    /// Cancels what it has adopted, and what it adopts meanwhile, and runs until all of it has ended; as
    /// run() otherwise.
    void run_adopted_to_end();

  private:
    friend boost::asio::io_context& io_context(Loop& loop);
    struct Impl;
    struct ReadyStep;

    void post(detail::Posted::Pointer callback);
    void turn();
    std::size_t poll_watched();
    void wake_up();
    void end_turn(std::uint64_t steps);
    void report_now() noexcept;
    void post_ready();
    void run_ready();
    void run_ready_batch();

    static inline constinit thread_local Loop* current_ = nullptr;

    LoopHandle handle_;
    std::shared_ptr<Executor> default_executor_;  // ends after impl_: its functions may wait for tasks
    std::shared_ptr<CurrentThreadExecutor> waiting_thread_;
    detail::RingLink ready_;
    bool ready_posted_ = false;
    bool waiting_ = false;
    detail::LoopWatch* watch_ = nullptr;  // of the run() under way; null where nobody watches
    bool ending_adopted_ = false;
    bool has_findings_ = false;
    std::unique_ptr<Impl> impl_;  // ends first: the handlers it destroys may hold ready nodes
};

}  // namespace asyncbench
