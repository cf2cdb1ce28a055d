#pragma once

#include <string>
#include <string_view>

namespace asyncbench {

/// `service p50` for `service_p50_ns`: without the unit, which the value beside it has.
std::string metric_label(std::string_view metric);

}  // namespace asyncbench
