#include "harness/work/compute.hpp"

#include "harness/work/random.hpp"

namespace asyncbench {

void compute(Nanoseconds duration) {
    const auto rounds = static_cast<std::uint64_t>(duration.count()) * compute_rounds_per_us / 1000;
    std::uint64_t value = rounds;
    for (std::uint64_t i = 0; i < rounds; ++i) value = mix64(value);
    // Keeps the loop from being removed as having no effect.
    asm volatile("" : : "r"(value));
}

}  // namespace asyncbench
