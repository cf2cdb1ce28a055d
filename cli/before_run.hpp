#pragma once

#include <optional>
#include <string>

#include "harness/trial/blocks.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// How long a run takes, as far as its scenario says.
struct RunTime {
    Nanoseconds least{0};  ///< of the blocks that are measured in any case
    Nanoseconds most{0};   ///< with the budget spent
};
RunTime expected_time(const Scenario& scenario);

/// Why a run may be too long to be meant: it takes more than twice its budget, or more than ten minutes where
/// the number of blocks was asked for. Empty where it is not.
std::string why_too_long(const Scenario& scenario);

/// Where a person is at the terminal, asks. Else refuses a run of which one block takes more than twice the
/// budget, with a UsageError; who asked for the number of blocks meant it.
void require_meant(const Scenario& scenario);

/// What others have of this machine just now; takes a third of a second.
MachineLoad look_at_machine();

/// What to say of it before the start; empty where the machine is quiet.
std::string busy_notice(const MachineLoad& load, unsigned cpus);

/// Says on stderr that the machine is busy, if so.
void announce_machine();

/// Says on stderr how long the run will take, and that the machine is busy, if so: then, and not after a
/// minute.
void announce_run(const Scenario& scenario);

}  // namespace asyncbench
