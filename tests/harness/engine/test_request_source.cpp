// Which requests a thread sends, and what their responses are worth: without sockets.

#include "harness/engine/request_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace asyncbench::request_source_tests {

using testing::ElementsAre;
using testing::IsEmpty;

LoadRequest get(const std::string& path, const std::string& headers = {}, const std::string& body = {}) {
    return {.text = fmt::format("GET {} HTTP/1.1\r\n{}\r\n{}", path, headers, body)};
}

std::string line_of(const OutgoingRequest& request) {
    return std::string(request.text.substr(0, request.text.find(" HTTP")));
}

std::vector<std::string> lines_of(RequestSource& source, int count, ChannelId channel = 0) {
    std::vector<std::string> lines;
    for (int i = 0; i < count; ++i) lines.push_back(line_of(source.next(channel)));
    return lines;
}

std::shared_ptr<const CsvTable> table(const std::string& text) {
    return std::make_shared<const CsvTable>(parse_csv(text, "t.csv"));
}

TEST(RequestSource, SendsOneRequestAsItStandsInTheSpec) {
    LoadSpec spec;
    spec.targets = {get("/{{id}}")};
    RequestSource source(spec, {0, 1}, 3);
    for (const ChannelId channel : {0U, 2U, 0U})
        EXPECT_EQ(source.next(channel).text.data(), spec.targets.front().text.data());
    EXPECT_TRUE(source.next(0).lasts);
    EXPECT_EQ(source.next(0).kept, nullptr);
}

TEST(RequestSource, SendsRequestsInTurnOverAllThreads) {
    LoadSpec spec;
    spec.targets = {get("/a"), get("/b"), get("/c")};
    RequestSource one(spec, {0, 2}, 1);
    RequestSource other(spec, {1, 2}, 1);
    EXPECT_THAT(lines_of(one, 3), ElementsAre("GET /a", "GET /c", "GET /b"));
    EXPECT_THAT(lines_of(other, 3), ElementsAre("GET /b", "GET /a", "GET /c"));
    EXPECT_TRUE(one.next(0).lasts) << "nothing is copied";
}

TEST(RequestSource, DrawsByWeightAndTheSeed) {
    LoadSpec spec;
    spec.targets = {get("/a"), get("/b")};
    spec.targets[0].weight = 3;
    spec.order = RequestOrder::by_weight;
    RequestSource source(spec, {0, 1}, 1);
    RequestSource again(spec, {0, 1}, 1);
    const std::vector<std::string> lines = lines_of(source, 4000);
    EXPECT_EQ(lines, lines_of(again, 4000));
    EXPECT_NEAR(static_cast<double>(std::count(lines.begin(), lines.end(), "GET /a")), 3000, 150);
    spec.seed = 2;
    RequestSource other(spec, {0, 1}, 1);
    EXPECT_NE(lines, lines_of(other, 4000));
}

TEST(RequestSource, CountsEachValueOnceOverAllThreads) {
    LoadSpec spec;
    spec.targets = {get("/{{id}}")};
    spec.variables.variables = {{"id", CounterSource{10}}};
    RequestSource one(spec, {0, 2}, 2);
    RequestSource other(spec, {1, 2}, 2);
    EXPECT_THAT(lines_of(one, 3), ElementsAre("GET /10", "GET /12", "GET /14"));
    EXPECT_THAT(lines_of(other, 2, 1), ElementsAre("GET /11", "GET /13"));
    EXPECT_FALSE(one.next(0).lasts);
}

TEST(RequestSource, KeepsARequestUntilTheNextOneOfItsChannel) {
    LoadSpec spec;
    spec.targets = {get("/{{id}}")};
    spec.variables.variables = {{"id", CounterSource{1}}};
    RequestSource source(spec, {0, 1}, 2);
    const OutgoingRequest& first = source.next(0);
    source.next(1);
    EXPECT_EQ(line_of(first), "GET /1");
}

TEST(RequestSource, DrawsRandomNumbersWithinTheirBoundsByTheSeed) {
    LoadSpec spec;
    spec.targets = {get("/{{a}}/{{b}}")};
    spec.variables.variables = {{"a", RandomSource{5, 7}}, {"b", RandomSource{5, 7}}};
    RequestSource source(spec, {0, 1}, 1);
    const std::vector<std::string> lines = lines_of(source, 300);
    EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), 9U) << "independent of each other";
    RequestSource again(spec, {0, 1}, 1);
    EXPECT_EQ(lines, lines_of(again, 300));
}

TEST(RequestSource, TakesARowAsAWhole) {
    LoadSpec spec;
    spec.targets = {get("/{{user}}", "X: {{pass}}\r\n", "{{user}}")};
    spec.variables.tables = {table("user,pass\na,1\nb c,2\n")};
    spec.variables.variables = {{"user", ColumnSource{0, 0}}, {"pass", ColumnSource{0, 1}}};
    RequestSource source(spec, {0, 1}, 1);
    for (const char* expected : {"GET /a HTTP/1.1\r\nX: 1\r\n\r\na", "GET /b%20c HTTP/1.1\r\nX: 2\r\n\r\nb c",
                                 "GET /a HTTP/1.1\r\nX: 1\r\n\r\na"})
        EXPECT_EQ(source.next(0).text, expected);
}

TEST(RequestSource, TakesRowsForTheRequestsThatUseThem) {
    LoadSpec spec;
    spec.targets = {get("/none"), get("/{{n}}")};
    spec.variables.tables = {table("n\n1\n2\n3\n4\n")};
    spec.variables.variables = {{"n", ColumnSource{0, 0}}};
    RequestSource source(spec, {0, 1}, 1);
    EXPECT_THAT(lines_of(source, 6),
                ElementsAre("GET /none", "GET /1", "GET /none", "GET /2", "GET /none", "GET /3"));
}

TEST(RequestSource, SaysHowLongABodyWithVariablesIs) {
    LoadSpec spec;
    spec.targets = {
        get("/", fmt::format("Content-Length: {{{{{}}}}}\r\n", body_length_variable), "<{{id}}>")};
    spec.variables.variables = {{"id", CounterSource{9}}};
    RequestSource source(spec, {0, 1}, 1);
    EXPECT_EQ(source.next(0).text, "GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n<9>");
    EXPECT_EQ(source.next(0).text, "GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\n<10>");
}

TEST(RequestSource, FillsTheFieldsOfHttp2) {
    LoadSpec spec;
    spec.http2 = {.streams = 1};
    spec.targets.front().http2 = {{{":path", "/{{v}}"},
                                   {"x", "{{v}}"},
                                   {"content-length", fmt::format("{{{{{}}}}}", body_length_variable)}},
                                  "[{{v}}]"};
    spec.variables.tables = {table("v\na b\n")};
    spec.variables.variables = {{"v", ColumnSource{0, 0}}};
    RequestSource source(spec, {0, 1}, 1);
    const OutgoingRequest& request = source.next(0);
    std::vector<std::string> values;
    for (const nghttp2_nv& field : request.http2.fields)
        values.emplace_back(reinterpret_cast<const char*>(field.value), field.valuelen);
    EXPECT_THAT(values, ElementsAre("/a%20b", "a b", "5"));
    EXPECT_EQ(request.http2.body, "[a b]");
}

TEST(RequestSource, JudgesByTheStatusThatTheRequestExpects) {
    LoadSpec spec;
    spec.targets = {get("/a"), get("/b")};
    spec.targets[1].expected = ExpectedStatus::parse("404");
    RequestSource source(spec, {0, 1}, 1);
    const OutgoingRequest& first = source.next(0);
    EXPECT_TRUE(source.judge(0, first, {.status = 200}).is_right());
    EXPECT_FALSE(source.judge(0, first, {.status = 404}).is_right());
    const OutgoingRequest& second = source.next(0);
    EXPECT_TRUE(source.judge(0, second, {.status = 404}).is_right());
    EXPECT_FALSE(source.judge(0, second, {.status = 200}).is_right());
}

TEST(RequestSource, KeepsOfAResponseWhatItsChecksLookAt) {
    LoadSpec spec;
    spec.targets = {get("/a"), get("/b"), get("/c")};
    spec.targets[1].checks = {ResponseCheck::parse("header X exists")};
    spec.targets[2].checks = {ResponseCheck::parse("body contains ok")};
    RequestSource source(spec, {0, 1}, 1);
    EXPECT_EQ(source.next(0).kept, nullptr);
    EXPECT_FALSE(source.next(0).kept->keeps_body);
    const OutgoingRequest& request = source.next(0);
    EXPECT_TRUE(request.kept->keeps_body);
    request.kept->body.text = "ok";
    EXPECT_TRUE(source.judge(0, request, {.status = 200}).is_right());
    request.kept->body.text = "no";
    EXPECT_EQ(source.judge(0, request, {.status = 200}).problem, "check: body contains ok does not hold");
    EXPECT_THAT(source.judge(0, request, {.status = 500}).problem, IsEmpty()) << "the status says it already";
}

/// A login, whose token a second step sends.
LoadSpec sequence() {
    LoadSpec spec;
    spec.order = RequestOrder::as_sequence;
    spec.targets = {get("/login/{{user}}"), get("/{{user}}/{{token}}"), get("/bye")};
    spec.targets[0].captures = {Capture::parse("token", "body")};
    spec.variables.variables = {{"user", CounterSource{1}}};
    return spec;
}

/// Sends the next request of the channel and answers it.
std::string step(RequestSource& source, ChannelId channel, const std::string& body = {}, int status = 200) {
    const OutgoingRequest& request = source.next(channel);
    if (request.kept != nullptr) request.kept->body.text = body;
    source.judge(channel, request, {.status = status});
    return line_of(request);
}

TEST(RequestSource, DoesTheStepsOfEachChannelInOrderWithWhatWasCaptured) {
    const LoadSpec spec = sequence();
    RequestSource source(spec, {0, 1}, 2);
    EXPECT_EQ(step(source, 0, "t/1"), "GET /login/1");
    EXPECT_EQ(step(source, 1, "t2"), "GET /login/2");
    EXPECT_EQ(step(source, 0), "GET /1/t%2F1");
    EXPECT_EQ(step(source, 0), "GET /bye");
    EXPECT_EQ(step(source, 1), "GET /2/t2");
    EXPECT_EQ(step(source, 0, "t3"), "GET /login/3") << "a new round has new values";
}

TEST(RequestSource, StartsASequenceAgainAfterAFailure) {
    const LoadSpec spec = sequence();
    RequestSource source(spec, {0, 1}, 1);
    step(source, 0, "a");
    EXPECT_EQ(step(source, 0, {}, 500), "GET /1/a");
    EXPECT_EQ(step(source, 0, "b"), "GET /login/2");
    source.next(0);
    source.failed(0);
    EXPECT_EQ(step(source, 0), "GET /login/3");
}

TEST(RequestSource, NamesACaptureThatFoundNothingAndStartsAgain) {
    LoadSpec spec = sequence();
    spec.targets[0].captures = {Capture::parse("token", "json /token")};
    RequestSource source(spec, {0, 1}, 1);
    const OutgoingRequest& request = source.next(0);
    request.kept->body.text = "{}";
    EXPECT_EQ(source.judge(0, request, {.status = 200}).problem,
              "capture: the response has nothing for {{token}} at json /token");
    EXPECT_EQ(step(source, 0), "GET /login/2");
}

}  // namespace asyncbench::request_source_tests
