// What the recorder adds to each request of a trial: begin() and end() with their two looks at the clock, the
// counting, and the check of the response; beside it the clock alone and the nominal work of --compute.
#include "harness/load/recorder.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "benches/micro/allocation_counter.hpp"
#include "harness/work/compute.hpp"
#include "harness/work/reply.hpp"

namespace asyncbench {
namespace {

constexpr std::uint64_t seed = 1;

std::vector<Response> right_responses(const Profile& profile) {
    std::vector<Response> responses(1024);
    for (std::size_t id = 0; id < responses.size(); ++id) {
        responses[id].status = 200;
        responses[id].body = body_for(seed, id, profile.payload_bytes);
    }
    return responses;
}

void recorder_begin_and_end(benchmark::State& state, const char* latency) {
    Profile profile;
    profile.delay = DelaySpec::parse(latency);
    const auto responses = right_responses(profile);
    Recorder recorder({profile, seed, true});
    Ticket ticket;
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        ticket.id = (ticket.id + 1) % responses.size();
        const auto exchange = recorder.begin(ticket);
        recorder.end(exchange, responses[ticket.id]);
    }
}
BENCHMARK_CAPTURE(recorder_begin_and_end, constant_delay, "20ms");
BENCHMARK_CAPTURE(recorder_begin_and_end, lognormal_delay, "lognormal:20ms,80ms");

void two_looks_at_the_clock(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(Clock::now());
        benchmark::DoNotOptimize(Clock::now());
    }
}
BENCHMARK(two_looks_at_the_clock);

void compute_of_nominally_100us(benchmark::State& state) {
    for (auto _ : state) compute(std::chrono::microseconds{100});
}
BENCHMARK(compute_of_nominally_100us);

}  // namespace
}  // namespace asyncbench
