#include "analysis/stats/scalability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::scalability_tests {

using Points = std::vector<ThroughputPoint>;

double law(double lambda, double sigma, double kappa, double n) {
    return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

Points points_of(const nlohmann::json& row) {
    const auto concurrency = reference::numbers(row.at("concurrency"));
    const auto throughput = reference::numbers(row.at("throughput"));
    Points points;
    for (std::size_t i = 0; i < concurrency.size(); ++i) points.push_back({concurrency[i], throughput[i]});
    return points;
}

Points points_named(const std::string& name) {
    for (const auto& row : reference::answers_of_r("scalability")) {
        if (row.at("name") == name) return points_of(row);
    }
    throw std::invalid_argument(name);
}

double squared_error(const Points& points, const ScalabilityFit& fit) {
    double sum = 0;
    for (const auto& point : points) {
        sum += std::pow(point.throughput - fit.throughput_at(point.concurrency), 2);
    }
    return sum;
}

TEST(Scalability, FitsAsRDoes) {
    for (const auto& row : reference::answers_of_r("scalability")) {
        const Points points = points_of(row);
        const auto fit = fit_scalability(points, 0.95);
        ASSERT_TRUE(fit) << row;
        const double of_r = row.at("squared_error");
        EXPECT_NEAR(squared_error(points, *fit), of_r, 1e-6 * of_r) << row.at("name");
        EXPECT_NEAR(fit->lambda.value, row.at("lambda").get<double>(), 1e-4 * fit->lambda.value) << row;
        EXPECT_NEAR(fit->sigma.value, row.at("sigma").get<double>(), 1e-5) << row;
        EXPECT_NEAR(fit->kappa.value, row.at("kappa").get<double>(), 1e-7) << row;
        EXPECT_NEAR(fit->r_squared, row.at("r_squared").get<double>(), 1e-9) << row;
    }
}

TEST(Scalability, HasTheCoefficientsThatArePublished) {
    // Tests of the R package usl 3.0 (S. Moeding): summary.Rout.save and peak-scalability.R,
    // confint.Rout.save.
    const auto spec = fit_scalability(points_named("specsdm91"), 0.95).value();
    EXPECT_NEAR(spec.sigma.value, 2.773e-2, 0.5e-5);
    EXPECT_NEAR(spec.kappa.value, 1.044e-4, 0.5e-7);
    EXPECT_NEAR(spec.lambda.value, 90.00, 0.005);
    EXPECT_NEAR(spec.peak_concurrency.value(), 96.51956, 0.01);
    EXPECT_NEAR(spec.throughput_at(*spec.peak_concurrency), 1884, 0.5);

    const Points all = points_named("raytracer");
    const auto first_six = fit_scalability(Points(all.begin(), all.begin() + 6), 0.95).value();
    EXPECT_NEAR(first_six.sigma.value, 0.02444, 0.5e-5);
    EXPECT_NEAR(first_six.kappa.value, 0.00163, 0.5e-5);
    EXPECT_NEAR(first_six.lambda.value, 20.85605, 0.5e-5 * 20);
}

TEST(Scalability, HasAPeakWithItsIntervalWhereKappaIsNotZero) {
    const Points all = points_named("raytracer");
    const auto fit = fit_scalability(Points(all.begin(), all.begin() + 6), 0.95).value();
    ASSERT_GT(fit.kappa.low, 0);
    ASSERT_TRUE(fit.peak);
    EXPECT_EQ(fit.peak->value, fit.peak_concurrency);
    EXPECT_LT(fit.peak->low, fit.peak->value);
    EXPECT_GT(fit.peak->high, fit.peak->value);
}

TEST(Scalability, HasNoPeakThatTheDataDoNotDetermine) {
    Points points;
    for (const double n : {1, 16, 64, 256})
        for (const double noise : {0.97, 1.0, 1.02}) points.push_back({n, law(50, 1e-4, 1e-8, n) * noise});
    const auto fit = fit_scalability(points, 0.95).value();
    ASSERT_EQ(fit.kappa.low, 0);
    EXPECT_FALSE(fit.peak);
}

TEST(Scalability, ExplainsAsMuchInAnyUnit) {
    Points points = points_named("raytracer");
    const double explained = fit_scalability(points, 0.95).value().r_squared;
    for (auto& point : points) point.throughput *= 1e-4;
    EXPECT_NEAR(fit_scalability(points, 0.95).value().r_squared, explained, 1e-9);
    EXPECT_LT(explained, 1);
}

TEST(Scalability, GivesIntervalsOfTheSizeOfTheTheorys) {
    // usl's intervals by Student's t, which hold where residuals are normal; within 15 % of their width.
    const Points all = points_named("raytracer");
    const auto fit = fit_scalability(Points(all.begin(), all.begin() + 6), 0.95).value();
    const auto share = [](const Estimate& ours, double low, double high) {
        return (ours.high - ours.low) / (high - low);
    };
    EXPECT_NEAR(share(fit.sigma, 0.00754, 0.04135), 1, 0.15);
    EXPECT_NEAR(share(fit.kappa, 0.00110, 0.00215), 1, 0.15);
    EXPECT_NEAR(share(fit.lambda, 19.26717, 22.44492), 1, 0.15);
    EXPECT_EQ(fit.sigma.confidence, 0.95);
}

TEST(Scalability, FindsTheLawThatThePointsFollow) {
    for (const double sigma : {0.0, 0.001, 0.3, 1.0, 3.0}) {
        for (const double kappa : {0.0, 1e-6, 1e-3, 0.5}) {
            Points points;
            for (const double n : {1, 2, 8, 64, 512}) points.push_back({n, law(1234, sigma, kappa, n)});
            const auto fit = fit_scalability(points, 0.95).value();
            EXPECT_NEAR(fit.lambda.value, 1234, 0.01) << sigma << ' ' << kappa;
            EXPECT_NEAR(fit.sigma.value, sigma, 1e-5 + 1e-4 * sigma) << sigma << ' ' << kappa;
            EXPECT_NEAR(fit.kappa.value, kappa, 1e-8 + 1e-4 * kappa) << sigma << ' ' << kappa;
            EXPECT_NEAR(fit.r_squared, 1, 1e-9);
        }
    }
}

TEST(Scalability, HasNoPeakWithoutCoherency) {
    EXPECT_FALSE(fit_scalability(points_named("raytracer"), 0.95)->peak_concurrency);
}

TEST(Scalability, PeaksAtOneWhereItOnlyFalls) {
    Points points;
    for (const double n : {1, 2, 4, 8}) points.push_back({n, law(100, 2, 0.1, n)});
    EXPECT_EQ(fit_scalability(points, 0.95)->peak_concurrency, 1);
}

TEST(Scalability, HasNoConfidenceInAFitThatCouldNotBeOff) {
    const Points points{{1, 10}, {10, 60}, {20, 70}};
    const auto fit = fit_scalability(points, 0.95).value();
    EXPECT_NEAR(squared_error(points, fit), 0, 1e-9);
    EXPECT_EQ(fit.sigma.confidence, 0);
    EXPECT_EQ(fit.sigma.low, fit.sigma.high);
}

TEST(Scalability, IsUndeterminedByFewerThanThreeConcurrencies) {
    EXPECT_FALSE(fit_scalability({}, 0.95));
    EXPECT_FALSE(fit_scalability(Points{{1, 10}, {4, 30}, {4, 31}, {1, 11}, {1, 12}}, 0.95));
}

TEST(Scalability, GivesTheSameFitForTheSameSeed) {
    const Points points = points_named("repeated");
    EXPECT_EQ(fit_scalability(points, 0.95, 7)->kappa, fit_scalability(points, 0.95, 7)->kappa);
    EXPECT_NE(fit_scalability(points, 0.95, 7)->kappa, fit_scalability(points, 0.95, 8)->kappa);
}

TEST(Scalability, ExplainsAllOfAThroughputThatNeverChanges) {
    EXPECT_EQ(fit_scalability(Points{{1, 5}, {2, 5}, {3, 5}, {4, 5}}, 0.95)->r_squared, 1);
}

/// The least squared error of all laws whose sigma and kappa lie on a grid.
double least_error_on_a_grid(const Points& points) {
    std::vector<double> grid{0};
    for (double exponent = -8; exponent <= 2; exponent += 0.25) grid.push_back(std::pow(10, exponent));
    double least = std::numeric_limits<double>::infinity();
    for (const double sigma : grid) {
        for (const double kappa : grid) {
            double products = 0;
            double squares = 0;
            double sum = 0;
            for (const auto& point : points) {
                const double shape = law(1, sigma, kappa, point.concurrency);
                products += shape * point.throughput;
                squares += shape * shape;
                sum += point.throughput * point.throughput;
            }
            least = std::min(least, sum - products * products / squares);
        }
    }
    return least;
}

TEST(Scalability, IsNotBeatenByAGrid) {
    std::mt19937_64 random(8);
    std::uniform_real_distribution<double> exponent(0, 6);
    for (int i = 0; i < 200; ++i) {
        // Such as no machine has ever measured: a descent has to find its way all the same.
        Points points;
        for (const double n : {1, 3, 20, 150}) points.push_back({n, std::exp(exponent(random))});
        const auto fit = fit_scalability(points, 0.9).value();
        EXPECT_LE(squared_error(points, fit), least_error_on_a_grid(points) * (1 + 1e-9) + 1e-9) << i;
    }
}

/// How often the interval of sigma of confidence 0.5 covers the truth, of `runs` simulated measurements.
int covered(const std::vector<double>& concurrency, int runs) {
    std::mt19937_64 random(31);
    std::normal_distribution<double> noise(0, 20);
    int count = 0;
    for (int run = 0; run < runs; ++run) {
        Points points;
        for (const double n : concurrency) points.push_back({n, law(500, 0.05, 0.0005, n) + noise(random)});
        const Estimate sigma = fit_scalability(points, 0.5)->sigma;
        if (sigma.low <= 0.05 && 0.05 <= sigma.high) ++count;
    }
    return count;
}

TEST(Scalability, CoversContentionAboutAsOftenAsItSays) {
    // Three standard errors of a share of 0.5 in 60 are 12.
    EXPECT_NEAR(covered({1, 2, 4, 8, 16, 32, 64, 128}, 60), 30, 9);
    EXPECT_NEAR(covered({1, 1, 1, 1, 1, 8, 8, 8, 8, 8, 64, 64, 64, 64, 64, 128, 128, 128, 128, 128}, 60), 30,
                9);
}

TEST(Scalability, RefusesWhatIsNoMeasurement) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const ThroughputPoint wrong :
         {ThroughputPoint{0.5, 1}, ThroughputPoint{1, 0}, ThroughputPoint{1, -1},
          ThroughputPoint{std::nan(""), 1}, ThroughputPoint{1, std::nan("")}, ThroughputPoint{infinity, 1},
          ThroughputPoint{1, infinity}}) {
        EXPECT_THROW(fit_scalability(Points{wrong, {2, 2}, {3, 3}, {4, 4}}, 0.95), std::invalid_argument);
    }
    EXPECT_THROW(fit_scalability(Points{{1, 1}, {2, 2}, {3, 3}}, 1), std::invalid_argument);
}

}  // namespace asyncbench::scalability_tests
