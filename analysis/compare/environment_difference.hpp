#pragma once

#include <string>
#include <vector>

#include "harness/measure/environment.hpp"

namespace asyncbench {

/// A fact that base and head do not have in common, and what each says.
struct EnvironmentDifference {
    std::string fact;
    std::string base;
    std::string head;
};

/// The facts that both know and that differ, in base's order; without those that differ from minute to
/// minute on one machine, such as its load.
std::vector<EnvironmentDifference> environment_differences(const Environment& base, const Environment& head);

/// Whether one of them says that these are two machines, so that times cannot be compared.
bool are_different_machines(const std::vector<EnvironmentDifference>& differences);

/// Whether both tell a fact by which two machines could be told apart.
bool know_their_machines(const Environment& base, const Environment& head);

/// `cpu_model (A and B), kernel (C and D)`
std::string text_of(const std::vector<EnvironmentDifference>& differences);

}  // namespace asyncbench
