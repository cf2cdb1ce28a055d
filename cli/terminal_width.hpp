#pragma once

#include <cstddef>
#include <optional>

namespace asyncbench {

/// None where the descriptor is no terminal, or one that does not tell.
std::optional<std::size_t> columns_of_terminal(int descriptor);

}  // namespace asyncbench
