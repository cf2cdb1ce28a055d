#include "harness/trial/pitfall.hpp"

#include <algorithm>

namespace asyncbench {

bool PitfallsResult::valid() const {
    return !pitfalls.empty() && std::all_of(pitfalls.begin(), pitfalls.end(),
                                            [](const PitfallResult& each) { return each.run.valid(); });
}

}  // namespace asyncbench
