#include "analysis/compare/few_warnings.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace asyncbench {

std::vector<Warning> few_of_each(std::vector<Warning> warnings) {
    constexpr std::size_t enough = 20;
    std::map<std::pair<std::string, WarningKind>, std::size_t> counts;
    std::vector<Warning> few;
    for (Warning& warning : warnings) {
        if (++counts[{warning.code, warning.kind}] <= enough) few.push_back(std::move(warning));
    }
    for (const auto& [what, count] : counts) {
        if (count > enough)
            few.push_back({what.first, fmt::format("There are {} more of these.", count - enough), what.second});
    }
    return few;
}

}  // namespace asyncbench
