#pragma once

#include <optional>
#include <string>

namespace asyncbench {

/// Where valgrind is installed, by PATH; none where it is not.
std::optional<std::string> find_valgrind();

}  // namespace asyncbench
