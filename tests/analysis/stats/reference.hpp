#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace asyncbench::reference {

/// What R says of the cases named so, of data/r.json, which scripts/make-stats-testdata makes again.
const nlohmann::json& answers_of_r(std::string_view name);

std::vector<double> numbers(const nlohmann::json& values);

}  // namespace asyncbench::reference
