#include "harness/load/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "harness/work/compute.hpp"
#include "harness/work/reply.hpp"

namespace asyncbench {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

void raise_to(std::atomic<std::int64_t>& highest, std::int64_t value) {
    std::int64_t seen = highest.load(relaxed);
    while (seen < value && !highest.compare_exchange_weak(seen, value, relaxed)) {
    }
}

/// How a request ends that meets the fault. The same request may fail in another way as well - the
/// connection for a request that is to stall may be refused - and that nobody asked for.
TransportError foreseen_error(Fault fault) {
    switch (fault) {
        case Fault::close:
        case Fault::truncate:
            return TransportError::closed;
        case Fault::stall:
            return TransportError::timeout;
        case Fault::none:
        case Fault::dribble:
            break;
    }
    return TransportError::none;
}

}  // namespace

Recorder::Recorder(const Expectation& expectation) : expectation_(expectation) {
    if (expectation.open) punctual_response_ns_.emplace();
}

Recorder::Exchange Recorder::begin(const Ticket& ticket) {
    raise_to(peak_in_flight_, in_flight_.fetch_add(1, relaxed) + 1);
    return {ticket.id, ticket.intended_start, steady_now(), ticket.early, ticket.late};
}

void Recorder::end(const Exchange& exchange, const Response& response) {
    const TimePoint done = steady_now();
    in_flight_.fetch_sub(1, relaxed);
    raise_to(last_end_ns_, done.time_since_epoch().count());
    if (response.error == TransportError::none || response.error == TransportError::timeout) {
        service_time_ns_.record((done - exchange.sent).count());
        response_time_ns_.record((done - exchange.intended_start).count());
    }
    if (exchange.early) {
        send_lateness_ns_.record((exchange.sent - exchange.intended_start).count());
    } else if (exchange.late) {
        sent_late_.fetch_add(1, relaxed);
    }
    if (response.new_connection) connections_.fetch_add(1, relaxed);
    if (exchange.id < timeline_length) {
        timeline_sent_[exchange.id] = exchange;
        timeline_done_[exchange.id] = done;
    }
    judge(exchange, response, done);
    compute(expectation_.profile.compute);
}

void Recorder::judge(const Exchange& exchange, const Response& response, TimePoint done) {
    if (response.error == TransportError::none) {
        received_.fetch_add(1, relaxed);
        received_sum_.fetch_add(mix64(exchange.id), relaxed);
        received_body_bytes_.fetch_add(response.body_bytes(), relaxed);
        endings_.count_status(response.status, response.message);
    }
    if (!expectation_.verify) {
        if (!response.ok()) return count_error(response, false);
        if (response.held) overhead_ns_.record((done - exchange.sent - *response.held).count());
        return;
    }
    const Reply reply = reply_for(expectation_.profile, expectation_.seed, exchange.id);
    if (response.error != TransportError::none) {
        count_error(response, response.error == foreseen_error(reply.fault));
    } else if (!reply.arrives() || response.status != reply.status ||
               !is_body_for(response.body, expectation_.seed, exchange.id, reply.body_bytes,
                            response.body_skipped)) {
        count_content_error(reply, response);
    } else {
        if (response.status >= 400) count_error(response, true);
        if (!response.held) return;
        if (reply.fault == Fault::none) overhead_ns_.record((done - exchange.sent - *response.held).count());
        if (punctual_response_ns_) {
            const Nanoseconds lateness = *response.held - reply.delay;
            punctual_response_ns_->record((done - exchange.intended_start - lateness).count());
        }
    }
}

void Recorder::count_content_error(const Reply& reply, const Response& response) {
    content_.fetch_add(1, relaxed);
    unforeseen_.fetch_add(1, relaxed);
    const std::string why =
        !reply.arrives() ? "a response where none was to come"
        : response.status != reply.status
            ? fmt::format("status {} in place of {}", response.status, reply.status)
        : response.body.size() != reply.body_bytes
            ? fmt::format("{} bytes in place of {}", response.body.size(), reply.body_bytes)
            : "a body without the request's content tag";
    endings_.count_reason(ErrorClass::content, why);
}

void Recorder::count_error(const Response& response, bool foreseen) {
    Counter* counter = &other_;
    ErrorClass error = ErrorClass::other;
    switch (response.error) {
        case TransportError::none:
            counter = &status_;
            error = ErrorClass::status;
            break;
        case TransportError::connect:
            counter = &connect_;
            error = ErrorClass::connect;
            break;
        case TransportError::timeout:
            counter = &timeout_;
            error = ErrorClass::timeout;
            break;
        case TransportError::closed:
            counter = &closed_;
            error = ErrorClass::closed;
            break;
        case TransportError::cancelled:
        case TransportError::other:
            break;
    }
    counter->fetch_add(1, relaxed);
    if (error != ErrorClass::status) endings_.count_reason(error, response.message);
    if (!foreseen) unforeseen_.fetch_add(1, relaxed);
}

Measurement Recorder::measurement(TimePoint started) const {
    Measurement result;
    result.received = {received_.load(), received_sum_.load()};
    result.errors = {status_.load(),  connect_.load(), timeout_.load(),   closed_.load(),
                     content_.load(), other_.load(),   unforeseen_.load()};
    result.endings = endings_.endings();
    // Every request ended with a whole response or with an error of the transport.
    const ErrorCounts& errors = result.errors;
    result.requests = result.received.count + errors.connect + errors.timeout + errors.closed + errors.other;
    result.received_body_bytes = received_body_bytes_.load();
    result.peak_in_flight = static_cast<std::uint64_t>(peak_in_flight_.load());
    result.connections = connections_.load();
    if (result.requests > 0) {
        result.elapsed = TimePoint(Nanoseconds{last_end_ns_.load()}) - started;
    }
    result.service_time_ns = service_time_ns_.snapshot();
    result.response_time_ns = response_time_ns_.snapshot();
    result.overhead_ns = overhead_ns_.snapshot();
    if (punctual_response_ns_) result.punctual_response_ns = punctual_response_ns_->snapshot();
    result.send_lateness_ns = send_lateness_ns_.snapshot();
    result.sent_late = sent_late_.load();
    for (std::size_t i = 0; i < timeline_length; ++i) {
        if (timeline_done_[i] == TimePoint{}) continue;
        const Exchange& exchange = timeline_sent_[i];
        result.timeline.push_back({exchange.id, exchange.intended_start - started, exchange.sent - started,
                                   timeline_done_[i] - started});
    }
    return result;
}

}  // namespace asyncbench
