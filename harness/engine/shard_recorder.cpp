#include "harness/engine/shard_recorder.hpp"

#include <ctime>
#include <limits>
#include <utility>

namespace asyncbench {
namespace {

Nanoseconds thread_cpu_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + Nanoseconds{time.tv_nsec};
}

void count_error(ErrorCounts& errors, ErrorClass error) {
    ++(errors.*counter_of(error));
    ++errors.unforeseen;
}

}  // namespace

ShardRecorder::ShardRecorder(const Options& options)
    : thread_(options.thread),
      open_loop_(options.open_loop),
      seconds_(options.seconds),
      second_(std::make_unique<SecondOfThread>()) {
    for (Histogram* histogram :
         {&measurement_.service_time_ns, &measurement_.response_time_ns, &measurement_.overhead_ns,
          &measurement_.first_byte_ns, &measurement_.pick_up_ns, &measurement_.connect_ns,
          &measurement_.tls_ns, &measurement_.send_lateness_ns}) {
        histogram->reserve(std::numeric_limits<std::int64_t>::max());
    }
    if (options.requests < 2 || options.requests > most_requests_apart) return;
    measurement_.each_request.resize(options.requests);
    for (RequestMeasurement& each : measurement_.each_request)
        each.service_time_ns.reserve(std::numeric_limits<std::int64_t>::max());
}

void ShardRecorder::connection_opened(Nanoseconds connect, Nanoseconds tls) {
    ++measurement_.connections_opened;
    measurement_.connect_ns.record(connect.count());
    if (tls.count() > 0) measurement_.tls_ns.record(tls.count());
}

void ShardRecorder::started(const RequestTimes& request) {
    if (!request.measured) return;
    ++measurement_.sent;
    if (measures()) ++second_->sent;
}

void ShardRecorder::received(std::size_t bytes) {
    if (!measures()) return;
    measurement_.received_bytes += bytes;
    second_->received_bytes += bytes;
}

void ShardRecorder::answered(const RequestTimes& request, const ResponseSummary& response,
                             const Arrival& arrival, const Judgement& judgement, bool in_time) {
    const TimePoint picked_up = steady_now();
    count_answer(request, response, arrival.time, judgement, in_time);
    if (!request.measured || !arrival.stamped) return;
    ++measurement_.stamped;
    measurement_.pick_up_ns.record((picked_up - arrival.time).count());
}

void ShardRecorder::count_answer(const RequestTimes& request, const ResponseSummary& response, TimePoint when,
                                 const Judgement& judgement, bool in_time) {
    const std::int64_t response_ns = (when - start_of(request)).count();
    const bool is_right = judgement.is_right();
    const ErrorClass wrong = judgement.status_holds ? ErrorClass::content : ErrorClass::status;
    if (in_time) {
        ++measurement_.answered_in_time;
        ++second_->answered;
        if (!is_right) count_error(second_->errors, wrong);
        second_->response_time_ns.record(response_ns);
    }
    if (!request.measured) return;
    ++measurement_.answered;
    measurement_.body_bytes += response.body_bytes;
    const Nanoseconds service = when - request.began;
    measurement_.service_time_ns.record(service.count());
    measurement_.response_time_ns.record(response_ns);
    measurement_.first_byte_ns.record((request.first_byte - request.began).count());
    if (response.held && is_right) measurement_.overhead_ns.record((service - *response.held).count());
    if (open_loop_ && request.punctual)
        measurement_.send_lateness_ns.record((request.began - request.intended).count());
    if (open_loop_ && !request.punctual) ++measurement_.sent_late;
    if (!measurement_.each_request.empty()) {
        RequestMeasurement& own = measurement_.each_request[request.number];
        ++own.answered;
        own.service_time_ns.record(service.count());
        if (!is_right) ++own.errors;
    }
    endings_.count_status(response.status, {});
    if (is_right) return;
    count_error(measurement_.errors, wrong);
    if (wrong == ErrorClass::content) endings_.count_reason(wrong, judgement.problem);
}

void ShardRecorder::stream_ended(const RequestTimes& request, const ResponseSummary& response,
                                 const Arrival& last, const Judgement& judgement, bool in_time) {
    count_answer(request, response, last.time, judgement, in_time);
    if (request.measured && last.stamped) ++measurement_.stamped;
}

void ShardRecorder::stream_began(const RequestTimes& request) {
    if (!request.measured) return;
    if (measurement_.streams++ > 0) return;
    // Most loads have no streams, and need no memory for them.
    measurement_.first_event_ns.reserve(std::numeric_limits<std::int64_t>::max());
    measurement_.event_gap_ns.reserve(std::numeric_limits<std::int64_t>::max());
}

void ShardRecorder::events_came(const RequestTimes& request, std::uint32_t events,
                                std::optional<TimePoint> before, TimePoint now) {
    if (!request.measured) return;
    measurement_.events += events;
    if (before) {
        measurement_.event_gap_ns.record((now - *before).count());
    } else {
        measurement_.first_event_ns.record((now - request.began).count());
    }
    // Those that came with it.
    if (events > 1) measurement_.event_gap_ns.record(0, events - 1);
}

void ShardRecorder::failed(const RequestTimes& request, ErrorClass error, std::string_view words,
                           TimePoint now) {
    const bool is_timeout = error == ErrorClass::timeout;
    const std::int64_t response_ns = (now - start_of(request)).count();
    if (measures()) {
        count_error(second_->errors, error);
        if (is_timeout) second_->response_time_ns.record(response_ns);
    }
    if (!request.measured) return;
    if (is_timeout) {
        measurement_.service_time_ns.record((now - request.began).count());
        measurement_.response_time_ns.record(response_ns);
    }
    if (!measurement_.each_request.empty()) {
        RequestMeasurement& own = measurement_.each_request[request.number];
        ++own.errors;
        if (is_timeout) own.service_time_ns.record((now - request.began).count());
    }
    if (open_loop_ && !request.punctual) ++measurement_.sent_late;
    endings_.count_reason(error, words);
    count_error(measurement_.errors, error);
}

void ShardRecorder::unfinished(const RequestTimes& request) {
    if (request.measured) ++measurement_.unfinished;
}

void ShardRecorder::measured_time_begins(TimePoint now) {
    began_ = now;
    end_of_second_ = now + std::chrono::seconds{1};
    cpu_began_ = thread_cpu_time();
    measurement_.wakeups = 0;
}

void ShardRecorder::second_ends(TimePoint now) {
    hand_over_second();
    // A thread that was stopped for seconds has nothing to tell of those.
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - began_);
    second_->second = static_cast<std::uint32_t>(passed.count());
    end_of_second_ = began_ + passed + std::chrono::seconds{1};
}

void ShardRecorder::hand_over_second() {
    second_ = seconds_->hand_over(thread_, std::move(second_));
}

void ShardRecorder::measured_time_ends(TimePoint now) {
    measurement_.elapsed = now - began_;
    measurement_.cpu = thread_cpu_time() - cpu_began_;
    measurement_.busiest_thread =
        static_cast<double>(measurement_.cpu.count()) / static_cast<double>(measurement_.elapsed.count());
    end_of_second_ = TimePoint::max();
}

LoadMeasurement ShardRecorder::finish() {
    // Not before: what came in the measured time may have been picked up after it.
    if (measurement_.elapsed.count() > 0) hand_over_second();
    LoadMeasurement result = std::move(measurement_);
    result.endings = endings_.endings();
    return result;
}

}  // namespace asyncbench
