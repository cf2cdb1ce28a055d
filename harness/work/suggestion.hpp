#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// For a message about a name that is not known: ` Did you mean thread-pool or thread-per-request?`, with at
/// most three of `known` that are written most alike, or begin so; empty where none is like it.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known);

}  // namespace asyncbench
