#include "analysis/stats/require.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace asyncbench {

void require_numbers(std::span<const double> values, std::string_view of) {
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) {
        throw std::invalid_argument(std::string(of) + " of values of which one is not a number");
    }
}

void require_finite(std::span<const double> values, std::string_view of) {
    if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) {
        throw std::invalid_argument(std::string(of) + " of values of which one is not a finite number");
    }
}

void require_values(std::span<const double> values, std::string_view of) {
    if (values.empty()) throw std::invalid_argument(std::string(of) + " of no values");
    require_numbers(values, of);
}

void require_confidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) throw std::invalid_argument("a confidence outside (0, 1)");
}

}  // namespace asyncbench
