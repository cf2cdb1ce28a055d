#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/run_result.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

/// What the run says about its question, in sentences for people, the most important first. Claims no rank
/// where no difference is shown, names nobody as best inside a group, and says what was left out because its
/// measurement is not valid.
std::vector<std::string> answer(const RunResult& run);

/// `1 trial`, `5 trials`
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace asyncbench
