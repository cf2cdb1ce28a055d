#pragma once

#include <cstddef>
#include <vector>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// Where the pairs of a gate come from: trials that are run now, or that were.
class PairSource {
  public:
    virtual ~PairSource() = default;

    /// Adds the pairs `from` to `to` of each of the subjects, the control among them, to the samples of the
    /// result. False where it had to stop before.
    virtual bool measure(const std::vector<std::size_t>& subjects, std::size_t from, std::size_t to,
                         bool confirmation) = 0;

    /// After each look and each confirmation.
    virtual void looked(std::size_t pairs, std::size_t open_lines) = 0;
};

/// The procedure of a paired gate on the subjects of the result, of which the last is the control: measures
/// up to each look what is not decided, asks judge() then, and has as many fresh pairs measured of what
/// failed as it failed after. Where the source stops, the result's `failure` or `interrupted` say why.
void look_and_confirm(GateResult& result, PairSource& source);

}  // namespace asyncbench
