#include "harness/work/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>

namespace asyncbench::random_tests {

TEST(Mix64, IsSplitMix64) {
    // The first outputs of the generator by its authors (splitmix64.c) with state 0: state += gamma, then
    // mixed.
    constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15;
    EXPECT_EQ(mix64(0), 0xe220a8397b1dcdafu);
    EXPECT_EQ(mix64(gamma), 0x6e789e6aa1b965f4u);
    EXPECT_EQ(mix64(2 * gamma), 0x06c45d188009454fu);
}

TEST(Mix64, ChangesHalfOfItsOutputWithAnyInputBit) {
    for (int bit = 0; bit < 64; ++bit) {
        int changed = 0;
        for (std::uint64_t x = 0; x < 1000; ++x) {
            changed += std::popcount(mix64(x) ^ mix64(x ^ (std::uint64_t{1} << bit)));
        }
        EXPECT_NEAR(changed / 1000.0, 32, 1) << bit;
    }
}

TEST(ToUnit, StaysBelowOne) {
    EXPECT_EQ(to_unit(0), 0);
    EXPECT_LT(to_unit(~std::uint64_t{0}), 1);
    EXPECT_EQ(to_unit(std::uint64_t{1} << 63), 0.5);
}

TEST(RandomBits, AreUniformInEveryStream) {
    constexpr int count = 160'000;
    for (std::uint64_t stream = 0; stream < 4; ++stream) {
        std::array<int, 16> bins{};
        for (std::uint64_t id = 0; id < count; ++id) {
            ++bins.at(static_cast<std::size_t>(to_unit(random_bits(1, id, stream)) * 16));
        }
        double chi_square = 0;
        for (const int bin : bins) chi_square += std::pow(bin - count / 16, 2) / (count / 16.0);
        // 15 degrees of freedom: 37.7 at one in a thousand.
        EXPECT_LT(chi_square, 37.7) << stream;
    }
}

TEST(RandomBits, AreIndependentBetweenStreamsIdsAndSeeds) {
    const auto correlation = [](auto a, auto b) {
        constexpr int count = 100'000;
        double sum = 0;
        for (std::uint64_t id = 0; id < count; ++id) {
            sum += (to_unit(a(id)) - 0.5) * (to_unit(b(id)) - 0.5) * 12;
        }
        return sum / count;
    };
    const auto base = [](std::uint64_t id) { return random_bits(1, id, 0); };
    // The standard error of the correlation is 0.003.
    EXPECT_NEAR(correlation(base, [](std::uint64_t id) { return random_bits(1, id, 1); }), 0, 0.012);
    EXPECT_NEAR(correlation(base, [](std::uint64_t id) { return random_bits(1, id + 1, 0); }), 0, 0.012);
    EXPECT_NEAR(correlation(base, [](std::uint64_t id) { return random_bits(2, id, 0); }), 0, 0.012);
    EXPECT_NEAR(correlation(base, base), 1, 0.012);
}

}  // namespace asyncbench::random_tests
