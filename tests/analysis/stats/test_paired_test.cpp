#include "analysis/stats/paired_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/sign_test.hpp"

namespace asyncbench::paired_test_tests {

using Values = std::vector<double>;

constexpr double alpha = 0.01;
const Tolerance usual{};  // fails from 5 %, passes below 10 %

PairedTest test_of(Estimate worsening, double p_worse) {
    return {worsening, p_worse, 20};
}

PairedTest test_pairs(const Values& worsenings, double confidence) {
    return {median_interval(worsenings, confidence), sign_test_above(worsenings), worsenings.size()};
}

Verdict judged(const PairedTest& test, const Tolerance& tolerance = usual) {
    return judge_look(std::vector{test}, std::vector{tolerance}, alpha).at(0);
}

TEST(TestPairs, GivesTheMedianItsIntervalAndTheSignTest) {
    Values worsenings(20, 0.2);
    for (int i = 0; i < 6; ++i) worsenings[i] = -0.1;
    const PairedTest test = test_pairs(worsenings, 0.95);
    // Ranks 6 and 15 of 20, 95.9 % (Nair, 1940); 14 of 20 above 0 (R, binom.test).
    EXPECT_EQ(test.worsening.value, 0.2);
    EXPECT_EQ(test.worsening.low, -0.1);
    EXPECT_EQ(test.worsening.high, 0.2);
    EXPECT_NEAR(test.worsening.confidence, 0.959, 0.0005);
    EXPECT_NEAR(test.p_worse, 0.05766, 0.00001);
    EXPECT_EQ(test.pairs, 20U);
}

TEST(Looks, SpendAnEqualPartOfAlphaEach) {
    EXPECT_DOUBLE_EQ(Looks{}.alpha_of_each(), 0.01 / 3);
    EXPECT_DOUBLE_EQ((Looks{{10, 20}, 0.05}.alpha_of_each()), 0.025);
}

TEST(Verdict, HasAName) {
    EXPECT_EQ(name_of(Verdict::pass), "PASS");
    EXPECT_EQ(name_of(Verdict::fail), "FAIL");
    EXPECT_EQ(name_of(Verdict::inconclusive), "INCONCLUSIVE");
}

TEST(JudgeLook, FailsWhatIsShownToBeWorseByAsMuchAsMatters) {
    EXPECT_EQ(judged(test_of({0.2, 0.1, 0.3, 0.99}, 0.001)), Verdict::fail);
    EXPECT_EQ(judged(test_of({std::log1p(0.05), 0.01, 0.3, 0.99}, alpha)), Verdict::fail);
}

TEST(JudgeLook, DoesNotFailWithoutEachOfItsThreeReasons) {
    EXPECT_EQ(judged(test_of({0.2, 0.1, 0.3, 0.99}, 0.0101)), Verdict::inconclusive);
    EXPECT_EQ(judged(test_of({0.2, 0, 0.3, 0.99}, 0.001)), Verdict::inconclusive);
    EXPECT_EQ(judged(test_of({0.0487, 0.01, 0.3, 0.99}, 0.001)), Verdict::inconclusive);  // 4.99 %
}

TEST(JudgeLook, FailsRatherThanPassesWhatIsShownToBeWorseByLittle) {
    EXPECT_EQ(judged(test_of({0.06, 0.05, 0.07, 0.99}, 0.001)), Verdict::fail);
}

TEST(JudgeLook, PassesWhatIsShownNotToBeWorseByAsMuchAsWouldMatter) {
    EXPECT_EQ(judged(test_of({0, -0.05, 0.095, 0.99}, 0.5)), Verdict::pass);
    EXPECT_EQ(judged(test_of({0.03, 0.01, 0.05, 0.99}, 0.001)), Verdict::pass);  // worse, but by little
    EXPECT_EQ(judged(test_of({-0.5, -0.6, -0.4, 0.99}, 1)), Verdict::pass);
}

TEST(JudgeLook, DoesNotPassWhatMayReachTheLimit) {
    EXPECT_EQ(judged(test_of({0, -0.05, std::log1p(0.1), 0.99}, 0.5)), Verdict::inconclusive);
    EXPECT_EQ(judged(test_of({0, -0.05, 0.2, 0.99}, 0.5)), Verdict::inconclusive);
}

TEST(JudgeLook, DoesNotPassOnAnIntervalOfTooFewPairs) {
    EXPECT_EQ(judged(test_of({0, -0.01, 0.01, 0.9499}, 0.5)), Verdict::inconclusive);
    EXPECT_EQ(judged(test_of({0, -0.01, 0.01, 0.95}, 0.5)), Verdict::pass);
    EXPECT_EQ(judged(test_pairs(Values(5, 0), 0.99)), Verdict::inconclusive);
    EXPECT_EQ(judged(test_pairs(Values(6, 0), 0.99)), Verdict::pass);
}

TEST(JudgeLook, HoldsEachTestAgainstItsOwnTolerance) {
    const std::vector<PairedTest> family(2, test_of({0.2, 0.1, 0.3, 0.99}, 0.001));
    EXPECT_EQ(judge_look(family, std::vector<Tolerance>{{0.05, 0.1}, {0.5, 0.6}}, alpha),
              (std::vector{Verdict::fail, Verdict::pass}));
}

TEST(JudgeLook, AdjustsForTheFamily) {
    const PairedTest worse = test_of({0.2, 0.1, 0.3, 0.99}, 0.006);
    const PairedTest same = test_of({0, -0.1, 0.2, 0.99}, 0.5);
    EXPECT_EQ(judge_look(std::vector{worse}, std::vector{usual}, alpha), std::vector{Verdict::fail});
    EXPECT_EQ(judge_look(std::vector{worse, same}, std::vector(2, usual), alpha),
              (std::vector{Verdict::inconclusive, Verdict::inconclusive}));
}

TEST(JudgeLook, RefusesAFamilyWithoutATolerancePerTestAndAnAlphaThatIsNone) {
    const std::vector<PairedTest> family(2);
    EXPECT_THROW(judge_look(family, std::vector<Tolerance>(1), alpha), std::invalid_argument);
    for (const double wrong : {0.0, 1.0, -0.1, std::nan("")}) {
        EXPECT_THROW(judge_look(family, std::vector<Tolerance>(2), wrong), std::invalid_argument);
    }
}

TEST(JudgeLook, OfNoTestsHasNoVerdicts) {
    EXPECT_TRUE(judge_look({}, {}, alpha).empty());
}

/// Whether any of four metrics without a difference fails at any look, with a limit that forgives nothing.
bool fails_at_some_look(std::mt19937_64& random, const Looks& looks) {
    std::cauchy_distribution<double> noise(0, 0.5);
    std::vector<Values> metrics(4);
    for (const std::size_t pairs : looks.pairs) {
        std::vector<PairedTest> family;
        for (Values& worsenings : metrics) {
            while (worsenings.size() < pairs) worsenings.push_back(noise(random));
            family.push_back(test_pairs(worsenings, 1 - looks.alpha_of_each()));
        }
        for (const Verdict verdict :
             judge_look(family, std::vector<Tolerance>(4, {0, 0.1}), looks.alpha_of_each())) {
            if (verdict == Verdict::fail) return true;
        }
    }
    return false;
}

TEST(JudgeLook, BlamesNoFamilyOftenerThanAlphaOverAllItsLooks) {
    std::mt19937_64 random(5);
    const Looks looks{{20, 40, 80}, 0.1};
    constexpr int runs = 2000;
    int blamed = 0;
    for (int run = 0; run < runs; ++run) blamed += fails_at_some_look(random, looks) ? 1 : 0;
    // The looks see the same pairs and the test is discrete, so that it stays well below its 0.1.
    EXPECT_LT(static_cast<double>(blamed) / runs, 0.1);
    EXPECT_GT(blamed, 0);
}

}  // namespace asyncbench::paired_test_tests
