#include "analysis/stats/mann_whitney.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/require.hpp"

namespace asyncbench {
namespace {

/// From this number of values on, the exact distribution costs more than it is better: the bound of R.
constexpr std::size_t large_sample = 50;

/// The chance of each U = 0, ..., n m where both samples are of one distribution: the recurrence of Mann and
/// Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other"
/// (1947), in probabilities, as the counts outgrow 64 bits from 35 and 35 values on.
std::vector<double> distribution_of_u(std::size_t n, std::size_t m) {
    std::vector<std::vector<double>> of_columns(m + 1, std::vector<double>{1.0});
    for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t j = 1; j <= m; ++j) {
            std::vector<double> chances(i * j + 1);
            // The largest value is one of the i and lies above all j, or it is one of the j and adds nothing.
            const double of_first = static_cast<double>(i) / static_cast<double>(i + j);
            const std::vector<double>& without_first = of_columns[j];
            const std::vector<double>& without_other = of_columns[j - 1];
            for (std::size_t u = 0; u < without_first.size(); ++u)
                chances[u + j] += of_first * without_first[u];
            for (std::size_t u = 0; u < without_other.size(); ++u)
                chances[u] += (1 - of_first) * without_other[u];
            of_columns[j] = std::move(chances);
        }
    }
    return of_columns[m];
}

double exact_chance_up_to(double u, std::size_t n, std::size_t m) {
    const std::vector<double> chances = distribution_of_u(n, m);
    double sum = 0;
    for (std::size_t i = 0; static_cast<double>(i) <= u; ++i) sum += chances[i];
    return sum;
}

double normal_chance_up_to(double z) {
    return cdf(boost::math::normal_distribution<double>(), z);
}

/// Where one sample stands among both.
struct Ranking {
    double u = 0;  ///< pairs in which the value of `one` is the larger; an equal pair is half
    bool ties = false;
    double tie_sum = 0;  ///< of t^3 - t over the groups of t equal values
};

Ranking rank(std::span<const double> one, std::span<const double> other) {
    std::vector<std::pair<double, bool>> pooled;
    for (const double value : one) pooled.emplace_back(value, true);
    for (const double value : other) pooled.emplace_back(value, false);
    std::sort(pooled.begin(), pooled.end());
    Ranking ranking;
    double others_below = 0;
    for (auto group = pooled.begin(); group != pooled.end();) {
        const auto end =
            std::find_if(group, pooled.end(), [&](const auto& entry) { return entry.first != group->first; });
        const auto size = static_cast<double>(end - group);
        const auto of_one =
            static_cast<double>(std::count_if(group, end, [](const auto& entry) { return entry.second; }));
        const double of_other = size - of_one;
        ranking.u += of_one * (others_below + of_other / 2);
        ranking.ties = ranking.ties || size > 1;
        ranking.tie_sum += size * (size * size - 1);
        others_below += of_other;
        group = end;
    }
    return ranking;
}

double standard_deviation_of_u(double n, double m, double tie_sum) {
    const double all = n + m;
    return std::sqrt(n * m / 12 * (all + 1 - tie_sum / (all * (all - 1))));
}

bool exactly(std::size_t n, std::size_t m) {
    return n < large_sample && m < large_sample;
}

/// The chance that U is below `rank`, for each rank up to the middle of n m differences.
std::vector<double> chances_below_ranks(std::size_t n, std::size_t m) {
    const std::size_t last = (n * m + 1) / 2;
    std::vector<double> chances(last + 1);
    if (exactly(n, m)) {
        const std::vector<double> of_each = distribution_of_u(n, m);
        for (std::size_t rank = 1; rank <= last; ++rank)
            chances[rank] = chances[rank - 1] + of_each[rank - 1];
        return chances;
    }
    const double middle = static_cast<double>(n * m) / 2;
    const double deviation = standard_deviation_of_u(static_cast<double>(n), static_cast<double>(m), 0);
    for (std::size_t rank = 1; rank <= last; ++rank) {
        chances[rank] = normal_chance_up_to((static_cast<double>(rank) - 0.5 - middle) / deviation);
    }
    return chances;
}

}  // namespace

double mann_whitney_p_value(std::span<const double> one, std::span<const double> other) {
    require_values(one, "the Mann-Whitney test");
    require_values(other, "the Mann-Whitney test");
    const Ranking ranking = rank(one, other);
    const double n = static_cast<double>(one.size());
    const double m = static_cast<double>(other.size());
    if (!ranking.ties && exactly(one.size(), other.size())) {
        const double smaller = std::min(ranking.u, n * m - ranking.u);
        return std::min(1.0, 2 * exact_chance_up_to(smaller, one.size(), other.size()));
    }
    const double deviation = standard_deviation_of_u(n, m, ranking.tie_sum);
    if (!(deviation > 0)) return 1;  // all are equal
    const double distance = std::max(0.0, std::abs(ranking.u - n * m / 2) - 0.5);
    return 2 * normal_chance_up_to(-distance / deviation);
}

Estimate shift_interval(std::span<const double> base, std::span<const double> head, double confidence) {
    require_values(base, "a shift");
    require_values(head, "a shift");
    require_finite(base, "a shift");
    require_finite(head, "a shift");
    require_confidence(confidence);
    std::vector<double> differences;
    differences.reserve(base.size() * head.size());
    for (const double from : base) {
        for (const double to : head) differences.push_back(to - from);
    }
    std::sort(differences.begin(), differences.end());
    const std::vector<double> below = chances_below_ranks(base.size(), head.size());
    std::size_t rank = 1;
    while (rank + 1 < below.size() && 1 - 2 * below[rank + 1] >= confidence) ++rank;
    return {median(differences), differences[rank - 1], differences[differences.size() - rank],
            std::max(0.0, 1 - 2 * below[rank])};
}

}  // namespace asyncbench
