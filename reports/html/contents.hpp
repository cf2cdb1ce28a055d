#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// A heading that a list of contents leads to.
struct ContentsEntry {
    std::string id;
    std::string heading;  ///< markup
    std::vector<ContentsEntry> below = {};
};

/// The `<h2>` headings of a part of a page that have an id, in their order: the list names what is there, and
/// nothing else.
std::vector<ContentsEntry> headings_of(std::string_view markup);

/// The list, twice: beside the text on a wide screen, folded above it on others. The style sheet shows one,
/// which is the only one that a screen reader meets. Needs no script. Empty for fewer than two entries.
std::string contents_markup(const std::vector<ContentsEntry>& entries);

}  // namespace asyncbench
