// `asyncbench gate` from outside: its verdicts and exit statuses, and programs that do what they should not.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::gate_tests {

using nlohmann::json;
using test::Folder;
using test::Outcome;
using test::Program;
using test::ProgramOptions;
using test::read_file;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string own = test::asyncbench_program() + " trial";

/// This program, told of other work than it is to do: `edit` is a script of sed on the spec.
std::string edited(const std::string& edit) {
    return "sed -u '" + edit + "' | " + own;
}

struct Arms {
    std::string base = own;
    std::string head = own;
};

/// Somebody else's server: of its own target asyncbench knows when it was late, and on a busy machine a trial
/// of this length would often be wrong.
const std::string& server_url() {
    static const Program server({"target", "--port", "0", "--latency", "1ms"});
    static const std::string url = [] {
        EXPECT_TRUE(test::eventually([] { return server.out_so_far().ends_with("\n"); }));
        return fmt::format("http://127.0.0.1:{}/io/gate/1",
                           json::parse(server.out_so_far())["port"].get<int>());
    }();
    return url;
}

/// Counted runs have tests of their own.
const std::vector<std::string> not_counted{"--ignore", "instructions", "--ignore", "allocations",
                                           "--ignore", "connections",  "--ignore", "requests"};

/// One cell, six pairs, and an alpha that lets six of six fail.
std::vector<std::string> short_gate(const Arms& arms, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{
        "gate", "--base",  arms.base, "--head",  arms.head,  "-s",         "callback",
        "-c",   "4",       "-n",      "100",     "--target", server_url(), "--warmup",
        "5ms",  "--looks", "6",       "--alpha", "0.3",      "--patience", "3s"};
    arguments.insert(arguments.end(), not_counted.begin(), not_counted.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

/// What is asserted is the way from trials to status, not what a busy machine can hold: neither of the arms
/// ...
const std::vector<std::string> wide{"--metric", "p50=100%,900%", "--metric", "throughput=100%,900%",
                                    "--metric", "cpu=100%,900%", "--metric", "peak-memory=100%,900%"};

/// ... nor of the control.
constexpr const char* any_control = R"({"schema": "asyncbench.gate-config/1", "control_limit": "900%"})";

struct Gated {
    Outcome outcome;
    json result;
};

Gated gate(const Arms& arms, const std::vector<std::string>& more = {}) {
    const Folder folder;
    auto arguments = short_gate(arms, more);
    if (std::find(more.begin(), more.end(), "--config") == more.end())
        arguments.insert(arguments.end(), {"--config", folder.write("rules.json", any_control)});
    arguments.insert(arguments.end(), {"--json", folder.path("gate.json")});
    Gated gated;
    gated.outcome = run_program(arguments);
    const std::string text = read_file(folder.path("gate.json"));
    if (!text.empty()) gated.result = json::parse(text);
    return gated;
}

json line_of(const Gated& gated, const std::string& metric) {
    for (const json& line : gated.result["lines"]) {
        if (line["metric"] == metric) return line;
    }
    ADD_FAILURE() << "no line of " << metric;
    return json::object();
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

TEST(GateCommand, TellsTheCauseAloneWhereNothingCouldBeCompared) {
    for (const auto& [base, head, arm] : {std::tuple{own, std::string("./nosuch"), "head"},
                                          std::tuple{std::string("./nosuch"), own, "base"}}) {
        const Outcome outcome = run_program(
            {"gate", "--base", base, "--head", head, "-s", "callback", "-c", "4", "-n", "40", "--quiet"});
        EXPECT_EQ(outcome.status, 1);
        EXPECT_THAT(outcome.out, AllOf(testing::StartsWith("NOT COMPARED: The trials of " + std::string(arm)),
                                       HasSubstr("`./nosuch`"), HasSubstr("did not find the program")));
        EXPECT_THAT(outcome.out, AllOf(Not(HasSubstr("INCONCLUSIVE")), Not(HasSubstr("trials-lost"))));
    }
}

TEST(Gate, SaysNothingAgainstTheSameProgram) {
    const Gated gated = gate({}, wide);
    EXPECT_EQ(gated.outcome.status, 0) << gated.outcome.out << gated.outcome.err;
    EXPECT_NE(gated.result["verdict"], "FAIL");
    EXPECT_EQ(gated.result["samples"].size(), 24U);
    EXPECT_EQ(gated.result["subjects"].size(), 2U);
    EXPECT_EQ(gated.result["subjects"][1]["is_control"], true);
    EXPECT_EQ(line_of(gated, "service_p50_ns")["pairs"], 6);
    EXPECT_THAT(gated.outcome.out, HasSubstr("callback at 4"));
    EXPECT_THAT(gated.outcome.err, HasSubstr("After 6 pairs"));
}

TEST(Gate, FailsASlowHead) {
    const Gated gated = gate({.head = edited("s/\"compute_ns\":0/\"compute_ns\":2000000/")},
                             {"--ignore", "peak-memory", "--ignore", "p50"});
    EXPECT_EQ(gated.outcome.status, 2) << gated.outcome.out << gated.outcome.err;
    EXPECT_EQ(gated.result["verdict"], "FAIL");
    const json cpu = line_of(gated, "cpu_us_per_request");
    EXPECT_EQ(cpu["verdict"], "FAIL");
    EXPECT_FALSE(cpu["confirmation"].is_null());
    EXPECT_EQ(gated.result["samples"].size(), 48U);
}

TEST(Gate, CountsAFailWithoutMeasuringAgainWhereToldSo) {
    const Gated gated =
        gate({.head = edited("s/\"compute_ns\":0/\"compute_ns\":2000000/")}, {"--no-confirm"});
    EXPECT_EQ(gated.outcome.status, 2) << gated.outcome.out << gated.outcome.err;
    EXPECT_EQ(gated.result["samples"].size(), 24U);
}

TEST(Gate, HoldsHeadToABudget) {
    const Gated broken = gate({}, {"--budget", "p99<10us"});
    EXPECT_EQ(broken.outcome.status, 2);
    EXPECT_EQ(broken.result["budgets"][0]["verdict"], "FAIL");
    const Gated holds = gate({}, {"--budget", "p50<10s"});
    EXPECT_EQ(holds.result["budgets"][0]["verdict"], "PASS");
}

TEST(Gate, HasAStatusOfItsOwnForInconclusiveWhereStrict) {
    std::vector<std::string> arguments{"gate",     "--base",   own,          "--head",  own,   "-s",
                                       "callback", "-c",       "4",          "-n",      "100", "--looks",
                                       "2",        "--target", server_url(), "--strict"};
    arguments.insert(arguments.end(), not_counted.begin(), not_counted.end());
    EXPECT_EQ(run_program(arguments).status, 3);
    std::erase(arguments, "--strict");
    EXPECT_EQ(run_program(arguments).status, 0);
}

struct BadArm {
    const char* name;
    std::string command;
    std::string says;  ///< in the sentence on stdout
};

class ArmThatCannotBeMeasured : public testing::TestWithParam<BadArm> {};

TEST_P(ArmThatCannotBeMeasured, EndsTheGateSoonAndNeverWithAPass) {
    for (const bool is_head : {true, false}) {
        Arms arms;
        (is_head ? arms.head : arms.base) = GetParam().command;
        const Gated gated = gate(arms);
        EXPECT_EQ(gated.outcome.status, 1) << gated.outcome.out;
        EXPECT_NE(gated.result["verdict"], "PASS");
        const std::string failure = text_of(gated.result["failure"]);
        EXPECT_THAT(failure, AllOf(HasSubstr(is_head ? "of head (`" : "of base (`"),
                                   HasSubstr(GetParam().command), HasSubstr(GetParam().says)));
        EXPECT_LE(gated.result["samples"].size(), 12U);
        EXPECT_FALSE(gated.result["samples"].empty());
    }
}

INSTANTIATE_TEST_SUITE_P(
    Gate, ArmThatCannotBeMeasured,
    testing::Values(
        BadArm{"missing", "/nonexistent/program", "did not find the program"},
        BadArm{"not_a_program", "/etc/passwd", "may not run the program"},
        BadArm{"fails", "false", "status 1"}, BadArm{"ends_early", "exit 0", "before its ready line"},
        BadArm{"talks_nonsense", "echo hello", "no JSON"}, BadArm{"crashes", "kill -SEGV $$", "signal 11"},
        BadArm{"crashes_at_work", "echo '{\"event\":\"ready\"}'; read go; kill -KILL $$", "signal 9"},
        BadArm{"wrong_flags", own + " --no-such-flag", "status 64"},
        BadArm{"says_why", "echo '{\"event\":\"result\",\"failure\":\"no route to host\"}'",
               "no route to host"}),
    [](const auto& arm) { return std::string(arm.param.name); });

TEST(Gate, EndsSoonWhereAnArmHangs) {
    auto arguments = short_gate({.head = "exec sleep 60"}, {"--timeout", "100ms"});
    std::replace(arguments.begin(), arguments.end(), std::string("3s"), std::string("100ms"));
    const Outcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("head"), HasSubstr("hung"), HasSubstr("2 of 2")));
}

/// Does as this program, but ends at once in every trial whose number, from 0, is in `numbers`.
std::string crashing_in(const Folder& folder, const std::string& numbers) {
    const std::string script = folder.write("crash.sh",
                                            "n=$(wc -l < \"$1\"); echo >> \"$1\"\n"
                                            "case \" $2 \" in *\" $n \"*) exit 7;; esac\n"
                                            "exec " +
                                                own + "\n");
    const std::string counter = folder.write("count", "");
    return "exec sh " + script + " " + counter + " '" + numbers + "'";
}

TEST(Gate, DoesNotPassACellInWhichHeadCrashedOnce) {
    const Folder folder;
    const Gated gated = gate({.head = crashing_in(folder, "3")}, wide);
    EXPECT_EQ(gated.outcome.status, 4) << gated.outcome.out;
    EXPECT_EQ(gated.result["verdict"], "INCONCLUSIVE");
    EXPECT_EQ(line_of(gated, "service_p50_ns")["pairs"], 5);
    EXPECT_THAT(gated.outcome.out, HasSubstr("status 7"));
}

TEST(Gate, GivesUpOnAnArmThatCrashesNowAndThen) {
    const Folder folder;
    const Gated gated = gate({.head = crashing_in(folder, "1 4")});
    EXPECT_EQ(gated.outcome.status, 1);
    EXPECT_THAT(text_of(gated.result["failure"]), HasSubstr("2 of 5"));
}

TEST(Gate, FailsAHeadWhoseRequestsFail) {
    const Gated gated = gate({.head = edited("s#127.0.0.1:[0-9]*#127.0.0.1:1#")});
    EXPECT_EQ(gated.outcome.status, 2) << gated.outcome.out;
    EXPECT_EQ(line_of(gated, "errors")["verdict"], "FAIL");
    EXPECT_THAT(gated.outcome.out, HasSubstr("600 of 600 requests of head failed"));
}

TEST(Gate, IsNotValidWhereBasesRequestsFail) {
    const Gated gated = gate({.base = edited("s#127.0.0.1:[0-9]*#127.0.0.1:1#")});
    EXPECT_EQ(gated.outcome.status, 4) << gated.outcome.out;
    EXPECT_EQ(gated.result["usable"], false);
    EXPECT_THAT(gated.outcome.out, HasSubstr("base-errors"));
}

TEST(Gate, IsNotValidWhereTheArmsDoOtherWork) {
    const Gated fewer = gate({.head = edited("s/\"requests\":100/\"requests\":90/")});
    EXPECT_EQ(fewer.outcome.status, 4) << fewer.outcome.out;
    EXPECT_THAT(fewer.result["warnings"].dump(),
                AllOf(HasSubstr("work-differs"), HasSubstr("90 requests instead of 100")));
}

TEST(Gate, IsNotValidWhereTheTargetSawOtherWork) {
    // The same number of requests, under another name: the target counts none for this trial.
    auto arguments =
        short_gate({.base = edited("s/\"trial\":\"[^\"]*\"/\"trial\":\"other\"/")}, {"--json", "-"});
    std::replace(arguments.begin(), arguments.end(), server_url(), std::string("mock"));
    const Outcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.status, 4);
    EXPECT_THAT(json::parse(outcome.out)["warnings"].dump(), HasSubstr("do not agree on the work"));
}

TEST(Gate, KeepsWhatItMeasuredWhenInterrupted) {
    const Folder folder;
    auto arguments = short_gate({}, {"--json", folder.path("gate.json")});
    std::replace(arguments.begin(), arguments.end(), std::string("6"), std::string("2000"));
    Program program(arguments);
    EXPECT_TRUE(test::eventually([&] { return !test::children_with(program.pid(), "-c").empty(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, 130) << outcome.err;
    const json result = json::parse(read_file(folder.path("gate.json")));
    EXPECT_EQ(result["interrupted"], true);
    EXPECT_NE(result["verdict"], "PASS");
}

TEST(Gate, StartsAsyncbenchAloneAsATrial) {
    const Outcome outcome = run_program(
        short_gate({.base = test::asyncbench_program(), .head = "exec:" + test::asyncbench_program()}));
    EXPECT_THAT(outcome.out, Not(HasSubstr("NOT COMPARED")));
    EXPECT_NE(outcome.status, 1);
}

TEST(Gate, FindsOutHowManyRequestsASampleNeeds) {
    auto arguments = short_gate({}, {"--json", "-"});
    arguments.erase(std::find(arguments.begin(), arguments.end(), "-n"),
                    std::find(arguments.begin(), arguments.end(), "--target"));
    const Outcome outcome = run_program(arguments);
    const json result = json::parse(outcome.out);
    EXPECT_GE(result["subjects"][0]["requests"].get<int>(), 300);
    EXPECT_EQ(result["samples"].size(), 24U);
}

TEST(GateFiles, AreAllWritten) {
    const Folder folder;
    const std::vector<std::string> names{"g.md", "g.xml", "g.txt", "small.json", "big.json"};
    const Outcome outcome = run_program(short_gate(
        {}, {"-o", folder.path("out"), "--markdown", folder.path(names[0]), "--junit", folder.path(names[1]),
             "--benchfmt", folder.path(names[2]), "--github-action-benchmark", folder.path(names[3]),
             "--github-action-benchmark-bigger", folder.path(names[4]), "--quiet"}));
    EXPECT_NE(outcome.status, 1) << outcome.err;
    for (const std::string& name : names) EXPECT_THAT(read_file(folder.path(name)), Not(IsEmpty())) << name;
    EXPECT_THAT(read_file(folder.path("out/gate.json")), HasSubstr("asyncbench.gate/2"));
}

TEST(GateFiles, AnnotateInGithubActions) {
    const std::vector<std::string> arguments = short_gate({}, {"--budget", "p99<10us", "--quiet"});
    ProgramOptions options;
    options.environment["GITHUB_ACTIONS"] = "true";
    EXPECT_THAT(run_program(arguments, options).err, HasSubstr("::error"));
    options.environment["GITHUB_ACTIONS"] = "";
    EXPECT_THAT(run_program(arguments, options).err, Not(HasSubstr("::error")));
}

TEST(GateConfigFile, IsTakenFromTheCurrentDirectory) {
    const Folder folder;
    folder.write("asyncbench.gate.json",
                 R"({"schema": "asyncbench.gate-config/1", "control_limit": "900%", "budgets": ["p99<10us"],
            "metrics": {"cpu": "ignore"}})");
    ProgramOptions options;
    options.shell_before = "cd " + folder.path("");
    const Outcome outcome = run_program(short_gate({}), options);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("asyncbench.gate.json"));
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("p99<10us"), Not(HasSubstr("cpu/request"))));
}

TEST(GateConfigFile, GivesWayToFlags) {
    const Folder folder;
    const std::string file =
        folder.write("rules.json", R"({"schema": "asyncbench.gate-config/1", "looks": [2000], "strict": true,
                          "scenario": {"strategies": "callback", "concurrency": 2, "warmup": "1ms"}})");
    const Gated gated = gate({}, {"--config", file});
    EXPECT_EQ(gated.result["rules"]["looks"], json({6}));
    EXPECT_EQ(gated.result["subjects"][0]["name"], "callback at 4");
}

TEST(GateUsage, IsToldInASentence) {
    const Folder folder;
    const std::string bad =
        folder.write("bad.json", R"({"schema": "asyncbench.gate-config/1", "lokks": [2]})");
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"gate"}, "--base and --head"},
        {{"gate", "--base", own}, "--head is missing"},
        {short_gate({}, {"--metric", "p50"}), "p50=5%"},
        {short_gate({}, {"--metric", "p51=5%"}), "p51"},
        {short_gate({}, {"--metric", "p50=5"}), "5%"},
        {short_gate({}, {"--budget", "p99"}), "p99<50ms"},
        {short_gate({}, {"-s", "exec:true"}), "--base and --head"},
        {short_gate({}, {"--config", bad}), "lokks"},
        {short_gate({}, {"--config", "/nonexistent"}), "/nonexistent"},
        {{"gate", "--base", own, "--head", own, "--looks", "9,4"}, "ascend"},
        {{"gate", "--base", own, "--head", own, "--alpha", "0.9"}, "alpha"},
        {{"gate", "--base", own, "--head", own, "--alpha", "0.00000000000000001"}, "at least 1e-09"},
    };
    for (const auto& [arguments, says] : cases) {
        const Outcome outcome = run_program(arguments);
        EXPECT_EQ(outcome.status, 64) << says;
        EXPECT_THAT(outcome.err, HasSubstr(says));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
}

}  // namespace asyncbench::gate_tests
