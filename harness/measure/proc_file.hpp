#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asyncbench {

/// The whole of a small text file as procfs and sysfs have them; none where it cannot be opened or read.
std::optional<std::string> read_small_file(const std::string& path);

/// The value of the first line `key: value` or `key<tabs>: value`, without the blanks around it. Keys are
/// compared whole and case-sensitively.
std::optional<std::string_view> find_proc_field(std::string_view text, std::string_view key);

/// The decimal number that `text` starts with, blanks before it skipped; none where there is none.
std::optional<std::uint64_t> leading_number(std::string_view text);

/// Without blanks and line ends before and behind.
std::string_view trimmed(std::string_view text);

}  // namespace asyncbench
