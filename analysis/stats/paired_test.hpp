#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

enum class Verdict {
    pass,          ///< shown not to be worse by as much as would matter
    fail,          ///< shown to be worse, and by as much as matters
    inconclusive,  ///< neither was shown
};

std::string_view name_of(Verdict verdict);  ///< `PASS`, `FAIL`, `INCONCLUSIVE`

/// How much worse head may be than base, as a share: 0.05 is a time 1.05 times as long, or a rate 1/1.05 of
/// what it was.
struct Tolerance {
    double fail_from = 0.05;   ///< fails where it is shown to be worse, and the median by this or more
    double pass_below = 0.10;  ///< passes where it is shown to be worse by less than this

    bool operator==(const Tolerance&) const = default;
};

/// What pairs say of one metric. Worsening is the natural logarithm of how many times worse head is than
/// base: over 0 is worse, whether the metric is a time or a rate.
struct PairedTest {
    Estimate
        worsening;  ///< of the median of the pairs' ratios, with its exact interval (order_statistics.hpp)
    double p_worse = 1;  ///< of the sign test: chance of this where head is no worse
    std::size_t pairs = 0;
};

/// When a sequential test looks at its data. Each look spends an equal part of alpha, so that all together
/// stay below it (Bonferroni, whatever the looks have in common).
struct Looks {
    std::vector<std::size_t> pairs{20, 40, 80};
    double alpha = 0.01;  ///< chance of a false FAIL in the whole family, over all looks

    double alpha_of_each() const { return alpha / static_cast<double>(pairs.size()); }
};

/// What an interval must really have before a PASS may rest on it: that of five pairs or fewer does not.
constexpr double least_confidence_to_pass = 0.95;

/// The verdicts of one look on a family of tests, in its order. FAIL: the sign test, adjusted by Holm over
/// the family, rejects at `alpha` (of this look), the interval lies above 0, and the median is fail_from or
/// more. PASS: the interval's upper end is below pass_below, and it has least_confidence_to_pass; not
/// adjusted, for a family passes only where each member does. Throws std::invalid_argument where there is not
/// one tolerance for each test, or `alpha` is outside (0, 1).
std::vector<Verdict> judge_look(std::span<const PairedTest> family, std::span<const Tolerance> tolerances,
                                double alpha);

}  // namespace asyncbench
