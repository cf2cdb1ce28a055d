#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// The lines of a paragraph, broken at spaces so that none is wider than `width` columns, unless a single
/// word is. The first stands `first_indent` columns to the right, later ones `indent`.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent = 0,
                                 std::size_t first_indent = 0);

}  // namespace asyncbench
