#include "async/detect/stall_watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "async/concurrent_histogram.hpp"
#include "async/detect/finding.hpp"
#include "async/detect/loop_watch.hpp"
#include "async/detect/symbolize.hpp"
#include "async/detect/task_faults.hpp"
#include "async/detect/thread_state.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"

namespace asyncbench {

namespace {

TimePoint time_point(std::int64_t ns) {
    return TimePoint(Nanoseconds(ns));
}

double milliseconds(Nanoseconds duration) {
    return static_cast<double>(duration.count()) / 1e6;
}

// What a stall looked like while it lasted.
struct Stall {
    Nanoseconds lasted{0};
    Nanoseconds observed{0};  // the end of it, for which the next two hold
    Nanoseconds cpu{0};
    std::uint64_t voluntary_switches = 0;
    bool reported_before = false;  // a shorter part of it
    detail::StepSnapshot snapshot;

    bool computing() const { return cpu * 2 >= observed; }
};

// Below it, only the loop and what it takes to resume a coroutine.
bool is_loop_itself(std::string_view frame) {
    return frame.find("::coroutine_handle<") != std::string_view::npos ||
           frame.starts_with("asyncbench::Loop::") || frame.starts_with("boost::asio::detail::scheduler") ||
           frame.starts_with("boost::asio::detail::completion_handler") ||
           frame.starts_with("boost::asio::detail::executor_op");
}

std::vector<std::string> backtrace_of(const Stall& stall) {
    std::vector<std::string> frames = detail::symbolize(stall.snapshot.code_addresses);
    frames.erase(std::find_if(frames.begin(), frames.end(), is_loop_itself), frames.end());
    return frames;
}

Finding finding_of(const Stall& stall) {
    Finding finding;
    if (stall.snapshot.task) {
        finding = detail::finding_about(Finding::Kind::stall, *stall.snapshot.task);
    }
    finding.kind = Finding::Kind::stall;
    finding.duration = stall.lasted;
    finding.reported_before = stall.reported_before;
    finding.backtrace = backtrace_of(stall);
    finding.message = fmt::format(
        "The loop has been in one step{} for {:.0f} ms, in which nothing else of it runs. It {} ({:.1f} ms "
        "of "
        "CPU and {} voluntary switches in the last {:.1f} ms); {}.",
        stall.snapshot.task ? " of " + detail::describe(*stall.snapshot.task) : "",
        milliseconds(stall.lasted), stall.computing() ? "computes" : "is parked in a call that waits",
        milliseconds(stall.cpu), stall.voluntary_switches, milliseconds(stall.observed),
        stall.computing() ? "move the work off the loop with sync_to_async(), or divide it with co_await "
                            "resume_on(loop)"
                          : "call its asynchronous counterpart, or run it off the loop with sync_to_async()");
    return finding;
}

class Watched;

}  // namespace

class StallWatchdog::Impl : public std::enable_shared_from_this<Impl> {
  public:
    explicit Impl(const StallOptions& options) : options_(options) {}

    void start() {
        thread_ = std::thread([this] { work(); });
    }
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    std::shared_ptr<Watched> watch(Loop& loop);
    void forget(const Watched& watched);

    void step_took(std::int64_t ns) noexcept {
        if (ns >= options_.threshold.count()) {
            stalls_.record(ns);
        }
    }
    void late_by(std::int64_t ns) noexcept { lag_.record(ns); }

    Histogram stalls() const { return stalls_.snapshot(); }
    Histogram lag() const { return lag_.snapshot(); }
    std::uint64_t suppressed() const { return suppressed_; }

  private:
    void work();
    std::vector<Stall> look(TimePoint now, TimePoint& next);
    bool may_report(TimePoint now);

    const StallOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Watched*> watched_;
    bool stopping_ = false;
    std::vector<TimePoint> reports_;  // of the last minute
    std::atomic<std::uint64_t> suppressed_ = 0;
    ConcurrentHistogram stalls_;
    ConcurrentHistogram lag_;
    std::thread thread_;
};

namespace {

// One run() of a loop. What is not atomic or said to be the loop's is the watchdog's, under its mutex.
class Watched final : public detail::LoopWatch, public std::enable_shared_from_this<Watched> {
  public:
    Watched(Loop& watched_loop, std::shared_ptr<StallWatchdog::Impl> watchdog)
        : LoopWatch(watched_loop), watchdog_(std::move(watchdog)) {}

    void run_ends() noexcept override {
        running_ = false;
        watchdog_->forget(*this);
    }

    /// Whether the step that runs is to be reported now; `next` becomes when to look again at the latest.
    std::optional<Stall> look(TimePoint now, Nanoseconds threshold, bool with_snapshot, TimePoint& next);

    void probe_lag(TimePoint now, Nanoseconds interval) {
        if (now - probed_ < interval || probe_under_way_.exchange(true)) {
            return;
        }
        probed_ = now;
        loop().post([self = shared_from_this(), now] {
            if (self->running_) {
                self->watchdog_->late_by((Clock::now() - now).count());
                self->probe_under_way_ = false;
            }
        });
    }

  private:
    void step_took(std::int64_t nanoseconds) noexcept override { watchdog_->step_took(nanoseconds); }
    void new_step(std::int64_t started, TimePoint now, const detail::ThreadState& state,
                  Nanoseconds threshold);

    std::shared_ptr<StallWatchdog::Impl> watchdog_;
    bool running_ = true;  // the loop's
    std::atomic<bool> probe_under_way_ = false;
    TimePoint probed_{};

    std::optional<detail::ThreadStateReader> reader_;
    std::int64_t step_ = 0;
    TimePoint seen_;  // when that step was first seen, and the thread then:
    detail::ThreadState at_first_;
    Nanoseconds kept_waiting_before_{0};  // at the last look before that step
    Nanoseconds kept_waiting_{0};         // at the last look
    Nanoseconds next_report_{0};          // at this duration
};

void Watched::new_step(std::int64_t started, TimePoint now, const detail::ThreadState& state,
                       Nanoseconds threshold) {
    step_ = started;
    seen_ = now;
    at_first_ = state;
    kept_waiting_before_ = kept_waiting_;
    next_report_ = threshold;
}

std::optional<Stall> Watched::look(TimePoint now, Nanoseconds threshold, bool with_snapshot,
                                   TimePoint& next) {
    const bool first = !reader_;
    if (first) {
        reader_.emplace(thread(), thread_id());
    }
    const detail::ThreadState state = reader_->read();
    if (first) {
        kept_waiting_ = state.kept_waiting;
    }
    const std::int64_t started = step_started_ns();
    if (started != 0 && started != step_) {
        new_step(started, now, state, threshold);
    }
    kept_waiting_ = state.kept_waiting;
    if (started == 0) {
        return std::nullopt;
    }
    const Nanoseconds lasted = now - time_point(started) - (state.kept_waiting - kept_waiting_before_);
    if (lasted < next_report_) {
        next = std::min(next, now + (next_report_ - lasted));
        return std::nullopt;
    }
    Stall stall;
    stall.lasted = lasted;
    stall.reported_before = next_report_ > threshold;
    stall.observed = std::max(now - seen_ - (state.kept_waiting - at_first_.kept_waiting), Nanoseconds(1));
    stall.cpu = state.cpu - at_first_.cpu;
    stall.voluntary_switches = state.voluntary_switches - at_first_.voluntary_switches;
    // The run delay under way shows only at its end: neither running nor parked is waiting for a processor.
    if (!stall.computing() && state.runnable) {
        next = std::min(next, now + threshold / 4);
        return std::nullopt;
    }
    if (with_snapshot) {
        stall.snapshot = snapshot();
        if (step_started_ns() != started) {
            return std::nullopt;  // it ended meanwhile, and the backtrace would be of something else
        }
    }
    next_report_ *= 2;
    return stall;
}

// The watchdogs of the process; the last one watches.
std::mutex installed_mutex;
// Kept to the end of the program, as a watchdog may be an object of static duration itself.
std::vector<std::shared_ptr<StallWatchdog::Impl>>& installed =
    *new std::vector<std::shared_ptr<StallWatchdog::Impl>>;

std::shared_ptr<detail::LoopWatch> watch_run(Loop& loop) {
    std::shared_ptr<StallWatchdog::Impl> watchdog;
    {
        const std::lock_guard lock(installed_mutex);
        if (installed.empty()) {
            return nullptr;
        }
        watchdog = installed.back();
    }
    return watchdog->watch(loop);
}

}  // namespace

std::shared_ptr<Watched> StallWatchdog::Impl::watch(Loop& loop) {
    auto watched = std::make_shared<Watched>(loop, shared_from_this());
    const std::lock_guard lock(mutex_);
    watched_.push_back(watched.get());
    return watched;
}

void StallWatchdog::Impl::forget(const Watched& watched) {
    const std::lock_guard lock(mutex_);
    std::erase(watched_, &watched);
}

void StallWatchdog::Impl::work() {
    // Signals are for the threads of the program.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);

    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const TimePoint now = Clock::now();
        // Half a threshold, so that a step is first seen before the second half of it.
        TimePoint next = now + options_.threshold / 2;
        const std::vector<Stall> stalls = look(now, next);
        if (!stalls.empty()) {
            // Without the mutex: names take long to look up, and loops may begin and end meanwhile.
            lock.unlock();
            for (const Stall& stall : stalls) {
                report(finding_of(stall));
            }
            lock.lock();
            continue;
        }
        changed_.wait_until(lock, next, [this] { return stopping_; });
    }
}

std::vector<Stall> StallWatchdog::Impl::look(TimePoint now, TimePoint& next) {
    std::vector<Stall> stalls;
    for (Watched* const watched : watched_) {
        if (auto stall = watched->look(now, options_.threshold, options_.backtraces, next)) {
            if (may_report(now)) {
                stalls.push_back(std::move(*stall));
            } else {
                ++suppressed_;
            }
        }
        if (options_.lag_interval > Nanoseconds::zero()) {
            watched->probe_lag(now, options_.lag_interval);
            next = std::min(next, now + options_.lag_interval);
        }
    }
    return stalls;
}

bool StallWatchdog::Impl::may_report(TimePoint now) {
    std::erase_if(reports_, [&](TimePoint time) { return now - time >= std::chrono::minutes(1); });
    if (reports_.size() >= options_.reports_per_minute) {
        return false;
    }
    reports_.push_back(now);
    return true;
}

namespace {

/// After fork() the child has no watchdog's thread, and its mutex may stand locked for ever: nothing watches
/// the loops that the child runs.
void watch_nothing_after_fork() {
    static const int registered = pthread_atfork(nullptr, nullptr, [] { detail::make_loop_watch = nullptr; });
    if (registered != 0) {
        throw Error("The watchdog cannot be told of fork(): no memory is left.");
    }
}

}  // namespace

StallWatchdog::StallWatchdog(const StallOptions& options) : impl_(std::make_shared<Impl>(options)) {
    if (options.threshold < std::chrono::milliseconds(1)) {
        throw UsageError("A stall's threshold must be 1 ms or more; what is shorter is not seen in time.");
    }
    if (options.backtraces) {
        detail::LoopWatch::prepare_snapshots();
    }
    watch_nothing_after_fork();
    impl_->start();
    const std::lock_guard lock(installed_mutex);
    installed.push_back(impl_);
    detail::make_loop_watch = &watch_run;
}

StallWatchdog::~StallWatchdog() {
    {
        const std::lock_guard lock(installed_mutex);
        std::erase(installed, impl_);
        if (installed.empty()) {
            detail::make_loop_watch = nullptr;
        }
    }
    impl_->stop();
}

Histogram StallWatchdog::stalls_ns() const {
    return impl_->stalls();
}
Histogram StallWatchdog::lag_ns() const {
    return impl_->lag();
}
std::uint64_t StallWatchdog::suppressed() const {
    return impl_->suppressed();
}

}  // namespace asyncbench
