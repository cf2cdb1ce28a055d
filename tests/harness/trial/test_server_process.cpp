// Servers of the user's own, as the gate starts and stops them.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "async/errors.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/transfer.hpp"
#include "harness/trial/server_process.hpp"
#include "harness/trial/target_link.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/processes/processes.hpp"

namespace asyncbench::server_process_tests {

using namespace std::chrono_literals;
using test::children_with;
using test::eventually;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::string server_program = test::source_dir() + "/tests/support/slow_server.py";

ServerSpec spec(const std::string& arguments) {
    return {.name = "head", .command = fmt::format("exec python3 {} {}", server_program, arguments)};
}

class ServerProcessTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { initialize_curl(); }
};

TEST_F(ServerProcessTest, AnswersOnAPortOfItsOwnUntilItIsStopped) {
    std::string url;
    {
        ServerSpec server = spec("--bytes 7");
        server.path = "/api/items?n=1";
        const ServerProcess running(server);
        url = running.url();
        EXPECT_THAT(url, AllOf(HasSubstr("http://127.0.0.1:"), HasSubstr("/api/items?n=1")));
        const Response response = BlockingSession({}).get(url);
        EXPECT_TRUE(response.ok());
        EXPECT_EQ(response.body.size(), 7U);
    }
    EXPECT_EQ(BlockingSession({}).get(url).error, TransportError::connect);
    EXPECT_TRUE(children_with(getpid(), server_program).empty());
}

TEST_F(ServerProcessTest, TellsThePortInItsCommandToo) {
    ServerSpec server = spec("--port {port}");
    server.command = "PORT=1; export PORT; " + server.command.reveal();
    ServerProcess running(server);
    EXPECT_NO_THROW(running.check());
}

TEST_F(ServerProcessTest, MayEndInItsOwnTime) {
    const std::string file = testing::TempDir() + "server-ended-in-its-own-time";
    std::remove(file.c_str());
    ServerSpec server = spec("");
    server.command = fmt::format("python3 {} & trap 'kill $!; sleep 0.05; echo x > {}; exit 0' TERM; wait",
                                 server_program, file);
    {
        const ServerProcess running(server);
    }
    EXPECT_TRUE(std::ifstream(file).good());
    std::remove(file.c_str());
}

TEST_F(ServerProcessTest, IsKilledWhereItDoesNotEnd) {
    ServerSpec server = spec("");
    server.command = fmt::format("trap '' TERM; exec python3 {}", server_program);
    server.stop_timeout = 50ms;
    std::string url;
    {
        const ServerProcess running(server);
        url = running.url();
    }
    EXPECT_EQ(BlockingSession({}).get(url).error, TransportError::connect);
}

TEST_F(ServerProcessTest, ThatEndsSaysWhatItWrote) {
    ServerSpec server = spec("");
    server.command = "echo no such table >&2; exit 7";
    EXPECT_THAT([&] { ServerProcess{server}; },
                ThrowsMessage<Error>(AllOf(HasSubstr("The server of head"), HasSubstr("ended with status 7"),
                                           HasSubstr("It wrote last: no such table"))));
}

TEST_F(ServerProcessTest, ThatListensElsewhereIsToldOfItsPort) {
    ServerSpec server = spec("");
    server.command = "sleep 60";
    server.start_timeout = 50ms;
    EXPECT_THAT([&] { ServerProcess{server}; },
                ThrowsMessage<Error>(AllOf(HasSubstr("is not ready after 50ms"), HasSubstr("{port}"))));
}

TEST_F(ServerProcessTest, MayListenOnIpv6Alone) {
    ServerSpec server = spec("--host ::1");
    server.path = "/api";
    ServerProcess running(server);
    EXPECT_THAT(running.url(), AllOf(HasSubstr("http://[::1]:"), HasSubstr("/api")));
    EXPECT_NO_THROW(running.check());
    EXPECT_TRUE(BlockingSession({}).get(running.url()).ok());
}

TEST_F(ServerProcessTest, SaysWhereItWasLookedForInVain) {
    ServerSpec server = spec("");
    server.command = "sleep 60";
    server.start_timeout = 50ms;
    EXPECT_THAT([&] { ServerProcess{server}; }, ThrowsMessage<Error>(AllOf(HasSubstr(" at http://127.0.0.1:"),
                                                                           HasSubstr(" at http://[::1]:"))));
}

TEST_F(ServerProcessTest, MayTakeAsLongForItsFirstAnswerAsItHasToStart) {
    ServerSpec server = spec("--delay-ms 5300");  // over the five seconds that a look once had
    server.start_timeout = 12s;                   // and not so long that two looks would do
    EXPECT_NO_THROW(ServerProcess{server});
}

TEST_F(ServerProcessTest, IsAskedForAsLongAsARequestMayTake) {
    ServerSpec server = spec("--hang-after 1");
    server.timeout = 60ms;
    ServerProcess running(server);
    EXPECT_THAT([&] { running.check(); }, ThrowsMessage<Error>(HasSubstr("timed out after 6")));
}

TEST_F(ServerProcessTest, IsNotMissedWhereTheQuestionIsInterrupted) {
    std::atomic<bool> interrupted{false};
    ServerSpec server = spec("--hang-after 1");
    server.interrupted = &interrupted;
    ServerProcess running(server);
    interrupted = true;
    EXPECT_NO_THROW(running.check());
}

TEST_F(ServerProcessTest, IsNotReadyWhileItAnswersErrors) {
    ServerSpec server = spec("--status 503");
    server.start_timeout = 3s;  // on a busy machine Python takes longer than half a second to start
    EXPECT_THAT([&] { ServerProcess{server}; }, ThrowsMessage<Error>(HasSubstr("answers with status 503")));
}

TEST_F(ServerProcessTest, IsMissedWhereItEndsLater) {
    TargetLink target(spec("--die-after 1"));
    EXPECT_FALSE(target.counts());
    BlockingSession({}).get(target.base_url().reveal());
    EXPECT_TRUE(eventually([&] {
        try {
            target.ensure_alive();
            return false;
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("ended with status 3"));
            return true;
        }
    }));
}

TEST_F(ServerProcessTest, IsNotWaitedForWhereThatIsInterrupted) {
    const std::atomic<bool> interrupted{true};
    ServerSpec server = spec("");
    server.command = "sleep 1000";
    server.start_timeout = 600s;
    server.interrupted = &interrupted;
    EXPECT_NO_THROW(ServerProcess{server});
}

TEST_F(ServerProcessTest, TakesPathsThatBeginWithASlash) {
    ServerSpec server = spec("");
    server.path = "api";
    EXPECT_THAT([&] { ServerProcess{server}; }, ThrowsMessage<UsageError>(HasSubstr("like /api")));
}

}  // namespace asyncbench::server_process_tests
