#pragma once

#include <string>

#include "harness/gate/gate_result.hpp"
#include "harness/stats/paired_test.hpp"

namespace asyncbench {

// Why a line has its verdict, each in one sentence.

/// Of what a look says.
std::string text_of(const GateLine& line, const PairedTest& test);
std::string text_of_confirmed(const GateLine& line, const PairedTest& afresh);
std::string text_of_not_confirmed(const GateLine& line, const PairedTest& afresh);
std::string text_of_moved(const GateControl& control);

}  // namespace asyncbench
