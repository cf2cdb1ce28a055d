#pragma once

#include "harness/engine/load_settings.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/trial/load_view.hpp"

namespace asyncbench {

// What of a load generator stands in specs, in the lines of a trial and in results. `*_from` throw Error that
// names document and field.

Json json_of(const LoadSettings& settings);
LoadSettings load_settings_from(JsonFields fields);

Json json_of(const LoadView& view);
LoadView load_view_from(JsonFields fields);

Json json_of(const LoadSecond& second);
LoadSecond load_second_from(JsonFields& fields);

}  // namespace asyncbench
