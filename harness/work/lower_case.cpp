#include "harness/work/lower_case.hpp"

#include <algorithm>
#include <cctype>

namespace asyncbench {

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

}  // namespace asyncbench
