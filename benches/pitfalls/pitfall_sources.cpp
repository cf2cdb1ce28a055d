#include "benches/pitfalls/pitfall_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace asyncbench {
namespace {

std::string_view text_of(std::string_view file) {
    for (const PitfallSource& source : pitfall_sources()) {
        if (source.name == file) return source.text;
    }
    throw std::out_of_range(fmt::format("no pitfall stands in '{}'", file));
}

}  // namespace

std::string code_of_way(std::string_view file, std::string_view way) {
    const std::string_view text = text_of(file);
    const std::string open = fmt::format("\nnamespace {} {{\n", way);
    const auto begin = text.find(open);
    const auto end =
        text.find(fmt::format("}}  // namespace {}\n", way), begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) {
        throw std::out_of_range(
            fmt::format("'{}' has no code for the way '{}'", file, way));
    }
    std::string_view code =
        text.substr(begin + open.size(), end - begin - open.size());
    while (code.starts_with('\n')) code.remove_prefix(1);
    while (code.ends_with("\n\n")) code.remove_suffix(1);
    return std::string(code);
}

}  // namespace asyncbench
