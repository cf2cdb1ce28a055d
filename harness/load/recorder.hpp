#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "harness/http/response.hpp"
#include "harness/load/plan.hpp"
#include "harness/measure/concurrent_histogram.hpp"
#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// One request between begin() and end().
struct Exchange {
    std::uint64_t id = 0;
    TimePoint intended_start;
    TimePoint sent;
    bool early = false;
};

}  // namespace asyncbench
