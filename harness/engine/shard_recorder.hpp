#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "async/clock.hpp"
#include "harness/engine/judgement.hpp"
#include "harness/engine/load_measurement.hpp"
#include "harness/engine/response_summary.hpp"
#include "harness/engine/seconds.hpp"
#include "harness/load/failures.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench {

/// When things happened to one request.
struct RequestTimes {
    TimePoint intended;        ///< of an open loop
    TimePoint began;           ///< the send, or before it the opening of a connection for this request alone
    TimePoint first_byte;      ///< of the response; 0 until it came
    bool measured = false;     ///< starts in the measured time
    bool punctual = false;     ///< of an open loop: a connection was free when it was due
    std::uint32_t number = 0;  ///< which of the load's requests it is
};

/// What one thread records. Nothing is allocated while it measures.
class ShardRecorder {
  public:
    struct Options {
        std::uint32_t thread = 0;
        bool open_loop = false;
        std::size_t requests = 1;  ///< how many different ones the load sends
        Seconds* seconds;          ///< lives longer
    };
    explicit ShardRecorder(const Options& options);

    /// `tls` is the handshake, 0 without one.
    void connection_opened(Nanoseconds connect, Nanoseconds tls);
    void connections_at_start(std::uint64_t count) { measurement_.connections_at_start = count; }
    void started(const RequestTimes& request);
    void received(std::size_t bytes);
    /// Of a whole response. `in_time`: it came within the measured time.
    void answered(const RequestTimes& request, const ResponseSummary& response, const Arrival& arrival,
                  const Judgement& judgement, bool in_time);
    /// Of a stream that we ended: it counts as answered with its last event, at `last`.
    void stream_ended(const RequestTimes& request, const ResponseSummary& response, const Arrival& last,
                      const Judgement& judgement, bool in_time);
    void stream_began(const RequestTimes& request);
    /// Of a stream. `before`: the event before, none for the first.
    void events_came(const RequestTimes& request, std::uint32_t events, std::optional<TimePoint> before,
                     TimePoint now);
    /// Of a request that has no whole response. `words` say what was the matter.
    void failed(const RequestTimes& request, ErrorClass error, std::string_view words, TimePoint now);
    void woke_up() { ++measurement_.wakeups; }
    void not_sent(std::uint64_t requests) { measurement_.not_sent += requests; }
    void unfinished(const RequestTimes& request);

    /// The measured time begins; CPU time of the calling thread counts from here.
    void measured_time_begins(TimePoint now);
    void second_ends(TimePoint now);
    /// When the present second ends; TimePoint::max() outside the measured time.
    TimePoint end_of_second() const { return end_of_second_; }
    void measured_time_ends(TimePoint now);

    /// So far, without how requests ended.
    const LoadMeasurement& so_far() const { return measurement_; }
    /// All of it. Nothing is recorded after this.
    LoadMeasurement finish();

  private:
    void count_answer(const RequestTimes& request, const ResponseSummary& response, TimePoint when,
                      const Judgement& judgement, bool in_time);
    bool measures() const { return end_of_second_ != TimePoint::max(); }
    void hand_over_second();
    TimePoint start_of(const RequestTimes& request) const {
        return open_loop_ ? request.intended : request.began;
    }

    LoadMeasurement measurement_;
    EndingCounter endings_;
    std::uint32_t thread_;
    bool open_loop_;
    Seconds* seconds_;
    std::unique_ptr<SecondOfThread> second_;
    TimePoint end_of_second_ = TimePoint::max();
    TimePoint began_;
    Nanoseconds cpu_began_{0};
};

}  // namespace asyncbench
