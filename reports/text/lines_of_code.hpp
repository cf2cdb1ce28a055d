#pragma once

#include <cstdint>
#include <string_view>

namespace asyncbench {

/// Lines of a C++ source that are neither blank nor nothing but a comment.
std::uint32_t lines_of_code(std::string_view source);

}  // namespace asyncbench
