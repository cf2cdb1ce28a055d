#include "harness/work/fingerprint.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace asyncbench::fingerprint_tests {

Fingerprint of_range(std::uint64_t first, std::uint64_t last) {
    Fingerprint fingerprint;
    for (std::uint64_t id = first; id < last; ++id) fingerprint.add(id);
    return fingerprint;
}

TEST(Fingerprint, OfNothingIsZero) {
    EXPECT_EQ(Fingerprint().count, 0u);
    EXPECT_EQ(Fingerprint().sum, 0u);
}

TEST(Fingerprint, DoesNotKnowTheOrder) {
    Fingerprint backwards;
    for (std::uint64_t id = 1000; id-- > 0;) backwards.add(id);
    EXPECT_EQ(backwards, of_range(0, 1000));
}

TEST(Fingerprint, OfPartsAddsUpToThatOfTheWhole) {
    Fingerprint whole = of_range(0, 300);
    whole += of_range(300, 1000);
    EXPECT_EQ(whole, of_range(0, 1000));
}

TEST(Fingerprint, SeesAMissingAnExtraAndAnExchangedId) {
    const Fingerprint expected = of_range(0, 1000);
    EXPECT_FALSE(of_range(0, 999) == expected);
    EXPECT_FALSE(of_range(0, 1001) == expected);
    EXPECT_FALSE(of_range(1, 1001) == expected);
}

TEST(Fingerprint, SeesAnIdServedTwiceInPlaceOfAnother) {
    Fingerprint twice = of_range(0, 998);
    twice.add(5);
    twice.add(5);
    EXPECT_EQ(twice.count, 1000u);
    EXPECT_NE(twice.sum, of_range(0, 1000).sum);
    EXPECT_NE(twice.sum, of_range(0, 998).sum);
}

TEST(Fingerprint, SeesIdsWhoseSumIsTheSame) {
    Fingerprint a;
    a.add(1);
    a.add(4);
    Fingerprint b;
    b.add(2);
    b.add(3);
    EXPECT_NE(a.sum, b.sum);
}

}  // namespace asyncbench::fingerprint_tests
