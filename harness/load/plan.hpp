#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/load/plan_spec.hpp"
#include "harness/measure/clock.hpp"

namespace asyncbench {

/// The right to send one request.
struct Ticket {
    std::uint64_t id = 0;
    std::string url;
    TimePoint intended_start;  ///< wait until then before sending; response time counts from here
    bool early = false;        ///< open loop: taken before its intended start, with time to be punctual
    bool late = false;         ///< open loop: taken over a millisecond after it, because no user was free
};

/// Hands out the requests of one trial, in order, each once. Thread-safe.
///
/// Every strategy does every plan in the same way: `concurrency()` users, each of which takes a ticket, waits
/// until its intended start, sends the request, and comes back when it is answered. In a batch the intended
/// start is the plan's start, in a closed loop the moment of taking, in an open loop the time the schedule
/// gives: a user that comes late to an open loop's ticket sends at once, and the lateness counts into the
/// response time.
class Plan {
  public:
    /// `prefix` is what stands before the id in each URL; without `numbered` it is the whole URL. `pause` is
    /// what each user of a closed loop waits before it sends, as a slower strategy would.
    Plan(const PlanSpec& spec, std::uint64_t seed, std::string prefix, bool numbered, Nanoseconds pause = {});

    /// The plan's clock starts now. Called by the harness, just before Strategy::run.
    void start();

    /// The next request, or nothing when the plan is done.
    std::optional<Ticket> next();

    std::uint32_t concurrency() const { return spec_.concurrency; }
    const PlanSpec& spec() const { return spec_; }
    TimePoint started() const { return started_; }
    std::uint64_t handed_out() const;

  private:
    PlanSpec spec_;
    std::string prefix_;
    bool numbered_;
    Nanoseconds pause_;
    std::vector<Nanoseconds> schedule_;  ///< of an open loop
    TimePoint started_;
    std::atomic<std::uint64_t> next_id_{0};
};

}  // namespace asyncbench
