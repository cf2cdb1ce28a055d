// `asyncbench load` as a user runs it.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "harness/trial/scenario_json.hpp"
#include "reports/report.hpp"
#include "reports/text/human.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::load_tests {

using test::Folder;
using test::KeptServer;
using test::Outcome;
using test::run_program;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

std::string answer_of(int status) {
    return fmt::format("HTTP/1.1 {} Status\r\nContent-Length: 2\r\n\r\nok", status);
}

KeptServer server_with(int status = 200) {
    return KeptServer([status](const auto&) { return answer_of(status); });
}

Outcome load(const std::string& url, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"load", url, "-c", "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments);
}

TEST(LoadCommand, TellsRateLatenciesAndStatuses) {
    const KeptServer server = server_with();
    const Outcome outcome = load(server.url(), {"-n", "200"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, IsEmpty());
    for (const char* text : {"all as expected", "requests      200 in", "errors        0 (0 %)", "200: 200",
                             "p99.9", "from send", "4 opened, 0 of them again", "closed loop"})
        EXPECT_THAT(outcome.out, HasSubstr(text));
}

TEST(LoadCommand, TellsTimesFromTheScheduleInAnOpenLoop) {
    const KeptServer server = server_with();
    const Folder folder;
    const Outcome outcome =
        load(server.url(), {"-q", "100", "-d", "200ms", "--warmup", "0s", "--json", folder.path("r.json")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("100/s offered for 200ms"), HasSubstr("from schedule")));
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_EQ(run.trials.front().client.count, 20U);
    EXPECT_EQ(run.trials.front().load->sent, 20U);
}

/// On each connection 100 requests are answered, and all others fail: a trial of 200 ms on one connection
/// keeps to its goal up to 500 requests a second.
KeptServer server_of_100_requests() {
    return KeptServer([](const KeptServer::Request& request) {
        return answer_of(request.on_connection < 100 ? 200 : 503);
    });
}

TEST(LoadCommand, FindsTheHighestRateThatKeepsToAGoal) {
    const KeptServer server = server_of_100_requests();
    const Folder folder;
    const Outcome outcome =
        run_program({"load", server.url(), "-c", "1", "--find", "errors<0.1%", "--find", "p99<1m", "-q",
                     "300", "-d", "200ms", "--warmup", "0s", "--json", folder.path("r.json")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out,
                AllOf(HasSubstr("Keeps to errors<0.1% and p99<1m up to"), HasSubstr("confirmed by 3")));
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("300/s holds"), testing::ContainsRegex("600/s: .*errors")));
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_TRUE(run.search && run.search->highest_held && run.search->lowest_broken);
    EXPECT_LE(*run.search->highest_held, 500);
    EXPECT_GT(*run.search->lowest_broken, 500);
    EXPECT_LT(*run.search->lowest_broken, *run.search->highest_held * 1.04);
    EXPECT_EQ(run.trials.size(), 3U);
    for (const Trial& trial : run.trials) EXPECT_EQ(trial.spec.plan.rate_rps, run.search->highest_held);
}

TEST(LoadCommand, FindsNoRateThatIsNotServedWhateverTheGoal) {
    const KeptServer server([](const auto&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // one connection bears 100 a second
        return answer_of(200);
    });
    const Outcome outcome = run_program({"load", server.url(), "-c", "1", "--find", "errors<1%", "-q", "400",
                                         "-d", "300ms", "--warmup", "0s"});
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("400/s: serves"), HasSubstr("200/s: serves")));
}

TEST(LoadCommand, FindsNoRateOfWrongResponses) {
    const KeptServer server = server_with(404);
    const Outcome outcome = run_program(
        {"load", server.url(), "-c", "1", "--find", "p99<10s", "-q", "8", "-d", "200ms", "--warmup", "0s"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("serves 0/s"));
}

TEST(LoadCommand, RefusesAScenarioWhoseSecretsAResultLeftOut) {
    const KeptServer server = server_with();
    const Folder folder;
    EXPECT_EQ(load(server.url(), {"-n", "4", "-H", "X-Key: hush", "--json", folder.path("r.json")}).status,
              0);
    const Scenario scenario = read_json_report(test::read_file(folder.path("r.json"))).scenario;
    const std::string file = folder.write("s.json", to_json(scenario));
    const Outcome outcome = run_program({"load", "--scenario", file});
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.err, HasSubstr("hold no secrets"));
    EXPECT_EQ(run_program({"load", "--scenario", file, "-H", "X-Key: hush"}).status, 0);
}

TEST(LoadCommand, EndsWithStatus2WhereNoRateKeepsToTheGoal) {
    const KeptServer server = server_with(503);
    const Outcome outcome = run_program(
        {"load", server.url(), "-c", "1", "--find", "errors<1%", "-q", "8", "-d", "200ms", "--warmup", "0s"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.out, HasSubstr("No rate was found that keeps to errors<1%"));
}

TEST(LoadCommand, WritesAResultThatOtherCommandsRead) {
    const KeptServer server = server_with();
    const Folder folder;
    const std::string json = folder.path("r.json");
    ASSERT_EQ(load(server.url(), {"--stages", "100@100ms,100:200@100ms", "--warmup", "0s", "--threshold",
                                  "p99<1m", "--expect", "2xx", "--eager", "-t", "1", "--json", json})
                  .status,
              0);
    const RunResult run = read_json_report(test::read_file(json));
    EXPECT_EQ(run.trials.front().client.count, 25U);
    EXPECT_EQ(run.trials.front().load->seconds.size(), 1U);
    EXPECT_THAT(run_program({"report", json}).out, HasSubstr("from schedule"));
    EXPECT_EQ(run_program({"report", json, "--html", folder.path("r.html")}).status, 0);
    EXPECT_THAT(run_program({"compare", json, json}).out, HasSubstr("native at 4"));
}

TEST(LoadCommand, WritesEachFormThatItIsAskedFor) {
    const KeptServer server = server_with();
    const Folder folder;
    const Outcome outcome =
        load(server.url(), {"-n", "50", "-o", folder.path("out"), "--markdown", folder.path("r.md"), "--csv",
                            "-", "--benchfmt", folder.path("r.txt")});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, testing::StartsWith("scenario,started_utc,concurrency,repetition,offered_rps"));
    EXPECT_THAT(test::read_file(folder.path("out/report.html")), HasSubstr("data-chart=\"rate\""));
    EXPECT_THAT(test::read_file(folder.path("r.md")), HasSubstr("all as expected"));
    EXPECT_THAT(test::read_file(folder.path("r.txt")),
                HasSubstr("BenchmarkRun/strategy=native/concurrency=4"));
    EXPECT_EQ(run_program({"load", server.url(), "--json", "-", "--csv", "-"}).status, 64);
}

TEST(LoadCommand, WritesAResultThatEveryReportTells) {
    const KeptServer server = server_with();
    const Folder folder;
    const std::string json = folder.path("r.json");
    ASSERT_EQ(load(server.url(), {"-n", "50", "--json", json}).status, 0);
    const auto told = [&](const std::vector<std::string>& flags) {
        std::vector<std::string> arguments{"report", json, "--format"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return outcome.out;
    };
    EXPECT_THAT(told({"markdown"}), HasSubstr("### Load on http"));
    EXPECT_THAT(told({"csv"}), HasSubstr(",throughput_rps,requests/s,"));
    EXPECT_THAT(told({"csv", "--seconds"}), HasSubstr(",0,,0,50,50,0,"));
    EXPECT_THAT(told({"benchfmt"}), HasSubstr("throughput-rps"));
    EXPECT_THAT(told({"hgrm"}), HasSubstr("native-at-4-response"));
    EXPECT_EQ(run_program({"report", json, "--format", "csv", "--seconds", "--trials"}).status, 64);
    EXPECT_EQ(run_program({"report", "--site", folder.path("site"), json}).status, 0);
    EXPECT_THAT(test::read_file(folder.path("site/index.html")),
                AllOf(HasSubstr("Load on http://127.0.0.1"), HasSubstr("all as expected")));
    const std::string store = folder.path("h.sqlite");
    EXPECT_EQ(run_program({"history", "add", json, "--db", store}).status, 0);
    EXPECT_THAT(run_program({"history", "show", "--db", store}).out, HasSubstr("native at 4"));
}

TEST(LoadCommand, FitsIntoThirtyLinesOf80Columns) {
    const KeptServer fine = server_with();
    const KeptServer failing = server_with(503);
    for (const auto& outcome :
         {load(fine.url(), {"-n", "500"}), load(failing.url(), {"-n", "50", "--threshold", "errors<1%"}),
          load(fine.url(), {"-q", "50000", "-d", "300ms", "--timeout", "1ms", "--warmup", "0s"}),
          load(fmt::format("127.0.0.1:{}", test::refusing_port()), {"-n", "8"})}) {
        std::istringstream lines(outcome.out);
        std::size_t count = 0;
        for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(columns_of(line), 80U) << line;
        EXPECT_GT(count, 5U);
        EXPECT_LE(count, 30U) << outcome.out;
    }
}

TEST(LoadCommand, PutsLoadOnAUnixSocketAndSaysThatItHasNoStamps) {
    const Folder folder;
    const std::string path = folder.path("app.sock");
    const KeptServer server([](const auto&) { return answer_of(200); }, {.address = path});
    const Outcome outcome = load("http://app.example/a", {"-n", "100", "--unix-socket", path});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr(path), HasSubstr("all as expected"),
                                   HasSubstr("The kernel stamps nothing that comes over a Unix socket")));
    EXPECT_THAT(server.heads().front(), AllOf(HasSubstr("GET /a "), HasSubstr("Host: app.example\r\n")));
}

TEST(LoadCommand, ConnectsWhereItIsToldToAndLooksNothingUp) {
    const KeptServer server = server_with();
    const Folder folder;
    const Outcome outcome =
        load(server.url("svc.invalid"), {"-n", "20", "--json", folder.path("r.json"), "--resolve",
                                         fmt::format("svc.invalid:{}:127.0.0.1,[::1]", server.port())});
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_THAT(run.trials.front().spec.load->addresses, ElementsAre("127.0.0.1", "::1"));
    EXPECT_EQ(run.trials.front().load->connections_at_start, 2U) << "nobody listens at the other address";
    EXPECT_THAT(server.heads().front(), HasSubstr("Host: svc.invalid:"));
}

TEST(LoadCommand, TellsOfTheEventsOfStreamsWhereThereAreAny) {
    const KeptServer server(
        [](const auto&) {
            return std::string(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "
                "chunked\r\n\r\n");
        },
        {.for_ever = "9\r\ndata: a\n\n\r\n", .pause = std::chrono::milliseconds(10)});
    const Folder folder;
    const Outcome outcome =
        load(server.url(), {"-n", "8", "--stream-for", "100ms", "--json", folder.path("r.json")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out,
                AllOf(HasSubstr("of 8 streamed responses"), HasSubstr("first after"), HasSubstr("gaps")));
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_EQ(run.trials.front().load->streams, 8U);
    EXPECT_EQ(run.trials.front().load->first_event_ns.count(), 8U);
    const KeptServer ordinary = server_with();
    EXPECT_THAT(load(ordinary.url(), {"-n", "8"}).out, Not(HasSubstr("events")));
}

TEST(LoadCommand, CountsOtherStatusesThanTheExpectedOnesAsErrors) {
    const KeptServer server = server_with(404);
    const Outcome wrong = load(server.url(), {"-n", "20"});
    EXPECT_EQ(wrong.status, 0) << "that a server fails is what a load shows";
    EXPECT_THAT(wrong.out, AllOf(HasSubstr("100 % of the requests failed"), HasSubstr("404: 20")));
    const Outcome right = load(server.url(), {"-n", "20", "--expect", "404"});
    EXPECT_THAT(right.out, HasSubstr("all as expected"));
}

TEST(LoadCommand, HasStatus2WhereAThresholdIsBroken) {
    const KeptServer server = server_with(503);
    const Outcome broken =
        load(server.url(), {"-n", "20", "--threshold", "errors<1%", "--threshold", "p99<1h"});
    EXPECT_EQ(broken.status, 2);
    EXPECT_THAT(broken.out, AllOf(HasSubstr("BROKEN: errors<1% (100 %)"), HasSubstr("holds:  p99<1h")));
    EXPECT_EQ(load(server.url(), {"-n", "20", "--threshold", "errors<=100%"}).status, 0);
}

TEST(LoadCommand, HasStatus4WhereNothingWasAnswered) {
    const Outcome refused = load(fmt::format("127.0.0.1:{}/", test::refusing_port()), {"-n", "8"});
    EXPECT_EQ(refused.status, 4);
    EXPECT_THAT(refused.out, AllOf(HasSubstr("Nothing was answered."), HasSubstr("connect 8"),
                                   HasSubstr("8 × Connection refused")));
    const KeptServer hung([](const auto&) { return std::nullopt; });
    const Outcome timed_out = load(hung.url(), {"-n", "4", "--timeout", "100ms"});
    EXPECT_EQ(timed_out.status, 4);
    EXPECT_THAT(timed_out.out, HasSubstr("timeout 4"));
    const KeptServer resets([](const auto&) { return std::string(); });
    EXPECT_THAT(load(resets.url(), {"-n", "4"}).out, HasSubstr("4 × Connection reset by peer"));
}

TEST(LoadCommand, DrainsAndReportsWhereItIsInterrupted) {
    const KeptServer server = server_with();
    const Folder folder;
    test::Program program(
        {"load", server.url(), "-c", "4", "-d", "1h", "--warmup", "0s", "--json", folder.path("r.json")});
    ASSERT_TRUE(test::eventually([&] { return server.heads().size() > 100; }));
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, 130);
    EXPECT_THAT(outcome.out, HasSubstr("Interrupted. Served"));
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_TRUE(run.interrupted);
    EXPECT_GT(run.trials.front().client.count, 0U);
    EXPECT_EQ(run.trials.front().errors, ErrorCounts{});
}

TEST(LoadCommand, SendsTheRequestThatItWasGivenAndShowsNoSecretOfIt) {
    const KeptServer server = server_with();
    const Folder folder;
    std::string url = server.url() + "a?token=hush-one";
    url.insert(url.find("127"), "user:hush-two@");
    const Outcome outcome = load(url, {"-n", "4", "-m", "put", "-H", "X-Key: hush-three", "--data-file",
                                       folder.write("body", "hush-four"), "--json", folder.path("r.json")});
    EXPECT_EQ(outcome.status, 0);
    for (const char* line :
         {"PUT /a?token=hush-one HTTP/1.1", "X-Key: hush-three", "Content-Length: 9", "Authorization: Basic"})
        EXPECT_THAT(server.heads().front(), HasSubstr(line));
    EXPECT_THAT(outcome.out + outcome.err + test::read_file(folder.path("r.json")), Not(HasSubstr("hush")));
}

TEST(LoadCommand, OpensAConnectionForEachRequestWithoutKeepAlive) {
    const KeptServer server = server_with();
    EXPECT_THAT(run_program({"load", server.url(), "--connections", "4", "-n", "12", "--no-keepalive"}).out,
                HasSubstr("12 opened, one for each request"));
    EXPECT_EQ(server.connections(), 12U);
}

TEST(LoadCommand, TakesTheInterfaceOfTheKernelThatItIsTold) {
    const KeptServer server = server_with();
    EXPECT_THAT(load(server.url(), {"-n", "12", "--io", "epoll"}).out, HasSubstr("1 thread on epoll"));
}

TEST(LoadCommand, FindsTheAddressOfANameThatAnswers) {
    const KeptServer server = server_with();
    const Outcome outcome = load(server.url("localhost"), {"-n", "12"});
    EXPECT_THAT(outcome.out, HasSubstr("200: 12")) << "::1 refuses, 127.0.0.1 does not";
    const Outcome unknown = load("http://no-such-host.invalid/");
    EXPECT_EQ(unknown.status, 1);
    EXPECT_THAT(unknown.err, AllOf(HasSubstr("no-such-host.invalid"), HasSubstr("Check the host")));
}

TEST(LoadCommand, DrawsALineEachSecondOnATerminalAlone) {
    const KeptServer server = server_with();
    const std::vector<std::string> arguments{"load", server.url(), "-c",       "4",
                                             "-d",   "1100ms",     "--warmup", "0s"};
    const Outcome drawn = run_program(arguments, {.environment = {{"TERM", "xterm"}}, .on_terminal = true});
    EXPECT_THAT(drawn.out, AllOf(HasSubstr("1 s: "), HasSubstr("1 s left")));
}

/// The first lines of what a server was asked, without the version, each once.
std::set<std::string> lines_of(const KeptServer& server) {
    std::set<std::string> lines;
    for (const std::string& head : server.heads()) lines.insert(head.substr(0, head.find(" HTTP")));
    return lines;
}

TEST(LoadCommand, SendsTheTargetsOfAFileOrOfStdinInTurn) {
    const KeptServer server = server_with();
    const Folder folder;
    const std::string targets = folder.write("t", fmt::format("GET {0}a\nX-Key: hush\n\nPUT {0}b\n@{1}\n",
                                                              server.url(), folder.write("body", "xyz")));
    const Outcome outcome = run_program({"load", "-c", "2", "-n", "8", "--targets", targets, "--no-keepalive",
                                         "--json", folder.path("r.json")});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Targets of "), HasSubstr("200: 8")));
    EXPECT_THAT(outcome.out, testing::ContainsRegex("GET /a  +4 +0 .*\nPUT /b  +4 +0 "));
    EXPECT_THAT(lines_of(server), ElementsAre("GET /a", "PUT /b"));
    EXPECT_THAT(server.heads(), Contains(HasSubstr("Content-Length: 3")));
    EXPECT_THAT(server.heads(), Contains(HasSubstr("X-Key: hush")));
    EXPECT_THAT(test::read_file(folder.path("r.json")), Not(HasSubstr("hush")));
    EXPECT_EQ(run_program({"report", folder.path("r.json")}).status, 0);

    EXPECT_THAT(load(server.url(), {"-n", "4", "--targets", "-"}).err,
                HasSubstr("There is no target in stdin"));
    EXPECT_EQ(load("127.0.0.1:1", {"-n", "4", "--targets", targets}).status, 64) << "another server";
}

TEST(LoadCommand, PutsVariablesIntoPathHeaderAndBody) {
    const KeptServer server = server_with();
    const Folder folder;
    const std::string csv = folder.write("u.csv", "user,pass\na b,1\nc,2\n");
    EXPECT_EQ(
        load(server.url() + "u/{{user}}?n={{n}}", {"-n", "2", "--var-file", csv, "--var", "n=counter:10",
                                                   "-H", "X-Pass: {{pass}}", "--data", "<{{n}}>", "-t", "1"})
            .status,
        0);
    EXPECT_THAT(lines_of(server), ElementsAre("POST /u/a%20b?n=10", "POST /u/c?n=11"));
    EXPECT_THAT(server.heads().front(), AllOf(HasSubstr("X-Pass: "), HasSubstr("Content-Length: 4")));
    EXPECT_THAT(load(server.url() + "{{nn}}", {"--var", "n=counter"}).err,
                AllOf(HasSubstr("{{nn}} has no value"), HasSubstr("There are: n.")));
    EXPECT_EQ(load(server.url() + "{{plain}}", {"-n", "1"}).status, 0) << "braces are text without variables";
}

TEST(LoadCommand, ChecksResponses) {
    const KeptServer server = server_with();
    const Outcome right =
        load(server.url(), {"-n", "8", "--check", "body == ok", "--check", "header Content-Length == 2"});
    EXPECT_THAT(right.out, HasSubstr("all as expected"));
    const Outcome wrong =
        load(server.url(), {"-n", "8", "--check", "body contains error", "--threshold", "errors<1%"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.out,
                AllOf(HasSubstr("content 8"), HasSubstr("check: body contains error does not hold")));
}

TEST(LoadCommand, DoesStepsInOrderAndTellsOfACaptureThatFoundNothing) {
    const KeptServer server([](const KeptServer::Request& request) {
        return test::ok_answer(request.head.starts_with("POST /login") ? R"({"token": "a/b"})" : "[]");
    });
    const Folder folder;
    const std::string steps = folder.write(
        "s", R"({"name": "log in", "method": "POST", "url": "/login", "capture": {"t": "json /token"}})"
             "\n"
             R"({"url": "/items?t={{t}}", "check": "json  == []", "expect": 200})");
    EXPECT_THAT(load(server.url(), {"-n", "16", "--steps", steps}).out, HasSubstr("all as expected"));
    EXPECT_THAT(lines_of(server), ElementsAre("GET /items?t=a%2Fb", "POST /login"));
    EXPECT_EQ(load(server.url(), {"-n", "4", "--steps", steps, "--json", folder.path("r.json")}).status, 0);
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    const std::vector<RequestView>& each = run.trials.front().load->each_request;
    ASSERT_EQ(each.size(), 2U);
    EXPECT_EQ(each[0].name, "log in");
    EXPECT_EQ(each[1].name, "step 2");
    EXPECT_EQ(each[0].answered + each[1].answered, 4U);
    EXPECT_EQ(each[1].service_time_ns.count(), each[1].answered);

    const KeptServer none = server_with();
    const Outcome outcome = load(none.url(), {"-n", "8", "--steps", steps});
    EXPECT_THAT(outcome.out, HasSubstr("capture: the response has nothing for {{t}} at json /token"));
    EXPECT_THAT(outcome.out, testing::ContainsRegex("log in  +8 +8 "));
    EXPECT_THAT(lines_of(none), ElementsAre("POST /login"));
}

}  // namespace asyncbench::load_tests
