#pragma once

#include <string>
#include <string_view>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

// What a page holds compressed, as text in a script element that is none: unpack.js reads it.

/// As `gzip` writes it. Throws std::bad_alloc or std::runtime_error where zlib cannot.
std::string gzip(std::string_view bytes);

/// Bytes as printable ASCII: 13 bits in two of 91 characters, which are a thirteenth fewer than base64 takes.
/// `<`, `>` and `&` are not among them, so that whatever the bytes say, it is no markup.
std::string dense_text(std::string_view bytes);

/// dense_text() of gzip(): of JSON about a quarter of its size.
std::string packed(std::string_view text);

/// What charts show; its strings are printable(). A dataset whose rows have the same keys is `{"columns":
/// {key: values}}`, of which unpack.js makes rows again.
std::string packed_chart_data(Json data);

}  // namespace asyncbench
