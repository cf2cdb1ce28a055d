#include "harness/engine/shard_recorder.hpp"

#include <fmt/format.h>

#include <ctime>
#include <string>

namespace asyncbench {
namespace {

/// Different words of failures that are kept; a server that gives each failure its own could fill the memory.
constexpr std::size_t most_failures = 64;

Nanoseconds thread_cpu_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + Nanoseconds{time.tv_nsec};
}

std::uint64_t ErrorCounts::* counter_of(FailureKind kind) {
    switch (kind) {
        case FailureKind::connect:
            return &ErrorCounts::connect;
        case FailureKind::timeout:
            return &ErrorCounts::timeout;
        case FailureKind::closed:
            return &ErrorCounts::closed;
        case FailureKind::content:
            return &ErrorCounts::content;
        case FailureKind::other:
            break;
    }
    return &ErrorCounts::other;
}

}  // namespace

ShardRecorder::ShardRecorder(bool open_loop) : open_loop_(open_loop) {
    constexpr std::int64_t longest = std::int64_t{1} << 42;
    for (Histogram* histogram :
         {&measurement_.service_time_ns, &measurement_.response_time_ns, &measurement_.first_byte_ns,
          &measurement_.pick_up_ns, &measurement_.connect_ns, &measurement_.send_lateness_ns}) {
        histogram->reserve(longest);
    }
}

void ShardRecorder::connection_opened(Nanoseconds took) {
    ++measurement_.connections_opened;
    measurement_.connect_ns.record(took.count());
}

void ShardRecorder::started(const RequestTimes& request) {
    if (request.measured) ++measurement_.sent;
}

void ShardRecorder::answered(const RequestTimes& request, const ResponseSummary& response,
                             const Arrival& arrival, bool in_time) {
    if (in_time) ++measurement_.answered_in_time;
    if (!request.measured) return;
    ++measurement_.answered;
    ++measurement_.statuses[response.status];
    measurement_.body_bytes += response.body_bytes;
    measurement_.service_time_ns.record((arrival.time - request.began).count());
    measurement_.response_time_ns.record((arrival.time - request.intended).count());
    measurement_.first_byte_ns.record((request.first_byte - request.began).count());
    if (arrival.stamped) {
        ++measurement_.stamped;
        measurement_.pick_up_ns.record((steady_now() - arrival.time).count());
    }
    if (response.status >= 400) fail(fmt::format("status {}", response.status), &ErrorCounts::status);
}

void ShardRecorder::sent_after_wait(const RequestTimes& request) {
    if (!request.measured || !open_loop_) return;
    if (request.punctual) {
        measurement_.send_lateness_ns.record((request.began - request.intended).count());
    } else {
        ++measurement_.sent_late;
    }
}

void ShardRecorder::failed(const RequestTimes& request, FailureKind kind, std::string_view words,
                           TimePoint now) {
    if (!request.measured) return;
    if (kind == FailureKind::timeout) {
        measurement_.service_time_ns.record((now - request.began).count());
        measurement_.response_time_ns.record((now - request.intended).count());
    }
    fail(words, counter_of(kind));
}

void ShardRecorder::fail(std::string_view words, std::uint64_t ErrorCounts::* kind) {
    ++(measurement_.errors.*kind);
    ++measurement_.errors.unforeseen;
    const auto found = measurement_.failures.find(std::string(words));
    if (found != measurement_.failures.end()) {
        ++found->second;
    } else if (measurement_.failures.size() < most_failures) {
        measurement_.failures.emplace(words, 1);
    }
}

void ShardRecorder::measured_time_begins(TimePoint now) {
    began_ = now;
    cpu_began_ = thread_cpu_time();
    measurement_.wakeups = 0;
    measurement_.received_bytes = 0;
}

void ShardRecorder::measured_time_ends(TimePoint now) {
    measurement_.elapsed = now - began_;
    measurement_.cpu = thread_cpu_time() - cpu_began_;
    measurement_.busiest_thread =
        static_cast<double>(measurement_.cpu.count()) / static_cast<double>(measurement_.elapsed.count());
}

}  // namespace asyncbench
