#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

/// What the run says about its question, in sentences for people, the most important first: what to choose
/// and why, what differs beside speed, and what the values have to be read with. Claims no order that is not
/// shown, and says which cells are bounds (limited) and which are left out (wrong).
std::vector<std::string> answer(const RunResult& run);

}  // namespace asyncbench
