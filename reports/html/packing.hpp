#pragma once

#include <string>
#include <string_view>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

// What a page holds compressed, as text in a script element that is none: unpack.js reads it.

/// As `gzip` writes it, in printable ASCII without `<`, `>` and `&`, so that whatever the text says, it is no
/// markup: of JSON about a quarter of its size. Throws std::bad_alloc or std::runtime_error where zlib
/// cannot.
std::string packed(std::string_view text);

/// What a page holds of a result: what its charts show besides, in a line, and the text of its JSON. Strings
/// of `shown` become printable(); those of the result stay as they are, for the download.
std::string packed_data(Json shown, std::string_view result);

}  // namespace asyncbench
