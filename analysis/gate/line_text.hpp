#pragma once

#include <cstddef>
#include <string>

#include "analysis/gate/gate_result.hpp"
#include "analysis/stats/paired_test.hpp"

namespace asyncbench {

// Why a line has its verdict, each in one sentence.

/// Of what a look says.
std::string text_of(const GateLine& line, const PairedTest& test);
std::string text_of_confirmed(const GateLine& line, const PairedTest& again);
std::string text_of_not_confirmed(const GateLine& line, const PairedTest& again);
std::string text_of_moved(const GateControl& control);

/// How many values of each arm an unpaired line rests on.
struct UnpairedCounts {
    std::size_t base = 0;
    std::size_t head = 0;
};
std::string text_of_unpaired(const GateLine& line, const PairedTest& test, const UnpairedCounts& counts);
std::string text_of_widening(double spread);
/// What is to be known of an unpaired gate as a whole; `widest` is the most that a tolerance grew.
std::string text_of_not_paired(double widest);

}  // namespace asyncbench
