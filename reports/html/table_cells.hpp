#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

// What stands in the cells of static tables.

inline constexpr const char* nothing = "–";

/// Why values are unknown, each once: a sentence in a narrow column makes its row tall, so that a number
/// stands there and the sentence below the table.
class Reasons {
  public:
    /// What stands in the cell: `unknown (1)`.
    std::string refer_to(const std::string& reason);

    /// A paragraph for each reason, escaped.
    std::string markup() const;

  private:
    std::vector<std::string> reasons_;
};

/// The cell's median of the metric; where that is unknown the number of its reason, or a dash.
std::string value_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons);

/// The same with its interval.
std::string estimate_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons);

}  // namespace asyncbench
