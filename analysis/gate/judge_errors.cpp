#include "analysis/gate/judge_errors.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "analysis/gate/cell_state.hpp"
#include "analysis/gate/paired_values.hpp"

namespace asyncbench {
namespace {

Estimate estimate_of(std::uint64_t count) {
    const auto value = static_cast<double>(count);
    return {value, value, value, 1};
}

struct Judged {
    Verdict verdict = Verdict::inconclusive;
    std::string reason;
};

Judged judge_head(const CellState& before, const CellState& again) {
    const ArmState& head = again.head;
    const std::string counts = fmt::format("{} of {}", head.errors, head.requests);
    if (before.head.errors == 0) {
        return {Verdict::inconclusive,
                fmt::format("No request failed at first; measured again, {} of head did.", counts)};
    }
    if (head.errors > 0) {
        return {Verdict::fail, fmt::format("{} Measured again: {}.", before.spoiled(), counts)};
    }
    if (head.trials > 0 && head.lost == head.trials) {
        return {Verdict::fail,
                fmt::format("{} Measured again, its trials were lost: {}", before.spoiled(), head.why_lost)};
    }
    return {Verdict::inconclusive,
            head.trials == 0 ? fmt::format("Not confirmed: {} It was not measured again.", before.spoiled())
                             : fmt::format("Not confirmed: {} Measured again, none of {} did.",
                                           before.spoiled(), head.requests)};
}

Judged judge(const CellState& before, const CellState& again, const CellState& all, bool must_show_again) {
    if (!all.not_comparable().empty()) return {Verdict::inconclusive, all.not_comparable()};
    if (all.head.errors > 0) {
        return must_show_again ? judge_head(before, again) : Judged{Verdict::fail, all.spoiled()};
    }
    if (all.base.requests == 0 || all.head.requests == 0) {
        return {Verdict::inconclusive, "No trial of both arms did its work."};
    }
    return {Verdict::pass, fmt::format("No request failed, of {} of base and {} of head.", all.base.requests,
                                       all.head.requests)};
}

}  // namespace

bool is_of_errors(const MetricRule& rule) {
    return rule.metric == "errors" && rule.lane == Lane::deterministic;
}

void update_errors(GateLine& line, const GateResult& result) {
    const CellState all = cell_state(result, line.subject, all_batches);
    line.base = estimate_of(all.base.errors);
    line.head = estimate_of(all.head.errors);
    line.ratio = unknown_estimate();
}

void judge_errors(GateLine& line, const GateResult& result, bool measured_again) {
    update_errors(line, result);
    const CellState before = cell_state(result, line.subject, {Batch::first, Batch::counted});
    const CellState again = cell_state(result, line.subject, {Batch::fresh, Batch::recount});
    const CellState all = cell_state(result, line.subject, all_batches);
    Judged judged = judge(before, again, all, measured_again && result.rules.confirm);
    line.verdict = judged.verdict;
    line.reason = std::move(judged.reason);
    if (line.verdict == Verdict::fail && line.decided_after == 0) line.decided_after = before.base.trials;
}

}  // namespace asyncbench
