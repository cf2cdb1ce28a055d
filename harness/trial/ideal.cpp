#include "harness/trial/ideal.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "harness/load/arrivals.hpp"
#include "harness/workload/reply.hpp"

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

double mean_time_ns(const TrialSpec& spec, std::uint64_t done) {
    const std::uint64_t count = std::min(done, most_requests_looked_at);
    double sum = 0;
    for (std::uint64_t id = 0; id < count; ++id) sum += time_of(spec, id);
    return sum / static_cast<double>(count);
}

/// When the last of `done` requests ends, if each goes, from its release on, to the user that is free first.
double time_in_order_ns(const TrialSpec& spec, std::uint64_t done, const std::vector<Nanoseconds>& released) {
    std::uint64_t count = std::min(done, most_requests_in_order);
    if (!released.empty()) count = std::min<std::uint64_t>(count, released.size());
    std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
    double last = 0;
    for (std::uint64_t id = 0; id < count; ++id) {
        double start = released.empty() ? 0 : static_cast<double>(released[id].count());
        if (free_at.size() >= spec.plan.concurrency) {
            start = std::max(start, free_at.top());
            free_at.pop();
        }
        const double end = start + time_of(spec, id);
        free_at.push(end);
        last = std::max(last, end);
    }
    return last * static_cast<double>(done) / static_cast<double>(count);
}

double per_second(double count, double time_ns) {
    return time_ns > 0 ? count * 1e9 / time_ns : std::numeric_limits<double>::infinity();
}

}  // namespace

double ideal_rps(const TrialSpec& spec, std::uint64_t done) {
    if (done == 0) return 0;
    const auto requests = static_cast<double>(done);
    switch (spec.plan.kind) {
        case PlanKind::batch:
            return per_second(requests, time_in_order_ns(spec, done, {}));
        case PlanKind::open:
            return per_second(requests, time_in_order_ns(spec, done, arrival_times(spec.plan, spec.seed)));
        case PlanKind::closed:
            break;
    }
    return per_second(spec.plan.concurrency, mean_time_ns(spec, done));
}

}  // namespace asyncbench
