#include "harness/load/plan_spec.hpp"

#include <fmt/format.h>

#include <cmath>

#include "async/errors.hpp"
#include "harness/work/random.hpp"

namespace asyncbench {
namespace {

constexpr double most_arrivals = 50e6;
/// Apart from the streams that reply_for() uses for one request.
constexpr std::uint64_t arrival_stream = 16;

}  // namespace

std::vector<Nanoseconds> arrival_times(const PlanSpec& spec, std::uint64_t seed) {
    const double duration_ns = static_cast<double>(spec.duration.count());
    if (!(spec.rate_rps > 0) || !(duration_ns > 0)) {
        throw UsageError("An open loop needs a rate over 0 (-q) and a duration over 0 (-d).");
    }
    const double expected = spec.rate_rps * duration_ns / 1e9;
    if (expected > most_arrivals) {
        throw UsageError(
            fmt::format("{:.0f} requests are too many for one open loop; at most {:.0f}. Lower -q or -d.",
                        expected, most_arrivals));
    }
    const double gap_ns = 1e9 / spec.rate_rps;
    std::vector<Nanoseconds> times;
    times.reserve(static_cast<std::size_t>(expected * 1.1) + 16);
    double at_ns = 0;
    for (std::uint64_t id = 0;; ++id) {
        // k / rate by one division of an exact product: a rounded gap, added up or multiplied, brings the
        // request of 29 a second that is due at the end into the first second.
        at_ns = spec.arrivals == Arrivals::constant
                    ? static_cast<double>(id) * 1e9 / spec.rate_rps
                    : at_ns - gap_ns * std::log1p(-to_unit(random_bits(seed, id, arrival_stream)));
        if (at_ns >= duration_ns) return times;
        times.emplace_back(std::llround(at_ns));
    }
}

}  // namespace asyncbench
