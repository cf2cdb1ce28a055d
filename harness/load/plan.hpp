#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "harness/load/plan_spec.hpp"
#include "harness/work/ticket.hpp"

namespace asyncbench {

/// Hands out the requests of one trial, in order, each once. Thread-safe.
///
/// Every strategy does every plan in the same way: `concurrency()` users, each of which takes a ticket, waits
/// until its intended start, sends the request, and comes back when it is answered. In a batch the intended
/// start is the plan's start, in a closed loop the moment of taking, in an open loop the time the schedule
/// gives: a user that comes late to an open loop's ticket sends at once, and the lateness counts into the
/// response time.
class Plan {
  public:
    /// `trial` is whose requests these are. `pause` is what each user of a closed loop waits before it sends,
    /// as a slower strategy would.
    Plan(const PlanSpec& spec, std::uint64_t seed, std::string trial, Nanoseconds pause = {});
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

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
    std::string trial_;
    Nanoseconds pause_;
    std::vector<Nanoseconds> schedule_;  ///< of an open loop
    TimePoint started_;
    std::atomic<std::uint64_t> next_id_{0};
};

}  // namespace asyncbench
