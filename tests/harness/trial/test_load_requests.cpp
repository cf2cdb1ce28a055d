#include "harness/trial/load_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "harness/trial/targets_file.hpp"
#include "harness/trial/trial_json.hpp"
#include "harness/trial/variable_reader.hpp"

namespace asyncbench::load_requests_tests {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

/// A file of a test, and its path.
std::string written(const std::string& name, const std::string& text) {
    const std::string path = testing::TempDir() + "/load_requests-" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

LoadRequests of_targets(const std::string& text) {
    return {.targets = parse_targets(text, "t"), .is_sequence = false, .variables = {}};
}

VariableSet variables(const std::vector<std::string>& texts) {
    VariableReader reader;
    for (const std::string& text : texts) reader.add(text);
    return reader.take();
}

TEST(VariableReader, ReadsEachSource) {
    const std::string csv = written("u.csv", "user,pass\na,1\n");
    const VariableSet set =
        variables({"a=counter", "b=counter:5", "c=random:1,6", "user=@" + csv, "p=@" + csv + ":pass"});
    EXPECT_EQ(std::get<CounterSource>(set.variables[0].source).first, 1U);
    EXPECT_EQ(std::get<CounterSource>(set.variables[1].source).first, 5U);
    EXPECT_EQ(std::get<RandomSource>(set.variables[2].source).high, 6U);
    EXPECT_EQ(std::get<ColumnSource>(set.variables[3].source).column, 0U);
    EXPECT_EQ(std::get<ColumnSource>(set.variables[4].source).column, 1U);
    EXPECT_EQ(set.tables.size(), 1U) << "both have one row in a request";
}

TEST(VariableReader, RefusesWhatIsNone) {
    const std::string csv = written("u.csv", "user\na\n");
    for (const std::string& text : {std::string("a"), std::string("a=b"), std::string("a b=counter"),
                                    std::string("a=counter:x"), std::string("a=random:6"),
                                    std::string("a=random:6,1"), std::string("a=@/no/such.csv"), "a=@" + csv})
        EXPECT_THROW(variables({text}), UsageError) << text;
    EXPECT_THAT([] { variables({"a=counter", "a=counter"}); }, ThrowsMessage<UsageError>(HasSubstr("twice")));
}

TEST(LoadRequests, AreReadBackFromTheSpecOfATrial) {
    TrialSpec spec;
    spec.trial = "load";
    spec.strategy.name = "native";
    spec.plan = {.kind = PlanKind::closed, .concurrency = 1, .duration = std::chrono::seconds{1}};
    spec.base_url = SecretText::url("http://h/");
    spec.load.emplace();
    spec.load->checks = {ResponseCheck::parse("body contains ok")};
    spec.requests.targets = parse_steps(
        R"x({"name": "a", "method": "PUT", "url": "http://h/{{n}}", "header": {"A": "secret"}, )x"
        R"x("body": "aGk=", "expect": "2xx", "check": "body matches x", "capture": {"t": "header X regex (.)"}})x",
        "s");
    spec.requests.targets.front().headers.emplace_back("Accept:");
    spec.requests.is_sequence = true;
    spec.requests.variables =
        variables({"n=counter:3", "r=random:1,2", "user=@" + written("u.csv", "user\n\"a\nb\"\n")});
    const TrialSpec back = trial_spec_from_json(to_json_line(spec));
    EXPECT_EQ(to_json_line(back), to_json_line(spec));
    EXPECT_EQ(back.load, spec.load);
    EXPECT_EQ(back.requests.variables.tables.front()->cells, spec.requests.variables.tables.front()->cells);
    EXPECT_THAT(back.requests.targets.front().headers, ElementsAre("A: secret", "Accept:"));
    EXPECT_THAT(to_text(json_of(spec)), Not(HasSubstr("secret"))) << "no result tells of it";
}

TEST(LoadRequests, TakeFromTheFlagsWhatATargetDoesNotSay) {
    RequestSpec flags{.method = "PATCH",
                      .headers = {SecretText("a: flag"), SecretText("B: flag")},
                      .body = SharedBytes("flag")};
    const auto targets = targets_for(of_targets("/x\nGET http://h:81/y\nA: own\nPOST http://h:81/z\n"), flags,
                                     SecretText::url("http://h:81/ignored?q"));
    ASSERT_EQ(targets.size(), 3U);
    EXPECT_EQ(targets[0].url, "http://h:81/x");
    EXPECT_EQ(targets[0].method, "PATCH");
    EXPECT_EQ(targets[0].body->text(), "flag");
    EXPECT_THAT(targets[0].headers, ElementsAre("a: flag", "B: flag"));
    EXPECT_EQ(targets[1].method, "GET");
    EXPECT_FALSE(targets[1].body);
    EXPECT_THAT(targets[1].headers, ElementsAre("B: flag", "A: own"));
    EXPECT_EQ(targets[2].body->text(), "flag");
}

TEST(LoadRequests, WithoutTargetsAreTheOneRequestOfTheFlags) {
    const auto targets = targets_for({}, {.method = {}, .headers = {}, .body = SharedBytes("x")},
                                     SecretText::url("http://h/a"));
    ASSERT_EQ(targets.size(), 1U);
    EXPECT_EQ(targets[0].url, "http://h/a");
    EXPECT_EQ(targets[0].method, "POST");
}

TEST(LoadRequests, WithoutTargetsAreOfEachPathByItsWeight) {
    const RequestSpec spec{.paths = {{"/b"}, {"/c?d", 3}}};
    const auto targets = targets_for({}, spec, SecretText::url("http://h/a"));
    ASSERT_EQ(targets.size(), 2U);
    EXPECT_EQ(targets[0].url, "http://h/a/b");
    EXPECT_EQ(targets[0].weight, 1U);
    EXPECT_EQ(targets[1].url, "http://h/a/c?d");
    EXPECT_EQ(targets[1].weight, 3U);
    EXPECT_EQ(order_of({}, targets), RequestOrder::by_weight);
}

TEST(LoadRequests, HaveAnOrder) {
    const auto order = [](const LoadRequests& requests) {
        return order_of(requests, targets_for(requests, {}, SecretText::url("http://h/")));
    };
    EXPECT_EQ(order(of_targets("/a\n/b\n")), RequestOrder::in_turn);
    EXPECT_EQ(order(of_targets("{\"url\": \"/a\"}\n{\"url\": \"/b\", \"weight\": 2}")),
              RequestOrder::by_weight);
    LoadRequests steps = of_targets("/a\n");
    steps.is_sequence = true;
    EXPECT_EQ(order(steps), RequestOrder::as_sequence);
}

TEST(LoadRequests, AreOfOneServer) {
    const SecretText server = SecretText::url("http://H/x");
    require_server(of_targets("/a\nhttp://h:80/b\n"), server);
    EXPECT_THAT([&] { require_server(of_targets("http://h:81/b\n"), server); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("http://h:81"), HasSubstr("http://h:80"))));
}

void check_of(const std::string& text, const std::vector<std::string>& sources, bool is_sequence) {
    LoadRequests requests{
        .targets = parse_steps(text, "s"), .is_sequence = is_sequence, .variables = variables(sources)};
    check_variables(requests, {}, SecretText::url("http://h/"));
}

TEST(LoadRequests, HaveAValueForEachVariable) {
    check_of("/{{id}}\nX: {{id}}", {"id=counter"}, false);
    check_of("{\"url\": \"/a\", \"capture\": {\"t\": \"body\"}}\n{\"url\": \"/{{t}}\"}", {}, true);
    check_variables({}, {}, SecretText::url("http://h/{{braces}}"));
    for (const char* text : {"/{{di}}", "/\nX: {{di}}", R"({"url": "/", "body": "e3tkaX19"})",
                             "{\"url\": \"/{{t}}\", \"capture\": {\"t\": \"body\"}}"}) {
        EXPECT_THAT([&] { check_of(text, {"id=counter"}, true); },
                    ThrowsMessage<UsageError>(HasSubstr("has no value in the request to http://h/")))
            << text;
    }
}

}  // namespace asyncbench::load_requests_tests
