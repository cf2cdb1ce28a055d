#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asyncbench {

/// Why a text that the parser refused is no JSON, for people: what it is instead (nothing, UTF-16, compressed, a
/// page, a table, CSV), or where it stops being JSON (cut off, lines of a log, a second document), and what to
/// do. Sentences; the first begins with a small letter, as it goes on after "... cannot be read: ".
std::string why_no_json(std::string_view text);

/// The same of what is another kind of file altogether, by its bytes; none where it may be broken JSON.
std::optional<std::string> why_other_than_json(std::string_view text);

}  // namespace asyncbench
