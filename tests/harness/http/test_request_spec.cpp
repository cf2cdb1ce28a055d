#include "harness/http/request_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/http/ascii_url.hpp"

namespace asyncbench::request_spec_tests {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

TEST(WeightedPath, IsReadAndWrittenAlike) {
    for (const char* text : {"/", "/items?page=3", "3:/a", "1000000:/b:7", "/a=b"})
        EXPECT_EQ(WeightedPath::parse(text).text(), text);
    EXPECT_EQ(WeightedPath::parse("2k:/a"), (WeightedPath{"/a", 2000}));
    EXPECT_EQ(WeightedPath::parse("1:/a").text(), "/a");
}

TEST(WeightedPath, ThatCannotBeMeantIsRefusedWithWhatToWrite) {
    const std::vector<std::pair<std::string, std::string>> refused{
        {"a", "/a"},          {"", "slash"},           {"0:/a", "1000000"}, {"x:/a", "'x'"},
        {"/a b", "%20"},      {"/a\r\nX: y", "%0A"},   {"/a#b", "%23"},     {"/a=3", "3:/a"},
        {"2:/a=3", "/a%3D3"}, {"http://h/", "'http'"},
    };
    for (const auto& [text, says] : refused) {
        EXPECT_THAT([&] { WeightedPath::parse(text); }, ThrowsMessage<UsageError>(HasSubstr(says))) << text;
    }
}

TEST(PathChoice, DependsOnSeedAndIdAlone) {
    const std::vector<WeightedPath> paths{{"/a", 3}, {"/b", 1}};
    const PathChoice choice(paths, 7);
    const PathChoice again(paths, 7);
    const PathChoice other(paths, 8);
    bool differs = false;
    for (std::uint64_t id = 100; id-- > 0;) {
        EXPECT_EQ(choice.of(id), again.of(id));
        differs = differs || choice.of(id) != other.of(id);
    }
    EXPECT_TRUE(differs);
}

TEST(PathChoice, DrawsByWeight) {
    const PathChoice choice({{"/a", 3}, {"/b", 1}, {"/c", 4}}, 1);
    std::map<std::size_t, double> counts;
    constexpr double draws = 80'000;
    for (std::uint64_t id = 0; id < draws; ++id) ++counts[choice.of(id)];
    for (const auto& [place, share] : {std::pair{0U, 3.0 / 8}, {1U, 1.0 / 8}, {2U, 4.0 / 8}}) {
        EXPECT_NEAR(counts[place], share * draws, 5 * std::sqrt(draws * share * (1 - share))) << place;
    }
}

/// What docs/trial-protocol.md tells programs in other languages to check.
TEST(PathChoice, IsThatOfTheTrialProtocol) {
    const PathChoice choice({{"/a", 3}, {"/b", 1}}, 1);
    std::string drawn;
    for (std::uint64_t id = 0; id < 12; ++id) drawn += "ab"[choice.of(id)];
    EXPECT_EQ(drawn, "aaaaaabaaaba");
}

TEST(RequestSpec, IsAPostWhereItHasABody) {
    RequestSpec spec;
    EXPECT_EQ(method_of(spec), "GET");
    spec.body = SharedBytes();
    EXPECT_EQ(method_of(spec), "POST");
    spec.method = parse_method("patch");
    EXPECT_EQ(method_of(spec), "PATCH");
}

TEST(RequestSpec, MakesARequestForEachPath) {
    RequestSpec spec{.headers = {"X: 1"}, .paths = {{"/a", 3}, {"/bücher", 1}}};
    const auto requests = requests_of(spec, "http://h:1");
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].url, "http://h:1/a");
    EXPECT_EQ(requests[1].url, "http://h:1/b%C3%BCcher");
    EXPECT_THAT(requests[1].headers, ElementsAre("X: 1"));
    spec.paths.clear();
    EXPECT_EQ(requests_of(spec, "http://h:1/x").front().url, "http://h:1/x");
}

TEST(RequestSpec, KeepsItsBodyOnceWhateverTheNumberOfPaths) {
    const RequestSpec spec{.body = SharedBytes(std::string(1000, 'x')), .paths = {{"/a"}, {"/b"}}};
    for (const HttpRequest& request : requests_of(spec, "http://h"))
        EXPECT_EQ(request.body.text().data(), spec.body->text().data());
}

TEST(RequestSpec, IsDescribedWithoutItsSecrets) {
    EXPECT_EQ(describe({}), "");
    EXPECT_EQ(describe({.headers = {"Accept: text/html"}}), "GET with Accept");
    const RequestSpec spec{.headers = {"Authorization: Bearer secret", "X-Key;"},
                           .body = SharedBytes("secret"),
                           .paths = {{"/a", 3}, {"/b", 1}}};
    EXPECT_EQ(describe(spec), "POST /a (3 of 4), /b (1 of 4) with Authorization, X-Key and a body");
}

TEST(Header, IsOneLineWithANameAndAColon) {
    for (const char* line : {"Accept: text/html", "X:", "X;", "X-Key:a:b;c"})
        EXPECT_EQ(parse_header(line), line);
    for (const char* line :
         {"", "secret", ": secret", "a b: secret", "X: secret\r\nY: z", "X;secret", "@file"}) {
        EXPECT_THAT([&] { parse_header(line); }, ThrowsMessage<UsageError>(Not(HasSubstr("secret")))) << line;
    }
}

TEST(Method, IsAWord) {
    EXPECT_EQ(parse_method("delete"), "DELETE");
    EXPECT_EQ(parse_method("M-SEARCH"), "M-SEARCH");
    for (const char* text : {"", "GET /", "CONNECT"}) EXPECT_THROW(parse_method(text), UsageError) << text;
}

TEST(RequestSpec, ThatContradictsItselfIsRefused) {
    EXPECT_THROW(check({.method = "HEAD", .body = SharedBytes("x")}), UsageError);
    EXPECT_THROW(check({.tls = {.key = "key.pem"}}), UsageError);
    EXPECT_THAT([] { check({.body = SharedBytes(std::string(body_limits.most + 1, 'x'))}); },
                ThrowsMessage<UsageError>(HasSubstr("16 MiB")));
}

TEST(AsciiUrl, WritesNamesInOtherLettersAsIdnaDoes) {
    // RFC 3492, section 7.1, and RFC 5891's examples.
    EXPECT_EQ(ascii_url("http://bücher.example:8080/x?y=1"), "http://xn--bcher-kva.example:8080/x?y=1");
    EXPECT_EQ(ascii_url("http://user:pass@例え.テスト/"), "http://user:pass@xn--r8jz45g.xn--zckzah/");
    EXPECT_EQ(ascii_url("http://h/bücher"), "http://h/b%c3%bccher");
    for (const char* url : {"http://h", "http://h/%41?a b", "https://[::1]:1/x"})
        EXPECT_EQ(ascii_url(url), url);
}

TEST(AsciiUrl, ThatIsNoneIsRefusedByName) {
    EXPECT_THAT(
        [] {
            ascii_url(
                "http://user:secret@b\xfc"
                "cher.example/");
        },
        ThrowsMessage<Error>(
            AllOf(HasSubstr("cher.example"), HasSubstr("cannot be used"), Not(HasSubstr("secret")))));
}

}  // namespace asyncbench::request_spec_tests
