#include "harness/http/resolve_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/errors.hpp"

namespace asyncbench::resolve_rule_tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

TEST(ResolveRule, IsReadAsCurlWritesIt) {
    const ResolveRule rule = ResolveRule::parse("Svc.Example:443:10.0.0.1,[::1],fe80::2");
    EXPECT_EQ(rule, (ResolveRule{"svc.example", 443, {"10.0.0.1", "::1", "fe80::2"}}));
    EXPECT_EQ(rule.text(), "svc.example:443:10.0.0.1,[::1],[fe80::2]");
    EXPECT_EQ(ResolveRule::parse(rule.text()), rule);
    EXPECT_EQ(ResolveRule::parse("[::1]:80:10.0.0.1"), (ResolveRule{"::1", 80, {"10.0.0.1"}}));
    EXPECT_EQ(ResolveRule::parse("*:80:10.0.0.1").host, "*");
}

TEST(ResolveRule, IsRefusedWhereItIsNone) {
    for (const char* text : {"", "h", "h:80", "h:80:", "h:0:10.0.0.1", "h:65536:10.0.0.1", "h:x:10.0.0.1",
                             ":80:10.0.0.1", "h:80:10.0.0.1,", "h:80:other.example", "[::1:80:10.0.0.1"}) {
        EXPECT_THAT([&] { ResolveRule::parse(text); },
                    ThrowsMessage<UsageError>(HasSubstr("HOST:PORT:ADDRESS")))
            << text;
    }
}

TEST(AddressesByRule, AreThoseOfTheUrlsHostAndPort) {
    const std::vector<ResolveRule> rules{ResolveRule::parse("a.example:80:10.0.0.1"),
                                         ResolveRule::parse("a.example:443:10.0.0.2,10.0.0.3"),
                                         ResolveRule::parse("*:8080:10.0.0.4")};
    EXPECT_THAT(addresses_by_rule(rules, "http://a.example/"), ElementsAre("10.0.0.1"));
    EXPECT_THAT(addresses_by_rule(rules, "https://A.example/"), ElementsAre("10.0.0.2", "10.0.0.3"));
    EXPECT_THAT(addresses_by_rule(rules, "http://b.example:8080/"), ElementsAre("10.0.0.4"));
    EXPECT_THAT(addresses_by_rule({}, "http://a.example/"), IsEmpty());
}

TEST(AddressesByRule, RefusesRulesThatSayNothingOfTheUrl) {
    const std::vector<ResolveRule> rules{ResolveRule::parse("a.example:443:10.0.0.1")};
    EXPECT_THAT([&] { addresses_by_rule(rules, "http://a.example/"); },
                ThrowsMessage<UsageError>(HasSubstr("a.example:80")));
}

TEST(AddressesByRule, OfTwoRulesForTheSameTakesTheLast) {
    const std::vector<ResolveRule> rules{ResolveRule::parse("a:80:10.0.0.1"),
                                         ResolveRule::parse("a:80:10.0.0.2")};
    EXPECT_THAT(addresses_by_rule(rules, "http://a/"), ElementsAre("10.0.0.2"));
}

}  // namespace asyncbench::resolve_rule_tests
