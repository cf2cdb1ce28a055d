#include "harness/engine/load_measurement.hpp"

#include <algorithm>

namespace asyncbench {

RequestMeasurement& RequestMeasurement::operator+=(const RequestMeasurement& other) {
    answered += other.answered;
    errors += other.errors;
    service_time_ns += other.service_time_ns;
    return *this;
}

LoadMeasurement& LoadMeasurement::operator+=(const LoadMeasurement& other) {
    sent += other.sent;
    answered += other.answered;
    answered_in_time += other.answered_in_time;
    unfinished += other.unfinished;
    not_sent += other.not_sent;
    sent_late += other.sent_late;
    body_bytes += other.body_bytes;
    received_bytes += other.received_bytes;
    errors += other.errors;
    endings += other.endings;
    connections_opened += other.connections_opened;
    connections_at_start += other.connections_at_start;
    stamped += other.stamped;
    wakeups += other.wakeups;
    service_time_ns += other.service_time_ns;
    response_time_ns += other.response_time_ns;
    overhead_ns += other.overhead_ns;
    first_byte_ns += other.first_byte_ns;
    streams += other.streams;
    events += other.events;
    first_event_ns += other.first_event_ns;
    event_gap_ns += other.event_gap_ns;
    pick_up_ns += other.pick_up_ns;
    connect_ns += other.connect_ns;
    tls_ns += other.tls_ns;
    send_lateness_ns += other.send_lateness_ns;
    each_request.resize(std::max(each_request.size(), other.each_request.size()));
    for (std::size_t i = 0; i < other.each_request.size(); ++i) each_request[i] += other.each_request[i];
    elapsed = std::max(elapsed, other.elapsed);
    cpu += other.cpu;
    busiest_thread = std::max(busiest_thread, other.busiest_thread);
    return *this;
}

}  // namespace asyncbench
