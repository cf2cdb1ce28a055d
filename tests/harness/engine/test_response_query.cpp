#include "harness/engine/response_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "async/errors.hpp"

namespace asyncbench::response_query_tests {

using testing::Eq;
using testing::HasSubstr;
using testing::Optional;
using testing::ThrowsMessage;

KeptResponse response() {
    return {.fields = {{"content-type", "application/json"},
                       {"Set-Cookie", "sid=7; Path=/"},
                       {"set-cookie", "b=2"}},
            .body = {.text = R"({"items": [{"id": 7, "name": "a/b"}], "a b": null, "~": true})"},
            .keeps_body = true};
}

bool holds(const std::string& check) {
    return ResponseCheck::parse(check).problem_of(response()).empty();
}

TEST(ResponseCheck, HoldsWhereTheResponseIsAsItSays) {
    for (const char* check :
         {"header Content-Type == application/json", "header content-type contains json",
          "header Content-Type matches ^application/", "header X-Other not exists", "header X-Other != a",
          "header Set-Cookie contains b=2", "body contains \"items\"", "body matches \"id\": \\d",
          "body not contains error", "json /items/0/id == 7", "json /items/0/name == a/b",
          "json /a~1b not exists", "json /items exists", "json /items/0 == {\"id\":7,\"name\":\"a/b\"}",
          "json /~0 == true"})
        EXPECT_TRUE(holds(check)) << check;
    for (const char* check :
         {"header Content-Type == json", "header Content-Type != application/json", "header X-Other exists",
          "header X-Other == ", "body contains nothing", "body not matches items", "json /items/1 exists",
          "json /items/0/id == 8", "json /items/x exists", "json /items/- exists",
          "json /items/99999999999999999999 exists"})
        EXPECT_FALSE(holds(check)) << check;
}

TEST(ResponseCheck, SaysWhichCheckDoesNotHold) {
    const ResponseCheck check = ResponseCheck::parse("body contains nothing");
    EXPECT_EQ(check.problem_of(response()), "check: body contains nothing does not hold");
    KeptResponse cut = response();
    cut.body.skipped = 1;
    EXPECT_THAT(std::string(check.problem_of(cut)), HasSubstr("in the first 1 MiB"));
}

TEST(ResponseCheck, OfJsonDoesNotHoldWhereTheBodyIsNone) {
    for (const char* body : {"", "{", "nope", "\xff", "[1", "{\"a\": 1} x"}) {
        const KeptResponse broken{.body = {.text = body}, .keeps_body = true};
        EXPECT_FALSE(ResponseCheck::parse("json  exists").problem_of(broken).empty()) << body;
    }
}

TEST(ResponseCheck, TakesNoTimeThatGrowsFasterThanTheBody) {
    const KeptResponse hostile{.body = {.text = std::string(1'000'000, 'a')}, .keeps_body = true};
    EXPECT_FALSE(ResponseCheck::parse("body matches ^(a|aa)+$b").problem_of(hostile).empty());
    const KeptResponse deep{.body = {.text = std::string(500'000, '[')}, .keeps_body = true};
    EXPECT_FALSE(ResponseCheck::parse("json /0 exists").problem_of(deep).empty());
    const KeptResponse closed{.body = {.text = std::string(500'000, '[') + std::string(500'000, ']')},
                              .keeps_body = true};
    EXPECT_FALSE(ResponseCheck::parse("json /0 exists").problem_of(closed).empty());
}

TEST(ResponseCheck, IsRefusedWhereItSaysNothing) {
    for (const char* check : {"", "status == 200", "header", "header X", "header X is 7", "body",
                              "body contains", "body contains ", "body matches (", "header X exists now",
                              "json items exists", "json /a~2 exists", "body not == x", "body not != x"})
        EXPECT_THROW(ResponseCheck::parse(check), UsageError) << check;
    EXPECT_THAT([] { ResponseCheck::parse("body matches (?=a)"); },
                ThrowsMessage<UsageError>(HasSubstr("is no regular expression")));
}

std::optional<std::string> captured(const std::string& text) {
    return Capture::parse("x", text).value_in(response());
}

TEST(Capture, TakesAValueOutOfAResponse) {
    EXPECT_THAT(captured("json /items/0/id"), Optional(Eq("7")));
    EXPECT_THAT(captured("json /items/0/name"), Optional(Eq("a/b")));
    EXPECT_THAT(captured("header Content-Type"), Optional(Eq("application/json")));
    EXPECT_THAT(captured("header Set-Cookie regex sid=([^;]+)"), Optional(Eq("7")));
    EXPECT_THAT(captured("body regex \"name\": \"[^\"]*\""), Optional(Eq("\"name\": \"a/b\"")));
    for (const char* text : {"json /none", "header X", "body regex nothing", "header X regex ."})
        EXPECT_EQ(captured(text), std::nullopt) << text;
    EXPECT_EQ(Capture::parse("id", "json /none").problem(),
              "capture: the response has nothing for {{id}} at json /none");
}

TEST(Capture, IsRefusedWhereItIsNone) {
    for (const char* text : {"", "cookie sid", "body regex", "body regex (", "header X contains a"})
        EXPECT_THROW(Capture::parse("x", text), UsageError) << text;
    EXPECT_THROW(Capture::parse("no name", "body"), UsageError);
}

TEST(KeptResponse, KeepsTheBeginningOfALongBody) {
    KeptResponse kept{.keeps_body = true};
    const std::string half(KeptResponse::most_body_bytes / 2, 'x');
    for (int i = 0; i < 2; ++i) kept.add_body(half);
    EXPECT_FALSE(kept.is_cut());
    kept.add_body("yz");
    EXPECT_TRUE(kept.is_cut());
    EXPECT_EQ(kept.body.text.size(), KeptResponse::most_body_bytes + 1) << "and the last byte";
}

}  // namespace asyncbench::response_query_tests
