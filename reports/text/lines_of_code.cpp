#include "reports/text/lines_of_code.hpp"

#include <algorithm>

namespace asyncbench {

std::uint32_t lines_of_code(std::string_view source) {
    std::uint32_t lines = 0;
    while (!source.empty()) {
        const std::string_view line = source.substr(0, source.find('\n'));
        source.remove_prefix(std::min(source.size(), line.size() + 1));
        const auto begin = line.find_first_not_of(" \t");
        if (begin != std::string_view::npos && !line.substr(begin).starts_with("//")) ++lines;
    }
    return lines;
}

}  // namespace asyncbench
