#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/gate/judge.hpp"
#include "analysis/gate/looks.hpp"

namespace asyncbench::test {

/// What one pair of a made-up cell measures.
struct MadeUpPair {
    double p50_ratio = 1;  ///< head / base
    double throughput_ratio = 1;
};

/// A gate that measured nothing yet: the cells `a at 16` and `b at 16`, and the control; with rules for p50
/// and throughput, 5 % and 10 %, errors, and p99 for information; one look at 20 pairs.
GateResult made_up_gate();

constexpr std::size_t cell_a = 0;
constexpr std::size_t cell_b = 1;
constexpr std::size_t control = 2;

/// Pairs of trials that did their work, with 2 % of noise that is the same in every run.
void add_pairs(GateResult& gate, std::size_t subject, std::size_t pairs, MadeUpPair pair = {},
               bool confirmation = false);

/// As many for every subject, the control's without any difference.
void add_pairs_everywhere(GateResult& gate, std::size_t pairs, MadeUpPair pair = {});

/// A look at all that was measured in pairs.
void look(GateResult& gate);
/// The fresh batch was measured.
void confirm(GateResult& gate);
/// Nothing more is measured.
void close(GateResult& gate);
/// Of the gate as it is.
Judgement judgement_of(const GateResult& gate);
bool is_open(const GateResult& gate, std::size_t subject);

/// The samples of an arm in a cell, in the order measured.
std::vector<GateTrial*> samples_of(GateResult& gate, std::size_t subject, Arm arm);

/// Of the metric in the cell; fails the test where there is none.
const GateLine& line_of(const GateResult& gate, std::size_t subject, const std::string& metric);

const Warning* find_warning(const GateResult& gate, const std::string& code);

}  // namespace asyncbench::test
