#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Letters that a chart on a page of 390 pixels has room for.
constexpr std::size_t narrow_columns = 38;

/// Lines of at most so many columns, broken between words; a longer word is broken where it has to be.
std::vector<std::string> text_lines(std::string_view text, std::size_t columns);

}  // namespace asyncbench
