#pragma once

#include <span>
#include <string>
#include <vector>

namespace asyncbench::detail {

/// The functions at code addresses, innermost first, as `name (file:line)`, those inlined as frames of their
/// own; `name` alone where there is no debug information, the address where there is no symbol. Reads debug
/// information the first time, which takes up to seconds in large programs. Any thread.
std::vector<std::string> symbolize(std::span<const void* const> addresses);

}  // namespace asyncbench::detail
