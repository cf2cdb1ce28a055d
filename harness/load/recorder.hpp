#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "async/concurrent_histogram.hpp"
#include "harness/load/failures.hpp"
#include "harness/load/measurement.hpp"
#include "harness/load/plan.hpp"
#include "harness/work/profile.hpp"
#include "harness/work/reply.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// What the responses of a trial must be.
struct Expectation {
    Profile profile;
    std::uint64_t seed = 1;
    bool verify = true;  ///< false against a foreign target: any status below 400 is right
    bool open = false;   ///< of an open loop, whose response times the target's lateness is in
};

/// Records each exchange of a trial: times, errors, identity of the work. Thread-safe, constant memory;
/// nothing is allocated between construction and measurement() but where a response is not as it should be.
///
/// Service time runs from the actual send to the moment the caller has the response in hand, response time
/// from the intended start. Both count whole responses and timeouts; other failures have no meaningful
/// duration and are counted by class.
///
/// Overhead is the service time less the time that the target held the request, of each right response that
/// tells it; not of a dribbled one, which the target goes on to hold after its first byte. Punctual response
/// time, of an open loop alone, is the response time less what the target held the request for longer than it
/// was to. Neither is below 0.
class Recorder {
  public:
    /// One request between begin() and end().
    struct Exchange {
        std::uint64_t id = 0;
        TimePoint intended_start;
        TimePoint sent;
        bool early = false;
        bool late = false;
    };

    explicit Recorder(const Expectation& expectation);

    /// Call just before the request is sent.
    Exchange begin(const Ticket& ticket);

    /// Call as soon as the response is in hand: stamps the time, checks the response and then burns the CPU
    /// time that the profile asks for each response, on the calling thread.
    void end(const Exchange& exchange, const Response& response);

    /// All that was recorded. `started` is the plan's start.
    Measurement measurement(TimePoint started) const;

  private:
    using Counter = std::atomic<std::uint64_t>;
    static constexpr std::size_t timeline_length = 64;

    void count_error(const Response& response, bool foreseen);
    void judge(const Exchange& exchange, const Response& response, TimePoint done);
    void count_content_error(const Reply& reply, const Response& response);

    Expectation expectation_;
    ConcurrentHistogram service_time_ns_;
    ConcurrentHistogram response_time_ns_;
    ConcurrentHistogram send_lateness_ns_;
    ConcurrentHistogram overhead_ns_;
    std::optional<ConcurrentHistogram> punctual_response_ns_;  ///< a closed loop has no use for its memory
    std::array<Exchange, timeline_length> timeline_sent_{};
    std::array<TimePoint, timeline_length> timeline_done_{};
    std::atomic<std::int64_t> last_end_ns_{0};
    std::atomic<std::int64_t> in_flight_{0};
    std::atomic<std::int64_t> peak_in_flight_{0};
    Counter received_{0};
    Counter received_sum_{0};
    Counter received_body_bytes_{0};
    Counter connections_{0};
    Counter sent_late_{0};
    Counter status_{0};
    Counter connect_{0};
    Counter timeout_{0};
    Counter closed_{0};
    Counter content_{0};
    Counter other_{0};
    Counter unforeseen_{0};
    EndingCounter endings_;
};

}  // namespace asyncbench
