#include "harness/http/poll_session.hpp"

#include <algorithm>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

void require(CURLMcode code) {
    if (code != CURLM_OK)
        throw Error(std::string("libcurl cannot go on: ") + curl_multi_strerror(code) + ".");
}

}  // namespace

void PollSession::at(TimePoint when, std::function<void()> action) {
    timers_.push(Timer{when, timers_made_++, std::move(action)});
}

void PollSession::fire_due_timers() {
    while (!timers_.empty() && timers_.top().when <= Clock::now()) {
        auto action = timers_.top().action;
        timers_.pop();
        action();
    }
}

int PollSession::wait_ms() const {
    constexpr int longest_ms = 1000;
    if (timers_.empty()) return longest_ms;
    // Rounded down, so that a timer is never late by poll's resolution; the last part of a millisecond spins.
    const auto left = std::chrono::floor<std::chrono::milliseconds>(timers_.top().when - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, longest_ms));
}

void PollSession::run() {
    fire_due_timers();
    while (multi_.active() > 0 || !timers_.empty()) {
        int running = 0;
        require(curl_multi_perform(multi_.handle(), &running));
        multi_.complete_finished();
        fire_due_timers();
        // Completions may have started requests that perform() has not seen yet.
        const bool idle = static_cast<std::size_t>(running) == multi_.active();
        if (idle && (running > 0 || !timers_.empty())) {
            require(curl_multi_poll(multi_.handle(), nullptr, 0, wait_ms(), nullptr));
        }
    }
}

}  // namespace asyncbench
