// A scenario's options mean the same as flags and in a file.

#include "cli/scenario_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/trial/scenario_json.hpp"

namespace asyncbench::scenario_options_tests {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Example {
    std::vector<std::string> flags;
    const char* file;
};

Scenario from_flags(std::vector<std::string> arguments) {
    CLI::App app;
    ScenarioOptions options;
    options.add_to(app);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(arguments);
    return options.scenario();
}

class FlagsAndFile : public testing::TestWithParam<Example> {};

TEST_P(FlagsAndFile, SayTheSame) {
    const Scenario flags = from_flags(GetParam().flags);
    const Scenario file = scenario_from_json(GetParam().file, "x.json", default_scenario());
    EXPECT_EQ(to_json(flags), to_json(file));
    EXPECT_EQ(flags.plan, file.plan);
}

INSTANTIATE_TEST_SUITE_P(
    ScenarioOptions, FlagsAndFile,
    testing::Values(
        Example{{"-s", "coroutine,exec:a,b", "-c", "1,2k"},
                R"({"strategies": ["coroutine", "exec:a,b"], "concurrency": [1, "2k"]})"},
        Example{{"-n", "10k", "-c", "8"}, R"({"requests": 10000, "concurrency": "8"})"},
        Example{{"-d", "1m30s"}, R"({"duration": "1m30s"})"},
        Example{{"-q", "1500.5", "--arrivals", "poisson"},
                R"({"rate": 1500.5, "arrivals": "poisson", "concurrency": 256})"},
        Example{{"-q", "2k", "--error-rate", "5%", "--faults", "close:0.7%"},
                R"({"rate": "2k/s", "concurrency": 256, "error_rate": 0.05,
                    "faults": "close:0.007"})"},
        Example{{"HTTP://h/x"}, R"({"target": "http://h/x", "payload": 0, "latency": "0s"})"},
        Example{{"--latency", "uniform:1ms,2ms", "--payload", "4KiB", "--error-rate", "0.00001", "--faults",
                 "stall:0.00001", "--compute", "1us"},
                R"({"latency": "uniform:1ms,2ms", "payload": 4096, "error_rate": 1e-5,
                    "faults": "stall:0.00001", "compute": "1us"})"},
        Example{{"--target", "blocking", "-r", "7", "--warmup", "0", "--timeout", "1s", "--seed",
                 "18446744073709551615"},
                R"({"target": "blocking", "repetitions": 7, "warmup": 0, "timeout": "1s",
                    "seed": 18446744073709551615})"},
        Example{{"--target", "http://h/", "-X", "put", "-H", "A: b, c", "-H", "D;", "--data", "{}", "--path",
                 "3:/a", "--path", "/b?c=1,2"},
                R"({"target": "http://h/", "method": "PUT", "headers": ["A: b, c", "D;"],
                    "data": "{}", "paths": ["3:/a", "/b?c=1,2"], "payload": 0, "latency": "0s"})"},
        Example{{"--target", "http://h/", "-u", "ann:pw"},
                R"({"target": "http://h/", "user": "ann:pw", "payload": 0, "latency": "0s"})"},
        Example{
            {"--target", "https://h", "-k", "--cacert", "a.pem", "--cert", "b.pem", "--key", "c.pem",
             "--resolve", "h:443:10.0.0.1"},
            R"({"target": "https://h", "resolve": ["h:443:10.0.0.1"], "insecure": true, "cacert": "a.pem", "cert": "b.pem",
                    "key": "c.pem", "payload": 0, "latency": "0s"})"},
        Example{{"--budget", "5m", "--pin", "--diagnose", "--stall-threshold", "2ms"},
                R"({"budget": "5m", "pin": true, "diagnose": true, "stall_threshold": "2ms"})"}));

class RefusedByBoth : public testing::TestWithParam<Example> {};

TEST_P(RefusedByBoth, ForTheSameReason) {
    const auto reason_of = [](const auto& read) -> std::string {
        try {
            read();
            return "accepted";
        } catch (const UsageError& error) {
            return error.what();
        }
    };
    const std::string limits = "is out of range";
    const std::string of_flags = reason_of([] { from_flags(GetParam().flags); });
    const std::string of_file =
        reason_of([] { scenario_from_json(GetParam().file, "x.json", default_scenario()); });
    ASSERT_THAT(of_flags, HasSubstr(limits));
    ASSERT_THAT(of_file, HasSubstr(limits));
    EXPECT_EQ(of_flags.substr(of_flags.find(limits)), of_file.substr(of_file.find(limits)));
}

INSTANTIATE_TEST_SUITE_P(ScenarioOptions, RefusedByBoth,
                         testing::Values(Example{{"-c", "1000001"}, R"({"concurrency": "1000001"})"},
                                         Example{{"-n", "1000000001"}, R"({"requests": "1000000001"})"},
                                         Example{{"-r", "1000001"}, R"({"repetitions": "1000001"})"},
                                         Example{{"-q", "1000000001"}, R"({"rate": "1000000001"})"},
                                         Example{{"--timeout", "999us"}, R"({"timeout": "999us"})"},
                                         Example{{"--payload", "1073741825"}, R"({"payload": "1073741825"})"},
                                         Example{{"--error-rate", "1.1"}, R"({"error_rate": "1.1"})"},
                                         Example{{"--compute", "11s"}, R"({"compute": "11s"})"},
                                         Example{{"--diagnose", "--stall-threshold", "999us"},
                                                 R"({"stall_threshold": "999us"})"}));

Scenario of_load(std::vector<std::string> arguments) {
    CLI::App app;
    ScenarioOptions options;
    options.add_to_load(app);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    return options.load_scenario();
}

TEST(LoadOptions, AreReadBackFromWhatAResultSaysOfThem) {
    const std::string csv = testing::TempDir() + "/load-users.csv";
    std::ofstream(csv) << "user\nann\n";
    const std::string targets = testing::TempDir() + "/load-targets";
    std::ofstream(targets) << "GET http://h/a\n";
    for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
             {"http://h/"},
             {"h:80/a", "-n", "100", "-c", "7", "-X", "PUT"},
             {"h", "-q", "2k", "--arrivals", "poisson", "--seed", "3", "-t", "2", "--io", "epoll", "--eager"},
             {"https://h/", "--http", "auto", "--streams", "3", "--resolve", "h:443:10.0.0.1,[::1]",
              "--resolve", "*:80:10.0.0.2", "--stream-for", "5s"},
             {"h", "--unix-socket", "/run/app.sock"},
             {"h", "--stages", "0:10@1s,10@2s", "--no-keepalive", "--expect", "2xx", "--threshold", "p99<1s",
              "--threshold", "errors<1%", "--warmup", "0s", "--timeout", "1s"},
             {"h/{{a}}/{{user}}", "--var", "a=counter:7", "--var", "b=random:1,2", "--var-file", csv,
              "--check", "body contains a", "--check", "json /a == 1"},
             {"h", "--targets", targets},
             {"h", "--connection-stages", "0:10@1s,10@2s"},
             {"h", "--steps", targets}}) {
        const Scenario scenario = of_load(flags);
        const Scenario back = scenario_from_json(to_json(scenario), "r.json", Scenario());
        EXPECT_EQ(to_json(back), to_json(scenario));
        EXPECT_EQ(back.plan, scenario.plan);
        EXPECT_EQ(back.load, scenario.load);
        EXPECT_EQ(back.thresholds, scenario.thresholds);
        EXPECT_EQ(back.resolve, scenario.resolve);
    }
}

TEST(LoadOptions, MayStandBeforeTheUrlAsThoseOfWrkDo) {
    for (const ScenarioOption& option : scenario_options()) {
        if (!is_of_load(option) || option.form == ScenarioOption::Form::on_off) continue;
        const std::string flag(option.flags.substr(0, option.flags.find(',')));
        try {
            of_load({flag, "some value", "http://h/"});
        } catch (const UsageError&) {  // of the value, which few options take
        } catch (const CLI::ParseError& error) {
            EXPECT_THAT(error.what(), testing::Not(HasSubstr("required"))) << flag;
        }
    }
    const Scenario scenario = of_load({"-t", "2", "-c", "7", "-d", "3s", "-q", "5", "http://h/a"});
    EXPECT_EQ(scenario.target.reveal(), "http://h/a");
    EXPECT_EQ(scenario.plan.rate_rps, 5);
    EXPECT_EQ(scenario.plan.duration, 3s);
}

TEST(LoadOptions, WarmUpUnlessTheNumberOfRequestsIsGiven) {
    EXPECT_EQ(of_load({"h"}).warmup, 1s);
    EXPECT_EQ(of_load({"h", "-n", "10"}).warmup, 0s);
    EXPECT_EQ(of_load({"h", "-n", "10", "--warmup", "2s"}).warmup, 2s);
}

std::string file_with(const char* name, std::string_view json) {
    const std::string file = testing::TempDir() + "/" + name;
    std::ofstream(file) << json;
    return file;
}

TEST(LoadOptions, AreReadFromAScenarioFileWithTheFlagsOverIt) {
    const std::string file = file_with("checkout.json", R"({"target": "http://h/a", "stages": "0:10@1s",
        "thresholds": ["p99<1s"], "threads": 2, "headers": ["A: b"], "timeout": "2s", "seed": 7})");
    const Scenario scenario = of_load({"--scenario", file});
    EXPECT_EQ(scenario.name, "checkout");
    EXPECT_EQ(scenario.target.reveal(), "http://h/a");
    EXPECT_EQ(scenario.plan.kind, PlanKind::open);
    EXPECT_EQ(scenario.plan.duration, 1s);
    EXPECT_EQ(scenario.warmup, 1s) << "the default of load";
    EXPECT_EQ(scenario.load->threads, 2U);
    EXPECT_EQ(scenario.seed, 7U);
    EXPECT_THAT(scenario.thresholds, testing::SizeIs(1));

    const Scenario other = of_load({"h/b", "--scenario", file, "-q", "5", "-t", "3"});
    EXPECT_EQ(other.target.reveal(), "http://h/b");
    EXPECT_EQ(other.load->stages, std::vector<LoadStage>()) << "-q takes their place";
    EXPECT_EQ(other.plan.rate_rps, 5);
    EXPECT_EQ(other.load->threads, 3U);

    const Scenario connections = of_load({"--scenario", file, "--connection-stages", "0:5@3s"});
    EXPECT_EQ(connections.plan.kind, PlanKind::closed);
    EXPECT_EQ(connections.concurrency, std::vector<std::uint32_t>{5});
    EXPECT_EQ(connections.plan.duration, 3s);
}

TEST(LoadOptions, OfAResultAreAScenarioFileOfTheSameLoad) {
    for (const std::vector<std::string>& flags :
         std::vector<std::vector<std::string>>{{"http://h/a?b=c", "--stages", "0:10@1s,10@2s"},
                                               {"http://h/", "--connection-stages", "0:10@1s,10@2s"},
                                               {"http://h/", "--find", "p99<1s", "-d", "2s"},
                                               {"http://h/", "-n", "100"}}) {
        const Scenario scenario = of_load(flags);
        const Scenario again = of_load({"--scenario", file_with("load.json", to_json(scenario))});
        EXPECT_EQ(to_json(again), to_json(scenario));
        EXPECT_EQ(again.plan, scenario.plan);
    }
}

TEST(LoadOptions, OfAFileAreCheckedAsFlagsAre) {
    for (const auto& [json, message] : std::vector<std::pair<const char*, const char*>>{
             {R"({"stages": "1@1s"})", "no server"},
             {R"({"target": "mock"})", "no URL"},
             {R"({"target": "http://h/", "find": "p99<1s", "thresholds": "p99<2s"})",
              "leave --threshold out"},
             {R"({"target": "http://h/", "concurrency": [1, 2]})", "one number"},
             {R"({"target": "http://h/", "streams": 2})", "--http 2"},
             {R"({"target": "http://h/", "stage": "1@1s"})", "no field \"stage\""}}) {
        const std::string file = file_with("wrong.json", json);
        EXPECT_THAT([&] { of_load({"--scenario", file}); },
                    testing::ThrowsMessage<UsageError>(HasSubstr(message)))
            << json;
    }
}

TEST(LoadOptions, SayTheConnectionsOnce) {
    for (const std::vector<std::string>& twice : std::vector<std::vector<std::string>>{
             {"-c", "7"}, {"-n", "7"}, {"-q", "7"}, {"-d", "7s"}, {"--stages", "7@1s"}}) {
        std::vector<std::string> flags{"h", "--connection-stages", "0:5@1s"};
        flags.insert(flags.end(), twice.begin(), twice.end());
        EXPECT_THAT([&] { of_load(flags); }, testing::ThrowsMessage<UsageError>(HasSubstr("leave -")));
    }
}

TEST(LoadOptions, HaveNoUseInARun) {
    const Scenario load = of_load({"http://h/", "-t", "2"});
    EXPECT_THAT(to_json(load), HasSubstr("\"load\": true"));
    const std::string file = testing::TempDir() + "/load-scenario.json";
    std::ofstream(file) << R"({"threads": 2})";
    EXPECT_THAT([&] { from_flags({file}); },
                testing::ThrowsMessage<UsageError>(HasSubstr("asyncbench load")));
}

TEST(ScenarioOptions, AnotherProcessIsToldTheWholeProfile) {
    Scenario scenario;
    scenario.profile.delay = DelaySpec::parse("bimodal:5ms,100ms,0.00001");
    scenario.profile.payload_bytes = 7;
    scenario.profile.error_rate = 0.00001;
    scenario.profile.faults.stall = 0.00002;
    scenario.seed = std::numeric_limits<std::uint64_t>::max();
    CLI::App app;
    ScenarioOptions options;
    options.add_to_target(app);
    auto flags = target_flags(scenario);
    std::reverse(flags.begin(), flags.end());
    app.parse(flags);
    Scenario told;
    options.apply_to(told);
    EXPECT_EQ(told.profile, scenario.profile);
    EXPECT_EQ(told.seed, scenario.seed);
}

std::vector<std::string> arguments_for(std::string_view field, const Scenario& scenario) {
    for (const ScenarioOption& option : scenario_options())
        if (option.field == field) return asyncbench::arguments_for(option, scenario);
    return {"no such option"};
}

TEST(ScenarioOptions, AreToldAnotherProcessByTheirLongFlag) {
    Scenario scenario;
    scenario.plan = {.kind = PlanKind::batch, .requests = 7};
    scenario.warmup = 3ms;
    EXPECT_THAT(arguments_for("requests", scenario), ElementsAre("--requests", "7"));
    EXPECT_THAT(arguments_for("warmup", scenario), ElementsAre("--warmup", "3ms"));
}

TEST(ScenarioOptions, AreNotToldWhereTheyAreOffOrLeftOut) {
    Scenario scenario;
    EXPECT_THAT(arguments_for("pin", scenario), IsEmpty());
    EXPECT_THAT(arguments_for("requests", scenario), IsEmpty()) << "of a closed loop";
    scenario.pin = true;
    EXPECT_THAT(arguments_for("pin", scenario), ElementsAre("--pin")) << "a switch has no value";
}

TEST(ScenarioOptions, AListDoesNotEndWithAComma) {
    for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
             {"-s", "coroutine,"}, {"-s", ",coroutine"}, {"-c", "1,"}, {"-s", ""}})
        EXPECT_THROW(from_flags(flags), UsageError) << flags.back();
    EXPECT_THROW(scenario_from_json(R"({"strategies": "coroutine,"})", "x.json", default_scenario()), Error);
    EXPECT_EQ(from_flags({"-s", "coroutine,exec:a, b,"}).strategies.back().command, "a, b,");
}

TEST(ScenarioOptions, AllRequestsAtOnceAreAtMostAMillion) {
    EXPECT_EQ(from_flags({"-n", "1m"}).concurrency, std::vector<std::uint32_t>{1'000'000});
    EXPECT_THAT([] { from_flags({"-n", "1000001"}); }, testing::ThrowsMessage<UsageError>(HasSubstr("-c")));
}

}  // namespace asyncbench::scenario_options_tests
