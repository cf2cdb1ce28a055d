#include "harness/work/secret_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace asyncbench::secret_text_tests {

struct Case {
    std::string text;
    std::string shown;
};

class WithoutSecrets : public testing::TestWithParam<Case> {};

TEST_P(WithoutSecrets, ShowsTheRestAsItIs) {
    EXPECT_EQ(without_secrets(GetParam().text), GetParam().shown);
}

TEST_P(WithoutSecrets, ChangesNothingMoreWhereAppliedTwice) {
    EXPECT_EQ(without_secrets(GetParam().shown), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    OfUrls, WithoutSecrets,
    testing::Values(Case{"http://ann:s3cr%40t!@127.0.0.1:80/x", "http://***@127.0.0.1:80/x"},
                    Case{"https://TOKEN@host/", "https://***@host/"},
                    Case{"http://a:b@c@host/@x", "http://***@host/@x"},
                    Case{"http://ann:pass/word@host/x", "http://***@host/x"},
                    Case{"http://[::1]:8080/a@b", "http://[::1]:8080/a@b"},
                    Case{"http://host:8080/mail?to=x@y", "http://host:8080/mail?to=x@y"},
                    Case{"http://@host/", "http://@host/"},
                    Case{"Get http://u:p@a/ or postgres://v:q@b/db.",
                         "Get http://***@a/ or postgres://***@b/db."},
                    Case{"http://host/?a=1&api_key=K&b=2", "http://host/?a=1&api_key=***&b=2"},
                    Case{"http://host/?X-Amz-Signature=abc#end", "http://host/?X-Amz-Signature=***#end"},
                    Case{"http://host/?keyword=a&monkey=b", "http://host/?keyword=a&monkey=b"}));

INSTANTIATE_TEST_SUITE_P(
    OfCommands, WithoutSecrets,
    testing::Values(
        Case{"server --password hunter2 --port 80", "server --password *** --port 80"},
        Case{"server --token='a b' -v", "server --token='***' -v"},
        Case{"DB_PASSWORD=x server", "DB_PASSWORD=*** server"},
        Case{"server --token --verbose", "server --token --verbose"},
        Case{"curl -H 'Authorization: Bearer a b' http://h/", "curl -H 'Authorization: ***' http://h/"},
        Case{"curl -H \"x-api-key: 12\" -H \"Accept: a\"", "curl -H \"x-api-key: ***\" -H \"Accept: a\""},
        Case{R"({"password": "a,b", "user": "ann"})", R"({"password": "***", "user": "ann"})"},
        Case{"thread-pool:threads=16", "thread-pool:threads=16"},
        Case{"unexpected token: <", "unexpected token: <"}));

TEST(SecretText, IsRevealedToWhomItIsMeantForAlone) {
    const SecretText url("http://u:p@host/");
    EXPECT_EQ(url.reveal(), "http://u:p@host/");
    EXPECT_EQ(url.shown(), "http://***@host/");
    EXPECT_FALSE((std::is_convertible_v<SecretText, std::string>)) << "it could be shown by oversight";
}

TEST(SecretText, HidesTheUserOfAUrlThatLacksItsScheme) {
    EXPECT_EQ(SecretText::url("ann:pw@host/x").shown(), "***@host/x");
    EXPECT_EQ(SecretText::url("http://ann:it's mine@host/").shown(), "http://***@host/");
}

TEST(SecretText, ShowsOfAHeaderItsNameAloneUnlessItIsKnownToBeHarmless) {
    EXPECT_EQ(SecretText::header("Authorization: Bearer x").shown(), "Authorization: ***");
    EXPECT_EQ(SecretText::header("X-Tenant: 17").shown(), "X-Tenant: ***");
    EXPECT_EQ(SecretText::header("Accept: text/html").shown(), "Accept: text/html");
    EXPECT_EQ(SecretText::header("no colon").shown(), "***");
    EXPECT_EQ(SecretText::header("X-Tenant: 17").reveal(), "X-Tenant: 17");
}

TEST(SecretText, ShowsOfABodyItsLengthAlone) {
    EXPECT_EQ(SecretText::body("user=ann").shown(), "*** (8 bytes)");
}

TEST(SecretText, KnowsThatItWasReadFromWhereItIsShown) {
    EXPECT_TRUE(SecretText::url("http://***@host/").lacks_its_secret());
    EXPECT_TRUE(SecretText::url("http://host/?token=***").lacks_its_secret());
    EXPECT_FALSE(SecretText::url("http://u:p@host/").lacks_its_secret());
    EXPECT_FALSE(SecretText::url("mock").lacks_its_secret());
}

}  // namespace asyncbench::secret_text_tests
