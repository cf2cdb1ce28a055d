#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// Makes the lines and budgets of every subject but the control, with nothing decided.
void make_lines(GateResult& result);

/// Tells what was measured in every line and budget that is not decided, and in the control; decides nothing.
void update_lines(GateResult& result);

/// A look: updates, and decides what can be. What is decided stays as it was decided.
void judge_lines(GateResult& result);

/// Whether more pairs of the subject can decide what is not decided yet.
bool is_open(const GateResult& result, std::size_t subject);
std::size_t open_lines(const GateResult& result);

/// A subject, and of how many pairs of it something is to be judged.
struct PairsWanted {
    std::size_t subject = 0;
    std::size_t pairs = 0;

    bool operator==(const PairsWanted&) const = default;
};

/// That the looks are of so few pairs that nothing could fail, however much worse, as the sign test has no
/// p-value that small over so many lines; none where it could.
std::optional<Warning> warning_of_looks(const GateResult& result);

/// Subjects that have a line or a budget to confirm, with as many pairs as the last of them failed after: a
/// worsening that needed the last look to show would rarely show in the pairs of the first.
std::vector<PairsWanted> pairs_to_confirm(const GateResult& result);

/// Judges what failed by the samples of the fresh batch alone; what does not fail again is INCONCLUSIVE, but
/// where head could not be measured again it is no less a FAIL. The batch is one look and may spend the whole
/// alpha, and each line is judged by itself: the looks before it have kept the family's chance of a false
/// FAIL already.
void judge_confirmation(GateResult& result);

/// After the last trial: takes back what does not stand by what came after it was decided (the control moved,
/// an arm did other work or lost a trial), and adds the warnings.
void close_lines(GateResult& result);

}  // namespace asyncbench
