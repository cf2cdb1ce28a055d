#include "async/detect/blocking_calls.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "async/detect/blocking_call.hpp"
#include "async/detect/task_faults.hpp"
#include "async/loop.hpp"
#include "async/promise.hpp"

namespace asyncbench {

namespace {

struct Settings {
    BlockingCallOptions options;
    bool live = true;
};

// Kept to the end of the program: a call on another thread may still read those that were replaced.
std::mutex settings_mutex;
std::vector<std::unique_ptr<Settings>>& all_settings() {
    static auto* const settings = new std::vector<std::unique_ptr<Settings>>;
    return *settings;
}
std::atomic<const Settings*> current_settings = nullptr;

// With settings_mutex: the innermost that lives counts.
void choose_settings() {
    const auto& all = all_settings();
    const auto innermost = std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return one->live; });
    current_settings = innermost == all.rend() ? nullptr : innermost->get();
    const Settings* const chosen = current_settings;
    detail::blocking_calls_detected =
        chosen != nullptr && chosen->options.mode != BlockingCallOptions::Mode::off;
}

bool names(const std::vector<std::string>& list, const char* function) {
    return std::find(list.begin(), list.end(), function) != list.end();
}

struct Advice {
    std::string_view functions;  // each between two blanks
    std::string_view text;
};

constexpr std::array advice{
    Advice{" sleep usleep nanosleep clock_nanosleep ", "co_await sleep_for() instead"},
    Advice{" getaddrinfo gethostbyname ",
           "resolve names off the loop with sync_to_async(), or give the address"},
    Advice{" curl_easy_perform ",
           "co_await AsyncSession::get() instead, or run it off the loop with sync_to_async()"},
    Advice{" pthread_cond_wait pthread_cond_timedwait pthread_cond_clockwait futex sem_wait sem_timedwait "
           "pthread_join ",
           "let the other thread post its result to the loop, as sync_to_async() does, and await that"},
    Advice{" pthread_mutex_lock pthread_mutex_timedlock pthread_mutex_clocklock pthread_rwlock_rdlock "
           "pthread_rwlock_wrlock flock ",
           "hold the lock for less time elsewhere, or take it off the loop with sync_to_async()"},
    Advice{" fsync fdatasync pread pwrite waitpid system ", "run it off the loop with sync_to_async()"},
};

std::string_view advice_for(const char* function) {
    const std::string word = fmt::format(" {} ", function);
    for (const Advice& one : advice) {
        if (one.functions.find(word) != std::string_view::npos) {
            return one.text;
        }
    }
    return "use the asynchronous session or a descriptor that the loop watches, or run the library that "
           "calls "
           "it off the loop with sync_to_async()";
}

Finding finding_of(const char* function) {
    Finding finding;
    if (detail::current_task != nullptr) {
        finding = detail::finding_about(Finding::Kind::blocking_call, detail::current_task->info());
    }
    finding.kind = Finding::Kind::blocking_call;
    finding.function = function;
    return finding;
}

std::string message_of(const char* function, std::string_view how) {
    return fmt::format(
        "{}() {}{}; {}.", function, how,
        detail::current_task == nullptr ? "" : " in " + detail::describe(detail::current_task->info()),
        advice_for(function));
}

// Code of C libraries is not made to be left by exceptions.
bool is_in_the_program(const void* address) {
    Dl_info there{};
    Dl_info here{};
    return dladdr(address, &there) != 0 &&
           dladdr(reinterpret_cast<const void*>(&blocking_calls_are_detectable), &here) != 0 &&
           there.dli_fbase == here.dli_fbase;
}

}  // namespace

DetectBlockingCalls::DetectBlockingCalls(BlockingCallOptions options) {
    const std::lock_guard lock(settings_mutex);
    auto settings = std::make_unique<Settings>();
    settings->options = std::move(options);
    settings_ = settings.get();
    all_settings().push_back(std::move(settings));
    choose_settings();
}

DetectBlockingCalls::~DetectBlockingCalls() {
    const std::lock_guard lock(settings_mutex);
    for (const auto& settings : all_settings()) {
        settings->live = settings->live && settings.get() != settings_;
    }
    choose_settings();
}

bool blocking_calls_are_detectable() {
    return detail::blocking_calls_linked;
}

AllowBlocking::AllowBlocking() {
    ++detail::blocking_allowed;
}
AllowBlocking::~AllowBlocking() {
    --detail::blocking_allowed;
}

namespace detail {

bool in_step_of_a_loop() noexcept {
    const Loop* const loop = Loop::current();
    return loop != nullptr && blocking_allowed == 0 && loop->in_step();
}

BlockingCall::BlockingCall(const char* function, Wait wait, const void* caller)
    : function_(function), wait_(wait) {
    const AllowBlocking judging;
    const Settings* const settings = current_settings;
    if (settings == nullptr || names(settings->options.allow, function)) {
        wait_ = Wait::no;
    } else {
        if (names(settings->options.deny, function)) {
            wait_ = Wait::certain;
        }
        tolerance_ = settings->options.tolerance;
        if (wait_ == Wait::certain && caller != nullptr &&
            settings->options.mode == BlockingCallOptions::Mode::throw_error && is_in_the_program(caller)) {
            throw BlockingCallError(message_of(function, "would block the loop's thread"), function);
        }
    }
    if (wait_ != Wait::no) {
        begin_ = Clock::now();
    }
    ++blocking_allowed;
}

BlockingCall::~BlockingCall() {
    if (wait_ != Wait::no) {
        const Nanoseconds took = Clock::now() - begin_;
        if (wait_ == Wait::certain || took >= tolerance_) {
            const int error = errno;
            Finding finding = finding_of(function_);
            finding.duration = took;
            finding.message = message_of(function_, fmt::format("blocked the loop's thread for {:.3f} ms",
                                                                static_cast<double>(took.count()) / 1e6));
            Loop::current()->report_later(std::move(finding));
            errno = error;
        }
    }
    --blocking_allowed;
}

}  // namespace detail
}  // namespace asyncbench
