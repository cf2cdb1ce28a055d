#include "cli/tell.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "reports/text/human.hpp"

namespace asyncbench {

void tell(std::string_view sentence) {
    fmt::print(stderr, "{}\n", printable(sentence));
}

}  // namespace asyncbench
