#pragma once

#include <string>
#include <string_view>

#include "harness/trial/json_fields.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// A scenario as a person writes it, in human units ("20ms", "4KiB"); every field may be missing and then
/// keeps its value of `base`. Without `plan`, `requests` says batch, `rate` open, and `duration` closed.
/// Throws UsageError, a sentence that names `file`, the field, and for an unknown field the known ones.
Scenario scenario_from_json(std::string_view text, std::string_view file, const Scenario& base = {});

/// The same from a part of another document. Throws Error.
Scenario scenario_from(JsonFields fields, const Scenario& base = {});

/// What scenario_from() reads back to the same scenario.
Json json_of(const Scenario& scenario);
std::string to_json(const Scenario& scenario);  ///< indented, ends with a line end

}  // namespace asyncbench
