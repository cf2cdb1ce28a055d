#include "harness/work/delay_spec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench::delay_spec_tests {

using namespace std::chrono_literals;

constexpr std::size_t sample_size = 400'000;

/// Sorted delays, in seconds.
std::vector<double> samples_of(const DelaySpec& spec, std::uint64_t seed = 3) {
    std::vector<double> samples(sample_size);
    for (std::size_t id = 0; id < samples.size(); ++id) {
        samples[id] = std::chrono::duration<double>(spec.sample(seed, id)).count();
    }
    std::ranges::sort(samples);
    return samples;
}

double mean_of(const std::vector<double>& samples) {
    return std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

double quantile_of(const std::vector<double>& sorted, double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
}

double seconds(Nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

TEST(DelaySpec, IsNoDelayByDefault) {
    EXPECT_EQ(DelaySpec().sample(1, 1), 0ns);
    EXPECT_EQ(DelaySpec().mean(), 0ns);
    EXPECT_EQ(DelaySpec().text(), "0s");
    EXPECT_EQ(DelaySpec::parse("0s"), DelaySpec());
}

TEST(DelaySpec, OfABareDurationIsConstant) {
    EXPECT_EQ(DelaySpec::parse("20ms"), DelaySpec::parse("constant:20ms"));
    const DelaySpec spec = DelaySpec::parse("20ms");
    for (std::uint64_t id = 0; id < 100; ++id) EXPECT_EQ(spec.sample(id, id), 20ms);
    EXPECT_EQ(spec.mean(), 20ms);
}

TEST(DelaySpec, DependsOnSeedAndIdAlone) {
    const DelaySpec spec = DelaySpec::parse("exponential:20ms");
    const Nanoseconds first = spec.sample(7, 100);
    EXPECT_NE(spec.sample(7, 101), first);
    EXPECT_NE(spec.sample(8, 100), first);
    EXPECT_EQ(DelaySpec::parse("exponential:20ms").sample(7, 100), first);
}

TEST(DelaySpec, StaysTheSameForEver) {
    // Results of other versions and machines are compared with these delays. The values are those of the same
    // formulas in Python.
    EXPECT_EQ(DelaySpec::parse("uniform:0s,1s").sample(1, 0).count(), 693512139);
    EXPECT_EQ(DelaySpec::parse("exponential:1s").sample(1, 1).count(), 1785942124);
    EXPECT_EQ(DelaySpec::parse("lognormal:1s,2s").sample(2, 5).count(), 1132257842);
}

TEST(DelaySpec, UniformHasItsRangeMeanAndQuantiles) {
    const DelaySpec spec = DelaySpec::parse("uniform:10ms,30ms");
    const auto samples = samples_of(spec);
    EXPECT_GE(samples.front(), 0.010);
    EXPECT_LE(samples.back(), 0.030);
    EXPECT_EQ(spec.mean(), 20ms);
    EXPECT_NEAR(mean_of(samples), 0.020, 0.0001);
    for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99}) {
        EXPECT_NEAR(quantile_of(samples, share), 0.010 + share * 0.020, 0.0001) << share;
    }
}

TEST(DelaySpec, ExponentialHasItsMeanAndQuantiles) {
    const DelaySpec spec = DelaySpec::parse("exponential:20ms");
    const auto samples = samples_of(spec);
    EXPECT_EQ(spec.mean(), 20ms);
    EXPECT_NEAR(mean_of(samples), 0.020, 0.0002);
    for (const double share : {0.1, 0.5, 0.9, 0.99, 0.999}) {
        const double theory = -0.020 * std::log(1 - share);
        EXPECT_NEAR(quantile_of(samples, share), theory, 0.03 * theory) << share;
    }
}

TEST(DelaySpec, LognormalHasItsMedianP99AndMean) {
    const DelaySpec spec = DelaySpec::parse("lognormal:20ms,80ms");
    const auto samples = samples_of(spec);
    EXPECT_NEAR(quantile_of(samples, 0.5), 0.020, 0.0002);
    EXPECT_NEAR(quantile_of(samples, 0.99), 0.080, 0.0016);
    // The normal distribution is symmetric: in logarithms, p1 lies as far below the median as p99 above.
    EXPECT_NEAR(quantile_of(samples, 0.01), 0.005, 0.0001);
    const double sigma = std::log(4.0) / 2.3263478740408408;
    EXPECT_NEAR(seconds(spec.mean()), 0.020 * std::exp(sigma * sigma / 2), 1e-8);
    EXPECT_NEAR(mean_of(samples), seconds(spec.mean()), 0.0002);
}

TEST(DelaySpec, LognormalWithoutSpreadIsConstant) {
    const DelaySpec spec = DelaySpec::parse("lognormal:20ms,20ms");
    EXPECT_EQ(spec.mean(), 20ms);
    EXPECT_EQ(spec.sample(4, 4), 20ms);
}

TEST(DelaySpec, BimodalHasItsShareOfSlowOnes) {
    const DelaySpec spec = DelaySpec::parse("bimodal:5ms,100ms,0.05");
    const auto samples = samples_of(spec);
    const auto slow = static_cast<double>(std::ranges::count(samples, 0.100));
    EXPECT_EQ(static_cast<double>(std::ranges::count(samples, 0.005)) + slow, sample_size);
    EXPECT_NEAR(slow / sample_size, 0.05, 0.002);
    EXPECT_EQ(spec.mean(), 9750us);
}

TEST(DelaySpec, BimodalTakesTheSharesZeroAndOne) {
    const DelaySpec none = DelaySpec::parse("bimodal:5ms,100ms,0");
    const DelaySpec all = DelaySpec::parse("bimodal:5ms,100ms,1");
    for (std::uint64_t id = 0; id < 1000; ++id) {
        EXPECT_EQ(none.sample(1, id), 5ms);
        EXPECT_EQ(all.sample(1, id), 100ms);
    }
}

TEST(DelaySpec, CutsOffAtTenMinutesAndSaysTheMeanOfThat) {
    for (const char* text :
         {"exponential:10m", "lognormal:5m,10m", "lognormal:1ns,10m", "lognormal:1s,10m"}) {
        const DelaySpec spec = DelaySpec::parse(text);
        const auto samples = samples_of(spec);
        EXPECT_LE(samples.back(), 600) << text;
        const double mean = seconds(spec.mean());
        EXPECT_NEAR(mean_of(samples), mean, 0.05 * mean) << text;
    }
    EXPECT_EQ(samples_of(DelaySpec::parse("exponential:10m")).back(), 600);
}

TEST(DelaySpec, OfExtremeValuesStaysInItsRange) {
    for (const char* text : {"exponential:0s", "uniform:0s,0s", "uniform:0s,10m", "lognormal:1ns,1ns",
                             "lognormal:1ns,2ns", "lognormal:10m,10m", "bimodal:0s,10m,0.5"}) {
        const DelaySpec spec = DelaySpec::parse(text);
        EXPECT_GE(spec.mean(), 0ns) << text;
        EXPECT_LE(spec.mean(), 10min) << text;
        for (std::uint64_t id = 0; id < 1000; ++id) {
            EXPECT_GE(spec.sample(1, id), 0ns) << text;
            EXPECT_LE(spec.sample(1, id), 10min) << text;
        }
    }
}

TEST(DelaySpec, TextIsReadBackToTheSameSpec) {
    for (const char* text : {"20ms", "uniform:10ms,30ms", "exponential:1.5s", "lognormal:20ms,80ms",
                             "bimodal:5ms,100ms,0.05", "0s", "bimodal:1ns,10m,0.333333333333"}) {
        const DelaySpec spec = DelaySpec::parse(text);
        EXPECT_EQ(spec.text(), DelaySpec::parse(spec.text()).text());
        EXPECT_EQ(DelaySpec::parse(spec.text()), spec) << spec.text();
    }
    EXPECT_EQ(DelaySpec::parse("constant:20ms").text(), "20ms");
}

TEST(DelaySpec, EndsWhereItsTextEndsAndNotAtAZeroByte) {
    EXPECT_THROW(DelaySpec::parse(std::string_view("20ms\0", 5)), UsageError);
}

class NoDelaySpec : public testing::TestWithParam<std::string> {};

TEST_P(NoDelaySpec, IsRefusedWithTheFormsThatThereAre) {
    try {
        DelaySpec::parse(GetParam());
        FAIL() << GetParam();
    } catch (const UsageError& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find("'" + GetParam() + "'"), std::string::npos) << message;
        EXPECT_NE(message.find("uniform:10ms,30ms"), std::string::npos) << message;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NoDelaySpec,
    testing::Values("", " ", ":", ",", "x", "fast", "20ms,30ms", "constant", "constant:", "constant:20ms,",
                    "constant:20ms,30ms", ":20ms", "constant::20ms", "Uniform:1ms,2ms", "uniform:10ms",
                    "uniform:30ms,10ms", "uniform:10ms,30ms,50ms", "uniform:,", "uniform:10ms;30ms",
                    "exponential:", "exponential:-1ms", "exponential:1ms,2ms", "exponential:nan",
                    "lognormal:80ms,20ms", "lognormal:0s,20ms", "lognormal:20ms", "bimodal:5ms,100ms",
                    "bimodal:5ms,100ms,1.5", "bimodal:5ms,100ms,-0.1", "bimodal:5ms,100ms,x",
                    "bimodal:5ms,100ms,", "bimodal:5ms,100ms,105%", "11m", "constant:601s", "uniform:1ms,1h",
                    "20ms ", " 20ms", "-20ms", "1e3ms", "inf", "20ms\n", "gauss:20ms,5ms", "\xff",
                    "uniform:10ms,30ms:"));

}  // namespace asyncbench::delay_spec_tests
