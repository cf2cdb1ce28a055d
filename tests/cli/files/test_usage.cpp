// What is typed wrong, and what is asked for help: nothing is measured here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "harness/trial/metric.hpp"
#include "reports/text/human.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::usage_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> commands{"run",    "load",   "compare", "gate",   "pitfalls", "list",
                                        "doctor", "report", "history", "target", "trial",    "generate"};

TEST(CommandLine, HelpsOnStdout) {
    const Outcome outcome = run_program({"--help"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, IsEmpty());
    for (const std::string& command : commands) EXPECT_THAT(outcome.out, HasSubstr(command));
    EXPECT_THAT(outcome.out, HasSubstr("Exit status"));
}

TEST(CommandLine, HelpsWithEachCommand) {
    for (const std::string& command : commands) {
        const Outcome outcome = run_program({command, "--help"});
        EXPECT_EQ(outcome.status, 0) << command;
        EXPECT_THAT(outcome.out, HasSubstr("asyncbench " + command));
        EXPECT_THAT(outcome.err, IsEmpty());
    }
}

TEST(CommandLine, HelpsInLinesOf80Columns) {
    for (const std::string& command : commands) {
        const Outcome outcome = run_program({command, "--help"});
        std::istringstream lines(outcome.out);
        for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), 80U) << line;
    }
}

TEST(CommandLine, ListsAndExaminesInLinesOf80Columns) {
    for (const char* command : {"list", "doctor"}) {
        const Outcome outcome = run_program({command});
        EXPECT_EQ(outcome.status, 0);
        std::istringstream lines(outcome.out);
        for (std::string line; std::getline(lines, line);) {
            const bool is_one_word =
                line.find_first_of(' ', line.find_first_not_of(' ')) == std::string::npos;
            EXPECT_TRUE(columns_of(line) <= 80 || is_one_word) << line;
        }
    }
}

TEST(CommandLine, TellsItsVersion) {
    for (const char* asked : {"--version", "-V", "version"}) {
        const Outcome outcome = run_program({asked});
        EXPECT_EQ(outcome.status, 0);
        EXPECT_THAT(outcome.out, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n")) << asked;
    }
}

TEST(CommandLine, HelpsWhereItIsAskedInAWord) {
    EXPECT_EQ(run_program({"help"}).out, run_program({"--help"}).out);
    for (const std::string& command : commands)
        EXPECT_EQ(run_program({"help", command}).out, run_program({command, "--help"}).out);
    EXPECT_EQ(run_program({"help", "history", "add"}).out, run_program({"history", "add", "--help"}).out);
}

struct Wrong {
    std::vector<std::string> arguments;
    std::string names;  ///< what the message must name
};

class WrongUsage : public testing::TestWithParam<Wrong> {};

TEST_P(WrongUsage, IsToldInASentenceWithStatus64) {
    const Outcome outcome = run_program(GetParam().arguments);
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, AllOf(testing::StartsWith("asyncbench: "), HasSubstr(GetParam().names)));
    EXPECT_THAT(outcome.err, testing::EndsWith(".\n"));
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, WrongUsage,
    testing::Values(
        Wrong{{}, "run, load, compare, gate"}, Wrong{{"measure"}, "'measure'"},
        Wrong{{"comapre"}, "Did you mean compare?"}, Wrong{{"help", "gat"}, "Did you mean gate?"},
        Wrong{{"--versoin"}, "Did you mean --version?"}, Wrong{{"history", "shwo"}, "Did you mean show?"},
        Wrong{{"run", "--concurency", "5"}, "Did you mean --concurrency?"},
        Wrong{{"run", "--latnecy=5ms"}, "There is no option --latnecy. Did you mean --latency?"},
        Wrong{{"run", "-s", "callback", "coroutine"}, "commas"}, Wrong{{"run", "-c", "16", "64"}, "-c 16,64"},
        Wrong{{"run", "slow-tial"}, "Did you mean slow-tail?"},
        Wrong{{"run", "localhost:8080/x"}, "http://localhost:8080/x"},
        Wrong{{"run", "--target", "127.0.0.1:8080"}, "http://127.0.0.1:8080"},
        Wrong{{"run", "http://127.0.0.1:1", "--target", "mock"}, "two targets"},
        Wrong{{"run", "--latency", "20"}, "20ms or 20s"},
        Wrong{{"run", "--latency", "uniform:10,30ms"}, "10ms or 10s"},
        Wrong{{"run", "--budget", "5"}, "5ms or 5s"}, Wrong{{"run", "-d", "10"}, "10ms or 10s"},
        Wrong{{"gate", "--base", "a", "--head", "b", "--patience", "5"}, "5ms or 5s"},
        Wrong{{"compare"}, "The argument files is missing."}, Wrong{{"history"}, "A subcommand is missing."},
        Wrong{{"target", "--port", "99999"}, "0 to 65535"}, Wrong{{"run", "-q", "2x"}, "2k/s"},
        Wrong{{"run", "--error-rate", "5"}, "100%"},
        Wrong{{"gate", "--base", "a", "--head", "b", "--metric", "throuhgput=5%"},
              "Did you mean throughput?"},
        Wrong{{"pitfalls", "blocking-htpp"}, "Did you mean blocking-http?"},
        Wrong{{"run", "--nonsense"}, "--nonsense"},
        Wrong{{"run", "-s", "corotine"}, "sequential, thread-pool, callback, coroutine"},
        Wrong{{"run", "-s", "thread"}, "Did you mean thread-pool or thread-per-request?"},
        Wrong{{"run", "-s", "callback:lops=2"}, "Did you mean loops?"},
        Wrong{{"run", "-s", "callback:loops=0"}, "loops=0"},
        Wrong{{"run", "-s", "thread-pool:threads=many"}, "threads=many"},
        Wrong{{"run", "-s", "exec:"}, "exec"}, Wrong{{"run", "-s", ""}, "-s"},
        Wrong{{"run", "-s", "callback,callback"}, "'callback'"}, Wrong{{"run", "-c", "0"}, "-c"},
        Wrong{{"run", "-c", "64,64"}, "64"}, Wrong{{"run", "-c", "-5"}, "-5"},
        Wrong{{"run", "-c", "many"}, "many"}, Wrong{{"run", "-c", "2m"}, "1000000"},
        Wrong{{"run", "-n", "0"}, "-n"}, Wrong{{"run", "-n", "1e3"}, "1e3"},
        Wrong{{"run", "-n", "10", "-q", "10"}, "-q"}, Wrong{{"run", "-n", "10", "-d", "1s"}, "-d"},
        Wrong{{"run", "-d", "0"}, "duration"}, Wrong{{"run", "-d", "soon"}, "soon"},
        Wrong{{"run", "-q", "0"}, "rate"}, Wrong{{"run", "-q", "fast"}, "fast"},
        Wrong{{"run", "-q", "1000000000", "-d", "1h"}, "too many"},
        Wrong{{"run", "--arrivals", "poisson"}, "-q"}, Wrong{{"run", "--arrivals", "often"}, "often"},
        Wrong{{"run", "-r", "0"}, "-r"}, Wrong{{"run", "--timeout", "0"}, "--timeout"},
        Wrong{{"run", "--latency", "slow"}, "lognormal:20ms,80ms"},
        Wrong{{"run", "--latency", "uniform:30ms,10ms"}, "uniform"},
        Wrong{{"run", "--latency", "uniform:30ms"}, "uniform"}, Wrong{{"run", "--payload", "big"}, "big"},
        Wrong{{"run", "--payload", "2GiB"}, "1 GiB"}, Wrong{{"run", "--error-rate", "1.5"}, "1.5"},
        Wrong{{"run", "--error-rate", "0.6", "--faults", "close:0.6"}, "1.2"},
        Wrong{{"run", "--faults", "burn:0.1"}, "burn"}, Wrong{{"run", "--compute", "1h"}, "--compute"},
        Wrong{{"run", "--target", "nonsense"}, "'nonsense'"}, Wrong{{"run", "--seed", "-1"}, "-1"},
        Wrong{{"run", "no-such-scenario"}, "no-such-scenario"}, Wrong{{"target", "ftp"}, "ftp"},
        Wrong{{"target", "--port", "70000"}, "--port"}, Wrong{{"target", "--latency", "slow"}, "slow"},
        Wrong{{"run", "-H", "Accept: text/html"}, "--target URL"}, Wrong{{"run", "-k"}, "--target URL"},
        Wrong{{"run", "--target", "http://h", "-H", "Accept"}, "-H"},
        Wrong{{"run", "--target", "http://h", "-X", "GET /"}, "-X"},
        Wrong{{"run", "--target", "http://h", "-X", "HEAD", "--data", "x"}, "HEAD"},
        Wrong{{"run", "--target", "http://h", "--data", "@nosuch"}, "nosuch"},
        Wrong{{"run", "--target", "http://h", "--path", "a"}, "/a"},
        Wrong{{"run", "--target", "http://h", "--path", "/a=3"}, "3:/a"},
        Wrong{{"run", "--target", "http://h?q=1", "--path", "/a"}, "query"},
        Wrong{{"run", "--target", "https://h", "--key", "k.pem"}, "certificate"},
        Wrong{{"run", "--target", "http://h", "--cert", "c.pem"}, "https://"},
        Wrong{{"gate", "--base-target", "x", "--head-target", "y", "-k"}, "--https"},
        Wrong{{"run", "--stall-threshold", "10ms"}, "--diagnose"},
        Wrong{{"run", "--diagnose", "--stall-threshold", "1us"}, "1ms"},
        Wrong{{"trial", "--as", "corotine"}, "coroutine"}, Wrong{{"trial", "--as", ""}, "no strategy"},
        Wrong{{"pitfalls", "sleeping"}, "blocking-http, blocking-sleep"},
        Wrong{{"pitfalls", "-r", "0"}, "-r"}, Wrong{{"pitfalls", "--json", "-", "--html", "-"}, "stdout (-)"},
        Wrong{{"load"}, "--targets"}, Wrong{{"load", "h", "--check", "status 7"}, "--check"},
        Wrong{{"load", "h", "--targets", "/no/such"}, "/no/such"},
        Wrong{{"load", "h", "--targets", "-", "--steps", "-"}, "--steps"},
        Wrong{{"load", "h", "--var", "x=y"}, "counter"}, Wrong{{"load", "h", "--http", "3"}, "--http"},
        Wrong{{"load", "h", "--streams", "2"}, "--http 2"},
        Wrong{{"load", "h", "--http", "2", "--no-keepalive"}, "--no-keepalive"},
        Wrong{{"load", "h", "--unix-socket", std::string(200, 's')}, "--unix-socket"},
        Wrong{{"load", "h", "--unix-socket", "/s", "--resolve", "h:80:10.0.0.1"}, "--resolve"},
        Wrong{{"load", "h", "--resolve", "h:80"}, "HOST:PORT:ADDRESS"},
        Wrong{{"load", "h", "--resolve", "other:80:10.0.0.1"}, "h:80"},
        Wrong{{"run", "--resolve", "h:80:10.0.0.1"}, "--target URL"},
        Wrong{{"load", "h", "--stream-for", "0s"}, "--stream-for"}, Wrong{{"load", "ftp://h/"}, "ftp://h/"},
        Wrong{{"load", "h", "-c", "1,2"}, "-c"}, Wrong{{"load", "h", "-c", "0"}, "-c"},
        Wrong{{"load", "h", "-n", "10", "-d", "1s"}, "-d"}, Wrong{{"load", "h", "-n", "10", "-q", "5"}, "-q"},
        Wrong{{"load", "h", "--stages", "10@1s", "-q", "5"}, "-q"},
        Wrong{{"load", "h", "--stages", "10"}, "RATE@TIME"},
        Wrong{{"load", "h", "--arrivals", "poisson"}, "-q"},
        Wrong{{"load", "h", "--threshold", "p99"}, "p99<200ms"},
        Wrong{{"load", "h", "--expect", "20"}, "2xx"}, Wrong{{"load", "h", "-t", "0"}, "-t"},
        Wrong{{"load", "h", "--io", "kqueue"}, "kqueue"}, Wrong{{"load", "h", "-d", "10"}, "10ms or 10s"},
        Wrong{{"load", "h", "--data-file", "nosuch"}, "nosuch"}, Wrong{{"load", "h", "-s", "callback"}, "-s"},
        Wrong{{"list", "colours"}, "colours"}, Wrong{{"report"}, "result"}));

TEST(ScenarioFile, ThatIsBrokenIsToldWithItsNameAndField) {
    const std::vector<std::pair<std::string, std::string>> broken{
        {"", "no JSON"},
        {"{\"strategies\": [\"callback\"", "no JSON"},
        {"[]", "must be a JSON object"},
        {R"({"strategy": "callback"})", "strategies"},  // names the known fields
        {R"({"latency": "slow"})", "latency"},
        {R"({"latency": 20})", "latency"},
        {R"({"concurrency": []})", "concurrency"},
        {R"({"concurrency": [16, 16]})", "16"},
        {R"({"strategies": ["callback", "callback"]})", "callback"},
        {R"({"strategies": ["corotine"]})", "corotine"},
        {R"({"repetitions": 0})", "repetitions"},
        {R"({"requests": 10, "duration": "1s"})", "duration"},
        {R"({"error_rate": 2})", "error_rate"},
        {R"({"plan": "batch"})", "-n"},
        {R"({"plan": "open"})", "-q"},
        {R"({"target": "nonsense"})", "'nonsense'"},
        {R"({"name": "a", "name": "b"})", "twice"}};
    const Folder folder;
    for (const auto& [text, name] : broken) {
        const Outcome outcome = run_program({"run", folder.write("scenario.json", text)});
        EXPECT_EQ(outcome.status, 64) << text;
        EXPECT_THAT(outcome.err, HasSubstr(name)) << text;
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    const Outcome outcome = run_program({"run", folder.write("scenario.json", "{")});
    EXPECT_THAT(outcome.err, HasSubstr("scenario.json"));
}

TEST(ScenarioFile, ThatIsADirectoryCannotBeRead) {
    EXPECT_EQ(run_program({"run", "/tmp"}).status, 64);
}

TEST(ListCommand, ListsWhatThereIs) {
    const Outcome outcome = run_program({"list"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, IsEmpty());
    for (const char* text : {"coroutine-asio", ":threads=N", "exec:COMMAND", "blocking",
                             "bimodal:5ms,100ms,0.05", "gateway-fan-out", "session-per-request"}) {
        EXPECT_THAT(outcome.out, HasSubstr(text));
    }
    for (const MetricInfo& metric : metric_catalogue()) {
        EXPECT_THAT(outcome.out, HasSubstr(std::string(metric.name)));
    }
}

TEST(ListCommand, ListsOneKindAlone) {
    const Outcome outcome = run_program({"list", "latency"});
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("exponential"), Not(HasSubstr("coroutine"))));
}

TEST(DoctorCommand, LooksAtThisMachine) {
    const Outcome outcome = run_program({"doctor"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* text : {"CPUs", "CPU quota", "descriptors", "load", "clock source"}) {
        EXPECT_THAT(outcome.out, HasSubstr(text));
    }
}

TEST(TrialCommand, WithoutASpecSaysWhatItIsFor) {
    const Outcome outcome = run_program({"trial"});
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"failure\""), HasSubstr("asyncbench run")));
}

TEST(TrialCommand, RefusesASpecThatIsNone) {
    const Outcome outcome = run_program({"trial"}, {.input = "{\"protocol\":1}\n"});
    EXPECT_NE(outcome.status, 0);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"failure\""), HasSubstr("trial")));
}

}  // namespace asyncbench::usage_tests
