#pragma once

#include <string>
#include <string_view>

namespace asyncbench {

/// Text as content or as a quoted attribute of XML 1.0: never markup, on one line, and without the
/// characters that no document may hold (section 2.2, "Characters"); bytes that are no UTF-8 become U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace asyncbench
