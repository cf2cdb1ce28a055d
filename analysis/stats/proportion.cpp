#include "analysis/stats/proportion.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <stdexcept>

#include "analysis/stats/require.hpp"

namespace asyncbench {

Estimate proportion_interval(std::uint64_t hits, std::uint64_t tries, double confidence) {
    if (tries == 0) throw std::invalid_argument("a share of no tries");
    if (hits > tries) throw std::invalid_argument("a share of more hits than tries");
    require_confidence(confidence);
    using Binomial = boost::math::binomial_distribution<double>;
    const auto all = static_cast<double>(tries);
    const auto some = static_cast<double>(hits);
    const double each_side = (1 - confidence) / 2;
    return {some / all, Binomial::find_lower_bound_on_p(all, some, each_side),
            Binomial::find_upper_bound_on_p(all, some, each_side), confidence};
}

}  // namespace asyncbench
