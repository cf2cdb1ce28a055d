#include "reports/html/table_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/html/markup.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"

namespace asyncbench {

std::string Reasons::refer_to(const std::string& reason) {
    auto found = std::find(reasons_.begin(), reasons_.end(), reason);
    if (found == reasons_.end()) found = reasons_.insert(found, reason);
    return fmt::format("unknown ({})", found - reasons_.begin() + 1);
}

std::string Reasons::markup() const {
    std::string text;
    for (std::size_t i = 0; i < reasons_.size(); ++i)
        text += fmt::format("<p class=\"left-out\">Unknown ({}): {}.</p>\n", i + 1, escape_html(reasons_[i]));
    return text;
}

std::string value_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons) {
    if (estimate_of(cell, metric) != nullptr) return value_text(cell, metric);
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? nothing : reasons.refer_to(reason->second);
}

std::string estimate_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons) {
    if (estimate_of(cell, metric) != nullptr) return estimate_text(cell, metric);
    return value_or_reason(cell, metric, reasons);
}

}  // namespace asyncbench
