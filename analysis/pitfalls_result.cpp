#include "analysis/pitfalls_result.hpp"

#include <algorithm>

namespace asyncbench {

bool PitfallsResult::usable() const {
    return !pitfalls.empty() && std::all_of(pitfalls.begin(), pitfalls.end(),
                                            [](const PitfallResult& each) { return each.run.usable(); });
}

}  // namespace asyncbench
