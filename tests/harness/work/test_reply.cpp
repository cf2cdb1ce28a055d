#include "harness/work/reply.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/work/random.hpp"

namespace asyncbench::reply_tests {

Profile mixed_profile() {
    Profile profile;
    profile.delay = DelaySpec::parse("uniform:1ms,9ms");
    profile.payload_bytes = 300;
    profile.error_rate = 0.1;
    profile.faults = FaultShares::parse("close:0.02,truncate:0.03,stall:0.04,dribble:0.05");
    return profile;
}

TEST(Reply, IsAPureFunctionOfProfileSeedAndId) {
    const Profile profile = mixed_profile();
    const auto same = [](const Reply& a, const Reply& b) {
        return a.delay == b.delay && a.status == b.status && a.fault == b.fault &&
               a.body_bytes == b.body_bytes;
    };
    int differing = 0;
    for (std::uint64_t id = 0; id < 1000; ++id) {
        const Reply reply = reply_for(profile, 1, id);
        reply_for(profile, 99, id + 1);
        EXPECT_TRUE(same(reply_for(profile, 1, id), reply));
        differing += same(reply_for(profile, 2, id), reply) ? 0 : 1;
    }
    EXPECT_GT(differing, 990);
}

TEST(Reply, HasTheDelayOfItsIdAndTheProfilesLength) {
    const Profile profile = mixed_profile();
    for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        EXPECT_EQ(reply_for(profile, 5, id).delay, profile.delay.sample(5, id));
        EXPECT_EQ(reply_for(profile, 5, id).body_bytes, 300u);
    }
}

TEST(Reply, MeetsErrorsAndFaultsInTheirShares) {
    constexpr int count = 400'000;
    const Profile profile = mixed_profile();
    std::map<Fault, int> faults;
    int errors = 0;
    for (int id = 0; id < count; ++id) {
        const Reply reply = reply_for(profile, 11, static_cast<std::uint64_t>(id));
        ++faults[reply.fault];
        errors += reply.status == 500 ? 1 : 0;
        EXPECT_TRUE(reply.status == 200 || reply.fault == Fault::none);
    }
    EXPECT_NEAR(errors, 0.10 * count, 1000);
    EXPECT_NEAR(faults[Fault::close], 0.02 * count, 500);
    EXPECT_NEAR(faults[Fault::truncate], 0.03 * count, 600);
    EXPECT_NEAR(faults[Fault::stall], 0.04 * count, 700);
    EXPECT_NEAR(faults[Fault::dribble], 0.05 * count, 800);
}

TEST(Reply, MeetsAShareOfOneAlways) {
    Profile profile;
    for (const auto& [text, fault] :
         {std::pair{"close:1", Fault::close}, std::pair{"truncate:1", Fault::truncate},
          std::pair{"stall:1", Fault::stall}, std::pair{"dribble:1", Fault::dribble}}) {
        profile.faults = FaultShares::parse(text);
        for (std::uint64_t id = 0; id < 1000; ++id) EXPECT_EQ(reply_for(profile, 1, id).fault, fault);
    }
    profile.faults = {};
    profile.error_rate = 1;
    for (std::uint64_t id = 0; id < 1000; ++id) EXPECT_EQ(reply_for(profile, 1, id).status, 500);
}

TEST(Reply, DrawsFaultsApartFromDelays) {
    // The same requests keep their delays when faults are added: runs with and without them can be compared.
    Profile plain = mixed_profile();
    plain.faults = {};
    plain.error_rate = 0;
    double sum_of_failing = 0;
    int failing = 0;
    for (std::uint64_t id = 0; id < 100'000; ++id) {
        const Reply reply = reply_for(mixed_profile(), 1, id);
        EXPECT_EQ(reply.delay, reply_for(plain, 1, id).delay);
        if (reply.status == 200) continue;
        sum_of_failing += static_cast<double>(reply.delay.count()) / 1e6;
        ++failing;
    }
    EXPECT_NEAR(sum_of_failing / failing, 5.0, 0.1);
}

TEST(Reply, ArrivesUnlessItsFaultPreventsIt) {
    const std::array<std::pair<Fault, bool>, 5> arrivals{{{Fault::none, true},
                                                          {Fault::dribble, true},
                                                          {Fault::close, false},
                                                          {Fault::truncate, false},
                                                          {Fault::stall, false}}};
    for (const auto& [fault, arrives] : arrivals) {
        Reply reply;
        reply.fault = fault;
        EXPECT_EQ(reply.arrives(), arrives);
    }
}

TEST(ContentTag, IsSixteenHexadecimalDigitsOfItsDefinition) {
    const std::string tag = content_tag(7, 9);
    EXPECT_EQ(tag.size(), content_tag_bytes);
    EXPECT_EQ(std::stoull(tag, nullptr, 16), mix64(mix64(7) ^ 9));
    const auto chars = content_tag_chars(7, 9);
    EXPECT_EQ(std::string(chars.begin(), chars.end()), tag);
}

TEST(ContentTag, DiffersBetweenIdsAndBetweenSeeds) {
    std::set<std::string> tags;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        for (std::uint64_t id = 0; id < 1000; ++id) tags.insert(content_tag(seed, id));
    }
    EXPECT_EQ(tags.size(), 10'000u);
}

TEST(Body, IsTagThenDots) {
    EXPECT_EQ(body_for(7, 9, 20), content_tag(7, 9) + "....");
    EXPECT_EQ(body_for(7, 9, 5), content_tag(7, 9).substr(0, 5));
    EXPECT_EQ(body_for(7, 9, 0), "");
}

TEST(Body, IsRecognised) {
    for (const std::uint64_t bytes : {0, 1, 15, 16, 17, 1000}) {
        EXPECT_TRUE(is_body_for(body_for(7, 9, bytes), 7, 9, bytes)) << bytes;
    }
}

TEST(Body, OfAnotherRequestLengthOrEndIsNotRecognised) {
    const std::string body = body_for(7, 9, 100);
    EXPECT_FALSE(is_body_for(body_for(7, 10, 100), 7, 9, 100));
    EXPECT_FALSE(is_body_for(body_for(8, 9, 100), 7, 9, 100));
    EXPECT_FALSE(is_body_for(body, 7, 9, 99));
    EXPECT_FALSE(is_body_for(body.substr(0, 99), 7, 9, 100));
    EXPECT_FALSE(is_body_for("", 7, 9, 100));
    std::string damaged = body;
    damaged.back() = 'x';
    EXPECT_FALSE(is_body_for(damaged, 7, 9, 100));
    for (std::size_t i = 0; i < content_tag_bytes; ++i) {
        damaged = body;
        damaged[i] = 'x';
        EXPECT_FALSE(is_body_for(damaged, 7, 9, 100)) << i;
    }
}

}  // namespace asyncbench::reply_tests
