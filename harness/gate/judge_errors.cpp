#include "harness/gate/judge_errors.hpp"

#include <fmt/format.h>

#include "harness/gate/cell_state.hpp"
#include "harness/gate/paired_values.hpp"

namespace asyncbench {
namespace {

Estimate counted(std::uint64_t count) {
    const auto value = static_cast<double>(count);
    return {value, value, value, 1};
}

}  // namespace

bool is_of_errors(const MetricRule& rule) {
    return rule.metric == "errors" && rule.lane == Lane::deterministic;
}

void update_errors(GateLine& line, const GateResult& result) {
    const CellState state = cell_state(result, line.subject, false);
    line.base = counted(state.base.errors);
    line.head = counted(state.head.errors);
    line.ratio = unknown_estimate();
    line.verdict = Verdict::inconclusive;
    line.reason = "Not all was measured.";
}

void judge_errors(GateLine& line, const GateResult& result) {
    const CellState state = cell_state(result, line.subject, false);
    if (state.base.requests == 0 || state.head.requests == 0) {
        line.reason = "No trial of both arms did its work.";
    } else if (state.base.errors > 0 || state.head.errors > 0) {
        line.verdict = state.base.errors > 0 ? Verdict::inconclusive : Verdict::fail;
        line.reason = state.spoiled();
    } else {
        line.verdict = Verdict::pass;
        line.reason = fmt::format("No request failed, of {} of base and {} of head.", state.base.requests,
                                  state.head.requests);
    }
}

void confirm_errors(GateLine& line, const GateResult& result) {
    const ArmState head = cell_state(result, line.subject, true).head;
    if (head.errors > 0) {
        line.reason += fmt::format(" Measured afresh: {} of {}.", head.errors, head.requests);
        return;
    }
    line.verdict = Verdict::inconclusive;
    line.reason =
        fmt::format("Not confirmed: {} Measured afresh, none of {} did.", line.reason, head.requests);
}

}  // namespace asyncbench
