#pragma once

#include <string>
#include <string_view>

namespace asyncbench {

/// Each byte as tolower(3) has it.
std::string in_lower_case(std::string_view text);

}  // namespace asyncbench
