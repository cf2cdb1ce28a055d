#include "async/loop.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/require.hpp>
#include <cstddef>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "async/asio.hpp"
#include "async/context.hpp"
#include "async/detect/loop_watch.hpp"
#include "async/detect/task_faults.hpp"
#include "async/errors.hpp"
#include "async/recycled_memory.hpp"
#include "async/thread_pool.hpp"

namespace asyncbench {

namespace {

std::int64_t now_ns() {
    return TimePoint(Clock::now()).time_since_epoch().count();
}

// The counters have one writer, the loop thread; atomics let other threads read them.
void add(std::atomic<std::int64_t>& counter, std::int64_t amount) {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

// Posts without asio::post()'s lookup of associated executors and allocators, and with memory that is
// recycled more cheaply than Asio's, which looks up its thread's context twice and keeps two blocks.
template <class Allocator>
auto posting_executor(boost::asio::io_context& context, const Allocator& allocator) {
    namespace execution = boost::asio::execution;
    return boost::asio::require(context.get_executor(), execution::blocking.never,
                                execution::allocator(allocator));
}

// Gives Asio's queue the memory that what is queued has brought: Asio gives it back before it runs it.
template <class T>
struct QueueMemoryAllocator {
    using value_type = T;

    detail::QueueMemory* memory;

    explicit QueueMemoryAllocator(detail::QueueMemory& used) : memory(&used) {}
    template <class U>
    explicit(false) QueueMemoryAllocator(const QueueMemoryAllocator<U>& other) noexcept
        : memory(other.memory) {}

    T* allocate(std::size_t) {
        static_assert(sizeof(T) <= sizeof(detail::QueueMemory) && alignof(T) <= alignof(detail::QueueMemory));
        return reinterpret_cast<T*>(memory);
    }
    void deallocate(T*, std::size_t) noexcept {}

    bool operator==(const QueueMemoryAllocator&) const = default;
};

struct CallbackStep {
    Loop* loop;
    detail::Posted::Pointer callback;
    void operator()() {
        loop->begin_step();
        detail::Posted::call(std::move(callback));
    }
};

struct ResumeStep {
    Loop* loop;
    std::coroutine_handle<> coroutine;
    void operator()() const {
        loop->begin_step();
        coroutine.resume();
    }
};

}  // namespace

struct Loop::ReadyStep {
    Loop* loop;
    void operator()() const { loop->run_ready(); }
};

struct Loop::Impl {
    detail::QueueMemory ready_step;  // ends after the context, whose queue may stand in it
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{context.get_executor()};
    using PostingAllocator = detail::RecyclingAllocator<void>;
    decltype(posting_executor(context, PostingAllocator())) posting =
        posting_executor(context, PostingAllocator());
    decltype(posting_executor(context, QueueMemoryAllocator<void>(ready_step))) posting_ready =
        posting_executor(context, QueueMemoryAllocator<void>(ready_step));
    std::atomic<bool> stop_requested = false;
    std::atomic<bool> running = false;
    std::unordered_map<const AdoptedWork*, std::shared_ptr<AdoptedWork>> adopted;

    std::atomic<std::int64_t> busy_ns = 0;
    std::atomic<std::int64_t> total_ns = 0;
    std::atomic<std::int64_t> longest_ns = 0;
    std::atomic<std::int64_t> steps = 0;
    std::atomic<std::int64_t> started_ns = 0;  // of the run() under way; 0 where there is none
    std::atomic<std::int64_t> woke_ns = 0;     // of the busy stretch under way; 0 while waiting
    std::atomic<std::int64_t> longest_lag_ns = 0;
    std::array<std::atomic<std::int64_t>, std::tuple_size_v<decltype(LoopStats::stretches)>> stretches{};

    std::shared_ptr<detail::LoopWatch> watch;
    std::vector<Finding> findings;  // to be reported
};

double LoopStats::utilization() const {
    return total.count() > 0 ? static_cast<double>(busy.count()) / static_cast<double>(total.count()) : 0.0;
}

Loop::Loop() : handle_(*this), impl_(std::make_unique<Impl>()) {}

Loop::~Loop() {
    handle_.loop_ends();
    // Adopted coroutines hold timers and the like, which need the context.
    while (!impl_->adopted.empty()) {
        auto work = impl_->adopted.extract(impl_->adopted.begin());
    }
}

Executor& Loop::default_executor() {
    if (default_executor_ == nullptr) {
        const std::size_t cores = std::thread::hardware_concurrency();
        default_executor_ = std::make_shared<ThreadPool>(std::min<std::size_t>(32, cores + 4));
    }
    return *default_executor_;
}

void Loop::set_default_executor(std::shared_ptr<Executor> executor) {
    default_executor_ = std::move(executor);
}

void Loop::post(detail::Posted::Pointer callback) {
    const QueueMemoryAllocator<void> memory(callback->queue_memory());
    posting_executor(impl_->context, memory).execute(CallbackStep{this, std::move(callback)});
}

void Loop::post(std::coroutine_handle<> coroutine) {
    impl_->posting.execute(ResumeStep{this, coroutine});
}

void Loop::make_ready(ReadyNode& node, std::coroutine_handle<> coroutine) {
    node.handle_ = coroutine;
    node.link_before(ready_);
    if (!ready_posted_) {
        post_ready();
    }
}

void Loop::post_ready() {
    ready_posted_ = true;
    impl_->posting_ready.execute(ReadyStep{this});
}

void Loop::run_ready() {
    begin_step();
    ready_posted_ = false;
    // One alone is the usual case where a loop is not busy; without what a batch needs, a hop of it costs a
    // sixth less.
    if (ready_.has_one() && !impl_->stop_requested) [[likely]] {
        static_cast<ReadyNode&>(ready_.take_only()).handle_.resume();
    } else {
        run_ready_batch();
    }
}

void Loop::run_ready_batch() {
    // Only what is ready now: what these coroutines make ready has its turn after other handlers.
    detail::RingLink end;
    end.link_before(ready_);
    struct Scope {
        Loop& loop;
        std::int64_t resumed = 0;
        ~Scope() {
            add(loop.impl_->steps, resumed - 1);  // one of them is counted as the handler that runs them all
            // Left early, by stop() or by an exception.
            if (loop.ready_.linked() && !loop.ready_posted_) {
                loop.post_ready();
            }
        }
    } scope{*this};
    while (&ready_.next() != &end && !impl_->stop_requested) {
        auto& node = static_cast<ReadyNode&>(ready_.take_next());
        ++scope.resumed;
        if (watch_ != nullptr) [[unlikely]] {
            watch_->step_begins(now_ns());
        }
        node.handle_.resume();
    }
    end.unlink();
}

void Loop::run() {
    if (current_ != nullptr) {
        const Error error(
            "Loop::run() was called on a thread that runs a loop already; a coroutine there awaits the task "
            "instead of running a loop for it.");
        detail::report_waits_for_own_loop(error.what());
        throw error;
    }
    if (impl_->running.exchange(true)) {
        throw Error(
            "Loop::run() was called while another thread runs this loop; give each thread its own Loop.");
    }
    struct Scope {
        Loop& loop;
        detail::KeepContext keep;
        detail::StackBase stack;
        explicit Scope(Loop& entered) : loop(entered) {
            current_ = &loop;
            loop.handle_.loop_runs();
            detail::current_context = nullptr;
            loop.impl_->started_ns.store(now_ns(), std::memory_order_relaxed);
            if (const detail::MakeLoopWatch make_watch = detail::make_loop_watch) {
                loop.impl_->watch = make_watch(loop);
                loop.watch_ = loop.impl_->watch.get();
                detail::LoopWatch::install(loop.watch_);
            }
        }
        ~Scope() {
            Impl& impl = *loop.impl_;
            loop.end_turn(0);
            add(impl.total_ns, now_ns() - impl.started_ns.exchange(0, std::memory_order_relaxed));
            if (loop.watch_ != nullptr) {
                loop.watch_->run_ends();
                detail::LoopWatch::install(nullptr);
                loop.watch_ = nullptr;
                impl.watch = nullptr;
            }
            loop.handle_.loop_stops();
            current_ = nullptr;
            impl.stop_requested = false;
            impl.running = false;
        }
    } scope(*this);

    while (true) {
        // In this order: a stop() that comes before the restart is seen by the check, one that comes after it
        // by the context.
        if (impl_->context.stopped()) {
            impl_->context.restart();
        }
        if (impl_->stop_requested) {
            return;
        }
        turn();
    }
}

void Loop::turn() {
    waiting_ = true;
    std::uint64_t steps = impl_->context.run_one();
    if (waiting_) {
        // A handler that does not call begin_step(), or stop(): what comes after it is counted.
        wake_up();
    }
    steps += watch_ == nullptr ? impl_->context.poll() : poll_watched();
    end_turn(steps);
}

std::size_t Loop::poll_watched() {
    std::size_t steps = 0;
    do {
        watch_->step_begins(now_ns());
        ++steps;
    } while (impl_->context.poll_one() != 0);
    return steps - 1;
}

void Loop::wake_up() {
    waiting_ = false;
    const std::int64_t now = now_ns();
    impl_->woke_ns.store(now, std::memory_order_relaxed);
    if (watch_ != nullptr) [[unlikely]] {
        watch_->step_begins(now);
    }
}

void Loop::end_turn(std::uint64_t steps) {
    waiting_ = false;
    if (has_findings_) [[unlikely]] {
        report_now();
    }
    add(impl_->steps, static_cast<std::int64_t>(steps));
    const std::int64_t woke = impl_->woke_ns.exchange(0, std::memory_order_relaxed);
    if (woke == 0) {
        return;
    }
    const std::int64_t now = now_ns();
    const std::int64_t stretch = now - woke;
    if (watch_ != nullptr) [[unlikely]] {
        watch_->step_ends(now);
    }
    const auto microseconds = static_cast<std::uint64_t>(stretch) / 1000;
    const auto power = static_cast<std::size_t>(std::bit_width(microseconds | 1) - 1);
    add(impl_->stretches[std::min(power, impl_->stretches.size() - 1)], 1);
    add(impl_->busy_ns, stretch);
    impl_->longest_ns.store(std::max(impl_->longest_ns.load(std::memory_order_relaxed), stretch),
                            std::memory_order_relaxed);
}

void Loop::stop() {
    impl_->stop_requested = true;
    impl_->context.stop();
}

Loop& Loop::require_current(const char* what) {
    if (current_ == nullptr) {
        throw Error(
            std::string(what) +
            " needs a running loop, and none runs on this thread; call it from a task that run() runs, or "
            "name the loop.");
    }
    return *current_;
}

LoopStats Loop::stats() const {
    const Impl& impl = *impl_;
    std::int64_t busy = impl.busy_ns.load(std::memory_order_relaxed);
    std::int64_t total = impl.total_ns.load(std::memory_order_relaxed);
    std::int64_t longest = impl.longest_ns.load(std::memory_order_relaxed);
    const std::int64_t woke = impl.woke_ns.load(std::memory_order_relaxed);
    const std::int64_t started = impl.started_ns.load(std::memory_order_relaxed);
    const std::int64_t now = now_ns();
    if (woke != 0) {
        busy += now - woke;
        longest = std::max(longest, now - woke);
    }
    if (started != 0) {
        total += now - started;
    }
    LoopStats stats{Nanoseconds(busy), Nanoseconds(total), Nanoseconds(longest),
                    static_cast<std::uint64_t>(impl.steps.load(std::memory_order_relaxed)),
                    Nanoseconds(impl.longest_lag_ns.load(std::memory_order_relaxed))};
    std::transform(
        impl.stretches.begin(), impl.stretches.end(), stats.stretches.begin(),
        [](const auto& count) { return static_cast<std::uint64_t>(count.load(std::memory_order_relaxed)); });
    return stats;
}

void Loop::report_later(Finding finding) {
    impl_->findings.push_back(std::move(finding));
    has_findings_ = true;
}

void Loop::report_now() noexcept {
    has_findings_ = false;
    for (const Finding& finding : std::exchange(impl_->findings, {})) {
        report(finding);
    }
}

void Loop::note_lag(Nanoseconds lag) noexcept {
    if (lag.count() > impl_->longest_lag_ns.load(std::memory_order_relaxed)) {
        impl_->longest_lag_ns.store(lag.count(), std::memory_order_relaxed);
    }
}

void Loop::reset_stats() {
    for (auto* counter :
         {&impl_->busy_ns, &impl_->total_ns, &impl_->longest_ns, &impl_->steps, &impl_->longest_lag_ns}) {
        *counter = 0;
    }
    for (auto& counter : impl_->stretches) counter = 0;
}

void Loop::adopt(std::shared_ptr<AdoptedWork> work) {
    const AdoptedWork* key = work.get();
    if (ending_adopted_) {
        post([late = std::weak_ptr(work)] {
            if (const auto still = late.lock()) {
                still->cancel();
            }
        });
    }
    impl_->adopted.emplace(key, std::move(work));
}

void Loop::release(const AdoptedWork& work) {
    // Extracted first: what the work's destructor does must not meet the map half changed.
    const auto released = impl_->adopted.extract(&work);
    if (ending_adopted_ && impl_->adopted.empty()) {
        stop();
    }
}

bool Loop::has_adopted_work() const {
    return !impl_->adopted.empty();
}

void Loop::run_adopted_to_end() {
    struct Ending {
        bool& flag;
        explicit Ending(bool& ending) : flag(ending) { flag = true; }
        ~Ending() { flag = false; }
    } ending(ending_adopted_);
    while (has_adopted_work()) {
        post([this] {
            // A copy: ending one can make another end or be adopted.
            std::vector<std::shared_ptr<AdoptedWork>> all;
            for (const auto& [key, work] : impl_->adopted) {
                all.push_back(work);
            }
            for (const auto& work : all) {
                work->cancel();
            }
        });
        run();
    }
}

boost::asio::io_context& io_context(Loop& loop) {
    return loop.impl_->context;
}

}  // namespace asyncbench
