#pragma once

#include <string_view>

namespace asyncbench {

/// A sentence on stderr, on a line of its own. It may hold text from outside, which steers no terminal:
/// what is not printable is shown as an escape.
void tell(std::string_view sentence);

}  // namespace asyncbench
