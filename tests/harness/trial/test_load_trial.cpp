// The child's side of a trial that puts load on a server.

#include "harness/trial/load_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "harness/trial/trial_json.hpp"
#include "harness/trial/trial_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http/kept_server.hpp"

namespace asyncbench::load_trial_tests {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

TrialSpec spec_for(const std::string& url) {
    TrialSpec spec;
    spec.trial = "load";
    spec.strategy.name = "native";
    spec.plan = {.kind = PlanKind::batch, .concurrency = 4, .requests = 40};
    spec.timeout = 5s;
    spec.base_url = SecretText::url(url);
    spec.verify = false;
    spec.load = LoadSettings{};
    return spec;
}

/// What the trial's process writes, line by line.
std::vector<TrialEvent> events_of(const TrialSpec& spec) {
    std::istringstream in(to_json_line(spec) + "\ngo\n");
    std::ostringstream out;
    run_trial_process(in, out, {});
    std::vector<TrialEvent> events;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) events.push_back(trial_event_from_json(line));
    return events;
}

TEST(LoadTrial, SaysThatItIsReadyTellsOfEachSecondAndThenOfAll) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    const std::vector<TrialEvent> events = events_of(spec_for(server.url()));
    ASSERT_EQ(events.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<TrialReady>(events[0]));
    EXPECT_EQ(std::get<LoadSoFar>(events[1]).second.answered, 40U);
    const Trial& trial = std::get<Trial>(events[2]);
    EXPECT_EQ(trial.failure, "");
    EXPECT_EQ(std::get<LoadSoFar>(events[1]).response_time_ns, trial.response_time_ns);
    EXPECT_EQ(trial.client.count, 40U);
    EXPECT_THAT(trial.endings.statuses, ElementsAre(Pair(200, 40)));
    EXPECT_EQ(trial.service_time_ns.count(), 40U);
    ASSERT_TRUE(trial.load);
    EXPECT_EQ(trial.load->answered_in_time, 40U);
    EXPECT_EQ(trial.load->connections_at_start, 4U);
    EXPECT_THAT(trial.load->seconds, ElementsAre(std::get<LoadSoFar>(events[1]).second));
    EXPECT_EQ(value_of(trial.metrics, "connections_opened"), 4);
    EXPECT_EQ(value_of(trial.metrics, "response_bytes_per_request"), 2);
    EXPECT_GT(value_of(trial.metrics, "cpu_us_per_request").value_or(0), 0);
}

TEST(LoadTrial, SendsWhatTheSpecSays) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    TrialSpec spec = spec_for(server.url());
    spec.plan = {.kind = PlanKind::batch, .concurrency = 1, .requests = 1};
    spec.request.method = "PUT";
    spec.request.headers = {SecretText::header("X-Token: secret")};
    spec.request.body = SharedBytes("body");
    spec.load->keep_alive = false;
    events_of(spec);
    ASSERT_EQ(server.heads().size(), 1U);
    for (const char* line : {"PUT / HTTP/1.1", "X-Token: secret", "Content-Length: 4", "Connection: close"})
        EXPECT_THAT(server.heads().front(), testing::HasSubstr(line));
}

TEST(LoadTrial, SaysWhyItCouldNotBegin) {
    TrialSpec spec = spec_for("http://127.0.0.1:1");
    spec.address = "127.0.0.1";
    spec.base_url = SecretText::url("http://:0:/");
    const std::vector<TrialEvent> events = events_of(spec);
    EXPECT_NE(std::get<Trial>(events.back()).failure, "");
}

TEST(LoadTrial, EndsAtOnceWhereItIsToldToStop) {
    test::KeptServer server([](const auto&) { return test::ok_answer(); });
    TrialSpec spec = spec_for(server.url());
    spec.plan = {.kind = PlanKind::closed, .concurrency = 2, .duration = 1h};
    std::atomic<bool> stop{false};
    std::ostringstream out;
    std::jthread stopper([&] {
        while (server.heads().size() < 50) std::this_thread::sleep_for(1ms);
        stop = true;
    });
    EXPECT_GE(measure_load(spec, stop, out).client.count, 40U);
}

TEST(StopLine, ComesOnlyAsItself) {
    std::istringstream stops("stop\n");
    StopLine line;
    line.listen_on(stops);
    EXPECT_TRUE(test::eventually([&] { return line.came().load(); }));
    for (const char* text : {"go\n", "stop it\n", "\n", ""}) {
        std::istringstream others(text);
        StopLine none;
        none.listen_on(others);
        std::this_thread::sleep_for(20ms);
        EXPECT_FALSE(none.came()) << text;
    }
}

}  // namespace asyncbench::load_trial_tests
