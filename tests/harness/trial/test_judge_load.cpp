#include "harness/trial/judge_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace asyncbench::judge_load_tests {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using enum WarningKind;

/// A closed loop with which nothing is wrong: all numbers just within their limits.
Trial good() {
    Trial trial;
    trial.spec.plan = {.kind = PlanKind::closed, .concurrency = 8, .duration = 1s};
    trial.spec.load = LoadSettings{};
    trial.spec.base_url = "http://192.0.2.1/";
    trial.client.count = 100;
    trial.endings.statuses = {{200, 100}};
    trial.service_time_ns.record(8'000'000, 100);
    trial.load = LoadView{};
    trial.load->connections_at_start = 8;
    trial.load->stamped = 99;
    trial.load->busiest_thread = 0.9;
    trial.load->pick_up_ns.record(2'000'000, 99);
    trial.metrics["other_load_cores"] = {0.25, {}};
    trial.metrics["send_lateness_p99_ns"] = {1e6, {}};
    trial.metrics["sent_late_share"] = {0.01, {}};
    return trial;
}

std::vector<std::pair<std::string, WarningKind>> found_in(const Trial& trial) {
    std::vector<std::pair<std::string, WarningKind>> found;
    for (const Warning& warning : judge_trial(trial)) {
        EXPECT_THAT(warning.message, testing::EndsWith("."));
        found.emplace_back(warning.code, warning.kind);
    }
    return found;
}

auto with(const std::function<void(Trial&)>& change) {
    Trial trial = good();
    change(trial);
    return found_in(trial);
}

auto in_open_loop(const std::function<void(Trial&)>& change) {
    return with([&](Trial& trial) {
        trial.spec.plan.kind = PlanKind::open;
        change(trial);
    });
}

TEST(JudgeLoad, FindsNothingWrongWithAGoodLoad) {
    EXPECT_THAT(found_in(good()), IsEmpty());
    EXPECT_THAT(in_open_loop([](Trial&) {}), IsEmpty());
}

TEST(JudgeLoad, IsWrongWhereNothingWasAnswered) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.client.count = 0;
                    trial.load->stamped = 0;
                    trial.errors = {.connect = 9, .unforeseen = 9};
                    trial.endings = {};
                    trial.endings.add({ErrorClass::connect, "Connection refused", 9});
                }),
                ElementsAre(Pair("nothing-answered", wrong)));
}

TEST(JudgeLoad, OnlyNotesThatMostRequestsFailed) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.errors = {.status = 51, .unforeseen = 51};
                    trial.endings.statuses = {{200, 49}, {503, 51}};
                }),
                ElementsAre(Pair("mostly-errors", note)));
}

TEST(JudgeLoad, IsABoundWhereTheGeneratorWasAtItsLimit) {
    EXPECT_THAT(with([](Trial& trial) { trial.load->busiest_thread = 0.91; }),
                ElementsAre(Pair("generator-saturated", limited)));
    EXPECT_THAT(with([](Trial& trial) { trial.load->pick_up_ns.record(2'100'000, 200); }),
                ElementsAre(Pair("pick-up-late", limited)));
    EXPECT_THAT(with([](Trial& trial) {
                    trial.load->pick_up_ns = {};
                    trial.load->pick_up_ns.record(1'000'000'000, 99);
                }),
                IsEmpty())
        << "too few to say so";
    EXPECT_THAT(with([](Trial& trial) { trial.load->connections_at_start = 7; }),
                ElementsAre(Pair("connections-missing", limited)));
}

TEST(JudgeLoad, TakesAThreadThatWaitsAwakeInAnOpenLoopForNoLimit) {
    EXPECT_THAT(in_open_loop([](Trial& trial) { trial.load->busiest_thread = 1; }), IsEmpty());
}

TEST(JudgeLoad, JudgesTheScheduleOfAnOpenLoop) {
    EXPECT_THAT(in_open_loop([](Trial& trial) { trial.metrics["send_lateness_p99_ns"] = {1.1e6, {}}; }),
                ElementsAre(Pair("generator-late", limited)));
    EXPECT_THAT(in_open_loop([](Trial& trial) { trial.metrics["sent_late_share"] = {0.011, {}}; }),
                ElementsAre(Pair("rate-not-held", note)));
    EXPECT_THAT(in_open_loop([](Trial& trial) { trial.load->not_sent = 1; }),
                ElementsAre(Pair("not-sent", limited)));
}

TEST(JudgeLoad, SaysWhereLatenciesContainThePickUp) {
    EXPECT_THAT(with([](Trial& trial) { trial.load->stamped = 98; }),
                ElementsAre(Pair("without-stamps", note)));
}

TEST(JudgeLoad, SaysOfAUnixSocketThatItHasNoStamps) {
    const auto unix_socket = [](Trial& trial) {
        trial.spec.load->unix_socket = "/run/app.sock";
        trial.spec.base_url = SecretText::url("http://app.example/");
        trial.load->stamped = 0;
        trial.load->pick_up_ns = {};
        trial.metrics["other_load_cores"] = {0.26, {}};
    };
    EXPECT_THAT(with(unix_socket),
                ElementsAre(Pair("without-stamps", note), Pair("server-beside-generator", note)));
}

TEST(JudgeLoad, IsDisturbedByOtherProgramsButNotByTheServerThatItLoads) {
    const auto busy = [](Trial& trial) { trial.metrics["other_load_cores"] = {0.26, {}}; };
    EXPECT_THAT(with(busy), ElementsAre(Pair("machine-busy", disturbed)));
    for (const char* url : {"http://127.0.0.1:80/", "http://[::1]/", "http://localhost/"}) {
        EXPECT_THAT(with([&](Trial& trial) {
                        busy(trial);
                        trial.spec.base_url = SecretText::url(url);
                    }),
                    ElementsAre(Pair("server-beside-generator", note)))
            << url;
    }
}

TEST(JudgeLoad, IsABoundWhereAQuotaStoppedIt) {
    EXPECT_THAT(with([](Trial& trial) { trial.metrics["throttled_share"] = {0.06, {}}; }),
                ElementsAre(Pair("quota-throttled", limited)));
}

}  // namespace asyncbench::judge_load_tests
