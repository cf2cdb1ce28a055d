#include "cli/gate/sample_size.hpp"

#include <gtest/gtest.h>

#include "analysis/gate/gate_config.hpp"
#include "async/errors.hpp"

namespace asyncbench::sample_size_tests {

Scenario with_delay(const char* delay) {
    Scenario scenario = default_gate_scenario();
    scenario.profile.delay = DelaySpec::parse(delay);
    return scenario;
}

TEST(SampleSize, LastsATenthOfASecondAndHoldsThreeHundredRequests) {
    EXPECT_EQ(requests_of_sample(with_delay("5ms"), 64), 1300U);
    EXPECT_EQ(requests_of_sample(with_delay("5ms"), 16), 320U);
    EXPECT_EQ(requests_of_sample(with_delay("20ms"), 1), 300U);
}

TEST(SampleSize, IsUnknownWhereTheDelayDoesNotBoundTheSpeed) {
    EXPECT_FALSE(requests_of_sample(with_delay("0"), 16));
    EXPECT_FALSE(requests_of_sample(with_delay("100us"), 64));
    Scenario foreign = with_delay("5ms");
    foreign.target = "http://127.0.0.1:80/";
    EXPECT_FALSE(requests_of_sample(foreign, 16));
}

TEST(SampleSize, FollowsFromATrialThatWasMeasured) {
    Trial trial;
    trial.metrics["throughput_rps"] = {43'210, {}};
    EXPECT_EQ(requests_of_sample(trial), 4400U);
    trial.metrics["throughput_rps"] = {10, {}};
    EXPECT_EQ(requests_of_sample(trial), 300U);
    trial.metrics["throughput_rps"] = {0, {}};
    EXPECT_THROW(requests_of_sample(trial), Error);
}

TEST(SampleSize, IsWhatThePlanSaysWhereItSaysIt) {
    Scenario scenario = default_gate_scenario();
    EXPECT_EQ(planned_requests(scenario, 16), 0U);
    scenario.plan.requests = 77;
    EXPECT_EQ(planned_requests(scenario, 16), 77U);
    scenario.plan = {.kind = PlanKind::open, .duration = std::chrono::seconds{1}, .rate_rps = 50};
    EXPECT_EQ(planned_requests(scenario, 16), 50U);
    scenario.plan.kind = PlanKind::closed;
    EXPECT_EQ(planned_requests(scenario, 16), 0U);
}

}  // namespace asyncbench::sample_size_tests
