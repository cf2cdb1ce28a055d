#include "harness/trial/targets_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"

namespace asyncbench::targets_file_tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

/// A file of a test, and its path.
std::string written(const std::string& name, const std::string& text) {
    const std::string path = testing::TempDir() + "/targets_file-" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

TEST(TargetsFile, ReadsTheHttpFormatOfVegeta) {
    const std::string body = written("body.json", "{}");
    const std::vector<LoadTarget> targets = parse_targets(
        "# comment\n"
        "GET http://h:80/path?q=1\n"
        "\n"
        "post http://h/items\r\n"
        "Content-Type: application/json\r\n"
        "X-Account-ID: 8675309\r\n"
        "@" +
            body +
            "\r\n"
            "DELETE http://h/a\n"
            "  HEAD http://h/b  ",
        "t.txt");
    ASSERT_EQ(targets.size(), 4U);
    EXPECT_EQ(targets[0].method, "GET");
    EXPECT_EQ(targets[0].url, "http://h:80/path?q=1");
    EXPECT_FALSE(targets[0].body);
    EXPECT_EQ(targets[1].method, "POST");
    EXPECT_THAT(targets[1].headers, ElementsAre("Content-Type: application/json", "X-Account-ID: 8675309"));
    EXPECT_EQ(targets[1].body->text(), "{}");
    EXPECT_EQ(targets[2].method, "DELETE");
    EXPECT_EQ(targets[3].url, "http://h/b");
}

TEST(TargetsFile, ReadsAListOfUrls) {
    const std::vector<LoadTarget> targets = parse_targets("http://h/a\nhttp://h/b?c=d:e\n/c\n", "t");
    ASSERT_EQ(targets.size(), 3U);
    EXPECT_EQ(targets[1].url, "http://h/b?c=d:e");
    EXPECT_EQ(targets[1].method, "");
    EXPECT_EQ(targets[2].url, "/c");
}

TEST(TargetsFile, ReadsTheJsonFormatOfVegeta) {
    const std::vector<LoadTarget> targets = parse_targets(
        R"({"method": "POST", "url": "http://h/", "body": "aGk=", "header": {"A": ["1", "2"], "B": "", "C": "x"}}

{"url": "http://h/{{id}}", "weight": 3, "expect": 404, "check": "body contains a"}
{"url": "http://h/", "expect": "2xx", "check": ["header A exists", "body matches b"]})",
        "t");
    ASSERT_EQ(targets.size(), 3U);
    EXPECT_EQ(targets[0].body->text(), "hi");
    EXPECT_THAT(targets[0].headers, ElementsAre("A: 1", "A: 2", "B;", "C: x"));
    EXPECT_EQ(targets[1].weight, 3U);
    EXPECT_EQ(targets[1].expected.text(), "404");
    EXPECT_EQ(targets[2].checks.size(), 2U);
}

struct Wrong {
    std::string text;
    const char* problem;
};

TEST(TargetsFile, SaysInWhichLineSomethingIsWrong) {
    for (const Wrong& wrong :
         {Wrong{"", "There is no target in t"},
          Wrong{"# nothing\n\n", "There is no target in t"},
          Wrong{"\nAccept: a\n", "Line 2 of t cannot be used: A target begins with"},
          Wrong{"GET http://h/\nno header\n", "Line 2 of t cannot be used: A header must be written like"},
          Wrong{"GET http://h/\nX: a\rInjected: b\n", "Line 2 of t cannot be used: The header 'X'"},
          Wrong{std::string("GET http://h/\nX: a\0b\n", 20), "Line 2 of t cannot be used: The header 'X'"},
          Wrong{"GET http://h/\nX: \xff\n", "Line 2 of t cannot be used: The header is no UTF-8"},
          Wrong{"GET http://h/a b\n", "Line 1 of t cannot be used: The URL has a space"},
          Wrong{"GET http://h/\x01\n",
                "Line 1 of t cannot be used: The URL has a space, a control character"},
          Wrong{"GET http://h/\xff\n", "Line 1 of t cannot be used: The URL has"},
          Wrong{"G{T http://h/\n", "Line 1 of t cannot be used: 'G{T' is no method"},
          Wrong{"CONNECT http://h/\n", "Line 1 of t cannot be used: CONNECT"},
          Wrong{"GET http://\n", "Line 1 of t cannot be used: 'http://' is no URL"},
          Wrong{"GET http://{{host}}/\n", "Line 1 of t cannot be used: "},
          Wrong{"GET http://h/\nGET https://h/\n",
                "Line 2 of t cannot be used: All URLs must be of one server"},
          Wrong{"http://h/\n\nhttp://h:81/\n", "Line 3 of t cannot be used: All URLs must be of one server"},
          Wrong{"GET http://h/\n@/no/such/file\n", "Line 2 of t cannot be used: The file of the body"},
          Wrong{"{\"url\": \"http://h/\"}\n{\n", "Line 2 of t cannot be read"},
          Wrong{"{\"url\": \"http://h/\", \"bdy\": \"\"}", "Line 1 of t"},
          Wrong{"{\"method\": \"GET\"}", "'url' is missing"},
          Wrong{"{\"url\": \"ftp://h/\"}", "Line 1 of t cannot be used: 'ftp://h/' is no URL"},
          Wrong{"{\"url\": \"http://h/\", \"body\": \"a\"}", "'body' must be base64"},
          Wrong{R"({"url": "http://h/", "header": {"A": "b\r\nHost: evil"}})",
                "The header 'A' must be one line"},
          Wrong{R"({"url": "http://h/", "header": {"A\r\nB": "c"}})", "A header must be written like"},
          Wrong{R"({"url": "http://h/", "header": {"A: b\r\nC": "c"}})", "has a name with a colon"},
          Wrong{R"({"url": "http://h/\r\nX: y"})", "The URL has a space"},
          Wrong{R"({"url": "http://h/", "header": {"A": 7}})", "'header' must hold texts"},
          Wrong{R"({"url": "http://h/", "weight": 0})", "'weight'"},
          Wrong{R"({"url": "http://h/", "check": "status 200"})", "'status' is no place in a response"},
          Wrong{R"({"url": "http://h/", "capture": {"a": "body"}})", "give the file by --steps"}}) {
        EXPECT_THAT([&] { parse_targets(wrong.text, "t"); },
                    ThrowsMessage<UsageError>(HasSubstr(wrong.problem)))
            << wrong.text;
    }
}

TEST(TargetsFile, HasALimitOfTargetsAndOfBodies) {
    std::string many;
    for (std::uint64_t i = 0; i <= targets_limits.most; ++i) many += "/a\n";
    EXPECT_THAT([&] { parse_targets(many, "t"); },
                ThrowsMessage<UsageError>(HasSubstr("Line 100001 of t cannot be used: There are too many")));
    const std::string body = written("large", std::string(body_limits.most, 'x'));
    std::string large;
    for (int i = 0; i < 5; ++i) large += "POST http://h/\n@" + body + "\n";
    EXPECT_THAT(
        [&] { parse_targets(large, "t"); },
        ThrowsMessage<UsageError>(HasSubstr("Line 10 of t cannot be used: The bodies are too large")));
}

TEST(StepsFile, HasCapturesAndNames) {
    const std::vector<LoadTarget> steps = parse_steps(
        R"({"name": "log in", "method": "POST", "url": "http://h/", "capture": {"token": "json /token"}}
{"url": "http://h/{{token}}"})",
        "s");
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].name, "log in");
    EXPECT_EQ(steps[0].captures.front().text(), "json /token");
    EXPECT_EQ(steps[1].name, "step 2");
    EXPECT_THAT([] { parse_steps(R"({"url": "http://h/", "weight": 2})", "s"); },
                ThrowsMessage<UsageError>(HasSubstr("Line 1 of s cannot be used: A step has no weight")));
    EXPECT_THAT([] { parse_steps("", "s"); }, ThrowsMessage<UsageError>(HasSubstr("There is no step in s")));
}

}  // namespace asyncbench::targets_file_tests
