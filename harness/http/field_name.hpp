#pragma once

#include <string_view>

namespace asyncbench {

/// Names of header fields are the same whatever their case (RFC 9110, section 5.1).
bool is_same_field(std::string_view one, std::string_view other);

/// Of a line as -H has it: `Name: value`, `Name:` or `Name;`.
std::string_view field_name_of(std::string_view line);

}  // namespace asyncbench
