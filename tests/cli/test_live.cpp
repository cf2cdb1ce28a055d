// `run --live`: a page of the run while it goes on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "tests/support/http/client.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/http/raw_server.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::live_tests {

using nlohmann::json;
using test::Folder;
using test::Outcome;
using test::Program;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> live_run(std::vector<std::string> more) {
    std::vector<std::string> arguments{"run",       "-s",  "callback,coroutine", "-c", "4",     "-d", "60ms",
                                       "--latency", "1ms", "--warmup",           "0",  "--live"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

/// The port that the program told of.
std::uint16_t live_port(const Program& program) {
    const std::string before = "Live at http://127.0.0.1:";
    EXPECT_TRUE(test::eventually([&] { return program.err_so_far().find("/\n") != std::string::npos; }));
    const std::string text = program.err_so_far();
    const auto at = text.find(before);
    if (at == std::string::npos) return 0;
    return static_cast<std::uint16_t>(std::stoul(text.substr(at + before.size())));
}

json state_of(std::uint16_t port, std::uint64_t after) {
    Client client(port);
    client.send(fmt::format("GET /state?after={} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", after, port));
    const auto response = client.receive();
    return response && response->whole ? json::parse(response->body) : json::object();
}

/// Each state until the end, of which each is newer than the one before.
void follow(std::uint16_t port, std::vector<json>& states) {
    std::uint64_t version = 0;
    do {
        states.push_back(state_of(port, version));
        ASSERT_GT(states.back()["version"], version);
        version = states.back()["version"];
    } while (!states.back()["ended"]);
}

TEST(LiveRun, ShowsTheRunAsItGrowsAndItsEnd) {
    const Folder folder;
    Program program(live_run({"-r", "4", "-o", folder.path("out")}));
    const std::uint16_t port = live_port(program);
    ASSERT_NE(port, 0);
    std::vector<json> states;
    ASSERT_NO_FATAL_FAILURE(follow(port, states));
    const Outcome outcome = program.wait();
    EXPECT_NE(outcome.status, -1);

    const json& last = states.back();
    EXPECT_EQ(last["done"], 8);
    EXPECT_EQ(last["total"], 8);
    EXPECT_EQ(last["report"], folder.path("out") + "/report.html");
    EXPECT_THAT(last["article"].get<std::string>(), testing::StartsWith("<article"));
    EXPECT_LT(states.front()["done"], 8);
    EXPECT_FALSE(states.front().contains("report"));  // which is not written
    const RunResult result = read_json_report(test::read_file(folder.path("out") + "/result.json"));
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_EQ(result.warnings.back().code, "live-page");
    EXPECT_EQ(result.warnings.back().kind, WarningKind::note);
}

TEST(LiveRun, SaysNothingOfAPageThatNobodyOpened) {
    const Folder folder;
    const Outcome outcome = test::run_program(live_run({"-r", "1", "--json", folder.path("r.json")}));
    EXPECT_THAT(outcome.err, HasSubstr("Live at http://127.0.0.1:"));
    EXPECT_TRUE(read_json_report(test::read_file(folder.path("r.json"))).warnings.empty());
    EXPECT_THAT(outcome.out, Not(HasSubstr("live-page")));
}

// Clients that say nothing, that say half, and that do not read, more of them than connections, all there
// until the run has ended: every trial is done, and at the end it is the server that hangs up.
TEST(LiveRun, IsNotHeldUpByItsClients) {
    const Folder folder;
    Program program(live_run({"-r", "3", "--json", folder.path("r.json")}));
    const std::uint16_t port = live_port(program);
    const std::string host = fmt::format("HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port);
    const std::string requests[] = {"", "GET /state HT", "GET /assets/page.js " + host,
                                    "GET /state?after=999 " + host};
    std::vector<Client> clients;
    clients.reserve(40);
    for (std::size_t i = 0; i < 40; ++i) clients.emplace_back(port).send(requests[i % 4]);

    const Outcome outcome = program.wait();
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.status << outcome.err;
    const RunResult run = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_EQ(run.trials.size(), 6U);
    EXPECT_FALSE(run.interrupted);
    for (const Trial& trial : run.trials) EXPECT_EQ(trial.failure, "");
    for (Client& client : clients) EXPECT_NO_THROW(client.receive_all());  // until the server hangs up
}

TEST(LiveRun, IsInterruptedAsAnyOther) {
    const Folder folder;
    Program program(live_run({"-r", "2000", "--json", folder.path("r.json")}));
    const std::uint16_t port = live_port(program);
    ASSERT_TRUE(test::eventually([&] { return state_of(port, 0).value("done", 0) > 0; }));
    program.send(SIGINT);
    EXPECT_EQ(program.wait().status, 130);
    EXPECT_TRUE(read_json_report(test::read_file(folder.path("r.json"))).interrupted);
}

TEST(LiveRun, NeedsAPortThatIsOne) {
    const Outcome outcome = test::run_program({"run", "--live=70000"});
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.err, HasSubstr("--live"));
}

TEST(LiveLoad, GrowsWithEachSecondAndSaysAtTheEndWhereTheReportIs) {
    const test::KeptServer server([](const auto&) { return test::ok_answer(); });
    const Folder folder;
    Program program(
        {"load", server.url(), "-c", "2", "-d", "3s", "--warmup", "0s", "--live", "-o", folder.path("out")});
    const std::uint16_t port = live_port(program);
    ASSERT_NE(port, 0);
    std::vector<json> states;
    ASSERT_NO_FATAL_FAILURE(follow(port, states));
    EXPECT_EQ(program.wait().status, 0);

    const auto of_second = [&](int second) {
        return std::find_if(states.begin(), states.end(),
                            [&](const json& state) { return state.value("done", 0) == second; });
    };
    ASSERT_NE(of_second(1), states.end());
    EXPECT_EQ((*of_second(1))["total"], 3);
    EXPECT_EQ((*of_second(1))["unit"], "seconds");
    EXPECT_THAT((*of_second(1))["running"].get<std::string>(), HasSubstr("/s, p99 "));
    EXPECT_FALSE(of_second(1)->contains("report"));
    const json& last = states.back();
    EXPECT_EQ(last["done"], 3);
    EXPECT_EQ(last["report"], folder.path("out") + "/report.html");
    EXPECT_THAT(last["article"].get<std::string>(), HasSubstr("Over time"));
    const RunResult result = read_json_report(test::read_file(folder.path("out") + "/result.json"));
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_EQ(result.warnings.back().code, "live-page");
}

TEST(LiveRun, HoldsInABrowser) {
    const Folder folder;
    Program program({"run", "-s", "thread-pool,callback,coroutine", "-c", "16,32,64", "-d", "200ms",
                     "--latency", "100ms", "-r", "5", "--warmup", "0", "--live", "-o", folder.path("out")});
    const std::uint16_t port = live_port(program);
    const Outcome browser =
        test::run_shell(fmt::format("node '{}/tests/cli/browser/check_live.mjs' http://127.0.0.1:{}/ {}",
                                    test::source_dir(), port, folder.path("out")));
    EXPECT_EQ(browser.status, 0) << browser.out;
    EXPECT_NE(program.wait().status, -1);
}

TEST(LiveLoad, HoldsInABrowser) {
    const test::KeptServer server([](const auto&) { return test::ok_answer(); });
    const Folder folder;
    Program program({"load", server.url(), "-c", "2", "-q", "50", "-d", "300s", "--warmup", "0s", "--live",
                     "-o", folder.path("out")});
    const std::uint16_t port = live_port(program);
    const Outcome browser =
        test::run_shell(fmt::format("node '{}/tests/cli/browser/check_live_load.mjs' http://127.0.0.1:{}/ {}",
                                    test::source_dir(), port, program.pid()));
    EXPECT_EQ(browser.status, 0) << browser.out;
    if (browser.status != 0) program.send(SIGINT);
    EXPECT_EQ(program.wait().status, 130);
}

}  // namespace asyncbench::live_tests
