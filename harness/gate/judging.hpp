#pragma once

#include <cstddef>
#include <vector>

#include "harness/gate/gate_result.hpp"

namespace asyncbench {

/// Makes the lines and budgets of every subject but the control, with nothing decided.
void make_lines(GateResult& result);

/// Tells what was measured in every line that is not decided, and in the control; decides nothing.
void update_lines(GateResult& result);

/// A look: updates, and decides what can be. What is decided stays as it was decided.
void judge_lines(GateResult& result);

/// Whether more pairs of the subject can decide what is not decided yet.
bool is_open(const GateResult& result, std::size_t subject);
std::size_t open_lines(const GateResult& result);

/// Subjects other than the control that have a line to confirm.
std::vector<std::size_t> subjects_to_confirm(const GateResult& result);

/// Judges what failed by the samples of the fresh batch alone; what does not fail again is INCONCLUSIVE. The
/// batch is one look and may spend the whole alpha, and each line is judged by itself: the looks before it
/// have kept the family's chance of a false FAIL already.
void judge_confirmation(GateResult& result);

/// After the last trial: where the control moved, nothing that was decided by pairs stands; and the warnings.
void close_lines(GateResult& result);

}  // namespace asyncbench
