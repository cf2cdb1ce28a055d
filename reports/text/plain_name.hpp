#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncbench {

/// Of the text's first `longest` bytes, the letters and digits, with a dash for what stands between: safe as
/// a file's name everywhere, whatever the text is. May be empty, and end with a dash.
std::string plain_name(std::string_view text, std::size_t longest);

}  // namespace asyncbench
