#pragma once

#include <string>
#include <string_view>

#include "analysis/gate/gate_result.hpp"
#include "analysis/stats/paired_test.hpp"

namespace asyncbench {

// Why a line has its verdict, each in one sentence. `rests_on` is `20 pairs`.

/// Of what a look says.
std::string text_of_verdict(Verdict verdict, const PairedTest& test, const Tolerance& tolerance,
                            std::string_view rests_on);
std::string text_of_confirmed(const GateLine& line, const PairedTest& again);
std::string text_of_not_confirmed(const GateLine& line, const PairedTest& again);
std::string text_of_moved(const GateControl& control);
std::string text_of_widening(double spread);
/// What is to be known of an unpaired gate as a whole; `widest` is the most that a tolerance grew.
std::string text_of_not_paired(double widest);

}  // namespace asyncbench
