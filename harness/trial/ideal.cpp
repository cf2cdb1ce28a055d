#include "harness/trial/ideal.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "harness/load/plan_spec.hpp"
#include "harness/work/reply.hpp"

namespace asyncbench {
namespace {

/// More than these change the mean by less than what is measured, and a foreign program may claim any number.
constexpr std::uint64_t most_requests_looked_at = 200'000;
/// What is done in order takes several times as long to look at, and its end weighs more.
constexpr std::uint64_t most_requests_in_order = 1'000'000;

double time_of(const TrialSpec& spec, std::uint64_t id) {
    const Reply reply = reply_for(spec.profile, spec.seed, id);
    Nanoseconds time = reply.delay;
    if (reply.fault == Fault::stall) time = spec.timeout;
    if (reply.fault == Fault::dribble) time += reply.delay;
    return static_cast<double>(std::min(time, spec.timeout).count());
}

/// What `count` requests come to.
struct Work {
    double responses = 0;  ///< of those that get one
    double time_ns = 0;    ///< until the last of them ends
};

/// Little's law, for more requests than can be looked at in order: users that never wait for one another.
Work by_littles_law(const TrialSpec& spec, std::uint64_t count) {
    const std::uint64_t looked_at = std::min(count, most_requests_looked_at);
    Work work;
    for (std::uint64_t id = 0; id < looked_at; ++id) {
        work.time_ns += time_of(spec, id) / spec.plan.concurrency;
        if (reply_for(spec.profile, spec.seed, id).arrives()) ++work.responses;
    }
    return work;
}

/// Each request goes, from its release on, to the user that is free first; none starts after the plan's
/// duration.
Work in_order(const TrialSpec& spec, std::uint64_t count, const std::vector<Nanoseconds>& released) {
    const bool ends_by_time = spec.plan.kind == PlanKind::closed;
    std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
    Work work;
    for (std::uint64_t id = 0; id < count; ++id) {
        double start = released.empty() ? 0 : static_cast<double>(released[id].count());
        if (free_at.size() >= spec.plan.concurrency) {
            start = std::max(start, free_at.top());
            free_at.pop();
        }
        if (ends_by_time && start >= static_cast<double>(spec.plan.duration.count())) return work;
        const double end = start + time_of(spec, id);
        free_at.push(end);
        work.time_ns = std::max(work.time_ns, end);
        if (reply_for(spec.profile, spec.seed, id).arrives()) ++work.responses;
    }
    // A closed loop that is not at its end yet: its rate is the same in the rest, but for the last requests.
    return ends_by_time ? by_littles_law(spec, count) : work;
}

double per_second(double count, double time_ns) {
    return time_ns > 0 ? count * 1e9 / time_ns : std::numeric_limits<double>::infinity();
}

}  // namespace

double ideal_rps(const TrialSpec& spec, std::uint64_t done) {
    if (done == 0) return 0;
    std::uint64_t count = std::min(done, most_requests_in_order);
    std::vector<Nanoseconds> released;
    switch (spec.plan.kind) {
        case PlanKind::batch:
            break;
        case PlanKind::open:
            released = arrival_times(spec.plan, spec.seed);
            count = std::min<std::uint64_t>(count, released.size());
            break;
        case PlanKind::closed:
            if (spec.plan.duration.count() == 0) {
                const Work endless = by_littles_law(spec, done);
                return per_second(endless.responses, endless.time_ns);
            }
            // As many as the ideal client gets done, not as many as the measured one did.
            count = most_requests_in_order;
            break;
    }
    const Work work = in_order(spec, count, released);
    return per_second(work.responses, work.time_ns);
}

}  // namespace asyncbench
