#include "analysis/gate/gate_result.hpp"

#include <algorithm>

namespace asyncbench {

Verdict GateResult::verdict() const {
    std::size_t decided = 0;
    bool open = false;
    for (const GateLine& line : lines) {
        if (!line.decides()) continue;
        if (line.verdict == Verdict::fail) return Verdict::fail;
        open |= line.verdict == Verdict::inconclusive;
        ++decided;
    }
    for (const BudgetLine& line : budgets) {
        if (line.verdict == Verdict::fail) return Verdict::fail;
        open |= line.verdict == Verdict::inconclusive;
        ++decided;
    }
    const bool whole = failure.empty() && !interrupted && usable();
    return whole && !open && decided > 0 ? Verdict::pass : Verdict::inconclusive;
}

bool GateResult::usable() const {
    return std::none_of(warnings.begin(), warnings.end(),
                        [](const Warning& warning) { return warning.kind == WarningKind::wrong; });
}

}  // namespace asyncbench
