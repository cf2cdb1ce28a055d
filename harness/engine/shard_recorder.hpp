#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "async/clock.hpp"
#include "harness/engine/load_measurement.hpp"
#include "harness/engine/response_summary.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench {

/// When things happened to one request.
struct RequestTimes {
    TimePoint intended;
    TimePoint began;       ///< the send, or before it the opening of a connection for this request alone
    TimePoint first_byte;  ///< of the response; 0 until it came
    bool measured = false; ///< starts in the measured time
    bool punctual = false; ///< of an open loop: a connection was free when it was due
};

enum class FailureKind { connect, timeout, closed, content, other };

/// What one thread records. Nothing is allocated while it measures, but for words of failures that did not come
/// before.
class ShardRecorder {
  public:
    explicit ShardRecorder(bool open_loop);

    void connection_opened(Nanoseconds took);
    void started(const RequestTimes& request);
    void sent_after_wait(const RequestTimes& request);
    void received(std::size_t bytes) { measurement_.received_bytes += bytes; }
    /// Of a whole response. `in_time`: it came within the measured time.
    void answered(const RequestTimes& request, const ResponseSummary& response, const Arrival& arrival,
                  bool in_time);
    /// Of a request that has no whole response. `words` say what was the matter.
    void failed(const RequestTimes& request, FailureKind kind, std::string_view words, TimePoint now);
    void woke_up() { ++measurement_.wakeups; }
    void not_sent(std::uint64_t requests) { measurement_.not_sent += requests; }

    /// CPU time of the calling thread counts from here.
    void measured_time_begins(TimePoint now);
    /// And to here.
    void measured_time_ends(TimePoint now);

    const LoadMeasurement& so_far() const { return measurement_; }

  private:
    void fail(std::string_view words, std::uint64_t ErrorCounts::* kind);

    LoadMeasurement measurement_;
    bool open_loop_;
    TimePoint began_;
    Nanoseconds cpu_began_{0};
};

}  // namespace asyncbench
