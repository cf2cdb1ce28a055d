#include "async/detect/loop_watch.hpp"

#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>

#include "async/detect/blocking_call.hpp"
#include "async/errors.hpp"
#include "async/promise.hpp"

namespace asyncbench::detail {

namespace {

// TSan runs a handler only when the thread next calls something that blocks, which is not where it was.
#if defined(__SANITIZE_THREAD__)
constexpr bool signals_arrive_at_once = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool signals_arrive_at_once = false;
#else
constexpr bool signals_arrive_at_once = true;
#endif
#else
constexpr bool signals_arrive_at_once = true;
#endif

constexpr auto patience = std::chrono::milliseconds(50);

constinit thread_local std::atomic<LoopWatch*> watch_of_this_thread = nullptr;
std::atomic<int> snapshot_signal = 0;

/// Of an instruction, which kernel and unwinder give as a number.
const void* to_address(std::uintptr_t number) noexcept {
    return reinterpret_cast<const void*>(number);  // NOLINT(performance-no-int-to-ptr)
}

const void* interrupted_address([[maybe_unused]] void* context) noexcept {
#if defined(__x86_64__)
    return to_address(
        static_cast<std::uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]));
#elif defined(__aarch64__)
    return to_address(static_cast<ucontext_t*>(context)->uc_mcontext.pc);
#else
    return nullptr;
#endif
}

struct Unwinding {
    const void* begin;  // the frames before it are the signal handler's; null: keep all
    const void** addresses;
    std::size_t room;
    std::size_t depth;
};

_Unwind_Reason_Code add_frame(_Unwind_Context* frame, void* data) {
    auto& unwinding = *static_cast<Unwinding*>(data);
    int before_instruction = 0;
    const _Unwind_Ptr address = _Unwind_GetIPInfo(frame, &before_instruction);
    if (address == 0 || unwinding.depth == unwinding.room) {
        return _URC_END_OF_STACK;
    }
    if (unwinding.begin != nullptr) {
        if (to_address(address) != unwinding.begin) {
            return _URC_NO_REASON;
        }
        unwinding.begin = nullptr;
    }
    // A return address can belong to the line after the call.
    unwinding.addresses[unwinding.depth++] = to_address(before_instruction != 0 ? address : address - 1);
    return _URC_NO_REASON;
}

std::size_t unwind(const void* begin, const void** addresses, std::size_t room) noexcept {
    Unwinding unwinding{begin, addresses, room, 0};
    _Unwind_Backtrace(&add_frame, &unwinding);
    return unwinding.depth;
}

int unused_signal() {
    // From the top: what uses real-time signals by number starts at the bottom, as glibc does.
    for (int signal = SIGRTMAX - 1; signal > SIGRTMIN; --signal) {
        struct sigaction existing{};
        if (sigaction(signal, nullptr, &existing) == 0 && (existing.sa_flags & SA_SIGINFO) == 0 &&
            existing.sa_handler == SIG_DFL) {
            return signal;
        }
    }
    throw Error(
        "Every real-time signal has a handler already, so that none is left to see what a stalled loop does; "
        "watch without backtraces.");
}

}  // namespace

LoopWatch::LoopWatch(Loop& loop) : loop_(loop), thread_(pthread_self()), thread_id_(gettid()) {}

void LoopWatch::prepare_snapshots() {
    static std::once_flag once;
    std::call_once(once, [] {
        std::array<const void*, 4> warm_up{};
        unwind(nullptr, warm_up.data(), warm_up.size());
        const int signal = unused_signal();
        struct sigaction action{};
        action.sa_sigaction = &LoopWatch::answer_signal;
        action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
        sigaction(signal, &action, nullptr);
        snapshot_signal = signal;
    });
}

void LoopWatch::answer_signal(int, siginfo_t* info, void* context) {
    const int error = errno;
    watchdog_signals = watchdog_signals + 1;
    // Only of a watch of this very thread: the address alone could be that of one long gone.
    LoopWatch* const watch = watch_of_this_thread.load(std::memory_order_relaxed);
    if (watch != nullptr && info->si_code == SI_QUEUE && info->si_value.sival_ptr == watch) {
        watch->answer(interrupted_address(context));
    }
    errno = error;
}

void LoopWatch::answer(const void* interrupted_at) noexcept {
    Request expected = Request::asked;
    if (!request_.compare_exchange_strong(expected, Request::answering)) {
        return;  // too late, and nobody waits any more
    }
    in_task_ = current_task != nullptr;
    if (in_task_) {
        task_ = current_task->info();
    }
    depth_ = unwind(interrupted_at, addresses_.data(), addresses_.size());
    if (depth_ == 0) {
        depth_ = unwind(nullptr, addresses_.data(), addresses_.size());
    }
    request_ = Request::answered;
}

StepSnapshot LoopWatch::snapshot() {
    const int signal = snapshot_signal;
    if (!signals_arrive_at_once || signal == 0) {
        return {};
    }
    request_ = Request::asked;
    if (pthread_sigqueue(thread_, signal, sigval{.sival_ptr = this}) != 0) {
        request_ = Request::none;
        return {};
    }
    const TimePoint end = Clock::now() + patience;
    while (request_ != Request::answered) {
        Request expected = Request::asked;
        if (Clock::now() > end && request_.compare_exchange_strong(expected, Request::none)) {
            return {};
        }
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    request_ = Request::none;
    StepSnapshot snapshot;
    if (in_task_) {
        snapshot.task = task_;
    }
    snapshot.code_addresses.assign(addresses_.begin(),
                                   addresses_.begin() + static_cast<std::ptrdiff_t>(depth_));
    return snapshot;
}

LoopWatch* LoopWatch::install(LoopWatch* watch) noexcept {
    return watch_of_this_thread.exchange(watch);
}

}  // namespace asyncbench::detail
