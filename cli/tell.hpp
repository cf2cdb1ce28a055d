#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace asyncbench {

/// Text on stderr as it stands, at once. Where stderr takes no more, as its reader has gone or its terminal
/// has closed, the text is lost: no measurement may be.
void put_on_stderr(std::string_view text) noexcept;

/// A sentence on stderr, on a line of its own, which a terminal shows broken between words; lost as above. It
/// may hold text from outside, which steers no terminal: what is not printable is shown as an escape.
void tell(std::string_view sentence);

/// Whether it is a terminal that colours text and clears lines: not one whose TERM is `dumb` or missing.
bool obeys_escape_codes(int descriptor);

/// What COLUMNS says, and else the terminal; none where neither does.
std::optional<std::size_t> columns_of_output(int descriptor);

/// None where the descriptor is no terminal, or one that does not tell.
std::optional<std::size_t> columns_of_terminal(int descriptor);

}  // namespace asyncbench
