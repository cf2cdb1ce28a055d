#include "analysis/stats/sign_test.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <stdexcept>

#include "analysis/stats/require.hpp"

namespace asyncbench {

double sign_test_above(std::span<const double> values, double location) {
    require_numbers(values, "a sign test");
    if (std::isnan(location)) throw std::invalid_argument("a sign test against what is not a number");
    const auto above =
        std::count_if(values.begin(), values.end(), [&](double value) { return value > location; });
    const auto below =
        std::count_if(values.begin(), values.end(), [&](double value) { return value < location; });
    if (above == 0) return 1;
    const boost::math::binomial_distribution<double> heads(static_cast<double>(above + below), 0.5);
    return cdf(complement(heads, static_cast<double>(above - 1)));
}

}  // namespace asyncbench
