#pragma once

#include <span>
#include <string_view>

namespace asyncbench {

// What the functions of this folder ask of their arguments. Each throws std::invalid_argument otherwise; `of`
// begins its message.

/// None is NaN; infinities are numbers here.
void require_numbers(std::span<const double> values, std::string_view of);

/// None is NaN or infinite.
void require_finite(std::span<const double> values, std::string_view of);

/// There is at least one, and none is NaN.
void require_values(std::span<const double> values, std::string_view of);

/// Within (0, 1).
void require_confidence(double confidence);

}  // namespace asyncbench
