#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"

namespace asyncbench::addresses_tests {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing::UnorderedElementsAre;

TimePoint soon() {
    return steady_now() + 20s;
}

TEST(OriginOf, TakesHostAndPortFromAUrl) {
    const std::pair<const char*, Origin> urls[] = {
        {"http://example.org/a?b#c", {"example.org", 80}},
        {"https://example.org", {"example.org", 443}},
        {"HTTP://u:p@Example.ORG:8080/", {"Example.ORG", 8080}},
        {"http://[::1]:81/", {"::1", 81}},
        {"http://127.1/", {"127.0.0.1", 80}},  // as libcurl writes it
    };
    for (const auto& [url, expected] : urls) {
        const auto origin = origin_of(url);
        ASSERT_TRUE(origin) << url;
        EXPECT_EQ(origin->host, expected.host) << url;
        EXPECT_EQ(origin->port, expected.port) << url;
    }
}

TEST(OriginOf, FindsNoneInWhatIsNoUrl) {
    for (const char* text : {"", "http://", "http://a b/", "http://a:99999/"})
        EXPECT_FALSE(origin_of(text)) << text;
}

TEST(IsAddress, TellsDigitsFromNames) {
    for (const char* address : {"127.0.0.1", "::1", "2001:db8::1", "fe80::1%eth0", "::ffff:10.0.0.1"})
        EXPECT_TRUE(is_address(address)) << address;
    for (const char* name :
         {"", "localhost", "127.0.0.1.", "256.0.0.1", "1.2.3", "a::b::c", "[::1]", "127.0.0.1:80"})
        EXPECT_FALSE(is_address(name)) << name;
}

TEST(LookUp, OfLocalhostHasBothLoopbackAddressesWhateverTheSystemSays) {
    for (const char* host : {"localhost", "www.localhost"})
        EXPECT_THAT(look_up(host, soon(), nullptr), UnorderedElementsAre("127.0.0.1", "::1"));
}

TEST(LookUp, AsksTheSystem) {
    EXPECT_THAT(look_up("127.0.0.1", soon(), nullptr), ElementsAre("127.0.0.1"));
}

TEST(LookUp, SaysWhichNameHasNoAddress) {
    EXPECT_THAT([] { look_up("no-such-host.invalid", soon(), nullptr); },
                ThrowsMessage<Error>(HasSubstr("no-such-host.invalid")));
}

TEST(LookUp, GivesUpWhereItIsInterruptedOrTimeIsUp) {
    const std::atomic<bool> interrupted{true};
    EXPECT_THAT([&] { look_up("no-such-host.invalid", soon(), &interrupted); },
                ThrowsMessage<Error>(HasSubstr("no-such-host.invalid")));
    EXPECT_THAT([] { look_up("no-such-host.invalid", TimePoint::min(), nullptr); },
                ThrowsMessage<Error>(HasSubstr("no-such-host.invalid")));
}

TEST(PinnedTo, WritesAddressesOfBothFamiliesForLibcurl) {
    const std::vector<std::string> addresses{"::1", "127.0.0.1"};
    EXPECT_EQ(pinned_to(addresses, 8080), "*:8080:[::1],127.0.0.1");
}

}  // namespace asyncbench::addresses_tests
