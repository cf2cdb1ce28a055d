#pragma once

#include <cstddef>
#include <optional>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// Whether the arms of a cell were answered with as many bytes: where two builds of a server are compared,
/// nothing else shows that they do the same. The median lengths may differ by 1 %, as a time or an id within
/// an answer makes it longer or shorter by a digit; and no trial of either may lie far off all others, which
/// a server that answers only now and then with nothing would. A warning that it is wrong, or none. Pure.
std::optional<Warning> judge_same_work(const GateResult& result, std::size_t subject);

}  // namespace asyncbench
