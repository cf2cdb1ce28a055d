#pragma once

#include <cstdint>

#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// The throughput that no implementation can exceed on these very requests, in requests a second, with a
/// client and a network that cost nothing. Closed loop: Little's law, concurrency over the mean time of the
/// requests [0, done). Batch and open loop: the requests given in order to `concurrency` users, each as soon
/// as it may start and a user is free. Stalled requests take the timeout. 0 where `done` is 0; infinite where
/// no request takes any time.
double ideal_rps(const TrialSpec& spec, std::uint64_t done);

}  // namespace asyncbench
