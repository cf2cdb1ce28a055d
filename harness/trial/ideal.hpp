#pragma once

#include <cstdint>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// The throughput that no implementation can exceed on these very requests, in responses a second, with a
/// client and a network that cost nothing: the requests given in order to `concurrency` users, each as soon
/// as it may start and a user is free, until the plan ends and the last of them is done. Where that is a
/// million requests or more, a closed loop's is Little's law, concurrency over mean time. Stalled requests
/// take the timeout; requests that get no response take their time and do not count. 0 where `done` is 0;
/// infinite where no request takes any time.
double ideal_rps(const TrialSpec& spec, std::uint64_t done);

}  // namespace asyncbench
