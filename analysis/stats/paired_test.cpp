#include "analysis/stats/paired_test.hpp"

#include <cmath>
#include <stdexcept>

#include "analysis/stats/holm.hpp"

namespace asyncbench {
namespace {

Verdict judge(const PairedTest& test, const Tolerance& tolerance, double adjusted_p, double alpha) {
    const Estimate& worsening = test.worsening;
    if (adjusted_p <= alpha && worsening.low > 0 && worsening.value >= std::log1p(tolerance.fail_from)) {
        return Verdict::fail;
    }
    const bool bounded = worsening.confidence >= least_confidence_to_pass;
    return bounded && worsening.high < std::log1p(tolerance.pass_below) ? Verdict::pass
                                                                        : Verdict::inconclusive;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return "PASS";
        case Verdict::fail:
            return "FAIL";
        case Verdict::inconclusive:
            break;
    }
    return "INCONCLUSIVE";
}

std::vector<Verdict> judge_look(std::span<const PairedTest> family, std::span<const Tolerance> tolerances,
                                double alpha) {
    if (family.size() != tolerances.size()) throw std::invalid_argument("a look without a tolerance a test");
    if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("a look with an alpha outside (0, 1)");
    std::vector<double> p_values;
    p_values.reserve(family.size());
    for (const PairedTest& test : family) p_values.push_back(test.p_worse);
    const std::vector<double> adjusted = holm_adjusted(p_values);
    std::vector<Verdict> verdicts;
    verdicts.reserve(family.size());
    for (std::size_t i = 0; i < family.size(); ++i) {
        verdicts.push_back(judge(family[i], tolerances[i], adjusted[i], alpha));
    }
    return verdicts;
}

}  // namespace asyncbench
