#include "harness/http/field_name.hpp"

#include <algorithm>
#include <cctype>

namespace asyncbench {

bool is_same_field(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string_view field_name_of(std::string_view line) {
    return line.substr(0, line.find_first_of(":;"));
}

}  // namespace asyncbench
