#include "harness/engine/seconds.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace asyncbench {

SecondOfThread::SecondOfThread() {
    response_time_ns.reserve(std::numeric_limits<std::int64_t>::max());
}

void SecondOfThread::clear() {
    sent = answered = received_bytes = 0;
    errors = {};
    response_time_ns.clear();
}

Seconds::Seconds(std::uint32_t threads, std::function<void(const LoadSoFar&)> observer)
    : observer_(std::move(observer)), next_(threads) {}

std::unique_ptr<SecondOfThread> Seconds::hand_over(std::uint32_t thread,
                                                   std::unique_ptr<SecondOfThread> full) {
    std::unique_ptr<SecondOfThread> empty;
    {
        const std::lock_guard lock(mutex_);
        next_[thread] = full->second + 1;
        full_.push_back(std::move(full));
        if (!empty_.empty()) {
            empty = std::move(empty_.back());
            empty_.pop_back();
        }
    }
    changed_.notify_one();
    return empty ? std::move(empty) : std::make_unique<SecondOfThread>();
}

void Seconds::ended(std::uint32_t thread) {
    {
        const std::lock_guard lock(mutex_);
        next_[thread] = all_told;
    }
    changed_.notify_one();
}

void Seconds::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        const std::uint32_t told_until = *std::min_element(next_.begin(), next_.end());
        std::vector<std::unique_ptr<SecondOfThread>> full = std::exchange(full_, {});
        lock.unlock();
        for (const auto& each : full) {
            add(*each);
            each->clear();
        }
        close_until(told_until);
        lock.lock();
        std::move(full.begin(), full.end(), std::back_inserter(empty_));
        if (told_until == all_told) return;
        const bool has_news = !full_.empty() || *std::min_element(next_.begin(), next_.end()) != told_until;
        if (!has_news) changed_.wait(lock);
    }
}

void Seconds::add(const SecondOfThread& part) {
    SecondOfThread& sum = open_[part.second];
    sum.second = part.second;
    sum.sent += part.sent;
    sum.answered += part.answered;
    sum.errors += part.errors;
    sum.received_bytes += part.received_bytes;
    sum.response_time_ns += part.response_time_ns;
}

void Seconds::close_until(std::uint32_t second) {
    while (!open_.empty() && open_.begin()->first < second) {
        const SecondOfThread& sum = open_.begin()->second;
        LoadSecond& made = seconds_.emplace_back();
        made.second = sum.second;
        made.sent = sum.sent;
        made.answered = sum.answered;
        made.errors = sum.errors.total();
        made.received_bytes = sum.received_bytes;
        if (!sum.response_time_ns.empty()) {
            made.p50_ns = sum.response_time_ns.value_at_percentile(50);
            made.p90_ns = sum.response_time_ns.value_at_percentile(90);
            made.p99_ns = sum.response_time_ns.value_at_percentile(99);
            made.max_ns = sum.response_time_ns.max();
        }
        so_far_.second = made;
        so_far_.answered += sum.answered;
        so_far_.errors += sum.errors;
        so_far_.response_time_ns += sum.response_time_ns;
        if (observer_) observer_(so_far_);
        open_.erase(open_.begin());
    }
}

}  // namespace asyncbench
