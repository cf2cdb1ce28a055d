#include "harness/trial/threshold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/errors.hpp"

namespace asyncbench::threshold_tests {

/// 1,000 responses of 1 ms to 1 s, of which 10 failed by their status, in a closed loop.
Trial some_trial() {
    Trial trial;
    for (int i = 1; i <= 1000; ++i) trial.response_time_ns.record(i * 1'000'000);
    trial.client.count = 1000;
    trial.errors = {.status = 10, .unforeseen = 10};
    trial.metrics["throughput_rps"] = {500.0, {}};
    trial.metrics["response_max_ns"] = {1e9, {}};
    trial.metrics["cpu_us_per_request"] = {7.5, {}};
    return trial;
}

TEST(Threshold, HoldsWhereTheValueKeepsToIt) {
    const Trial trial = some_trial();
    for (const char* held :
         {"p50<501ms", "p99 < 1s", "p999<=1s", "p99.9>990ms", "max<1.1s", "errors<=1%", "errors<0.02",
          "rate>499", "rate>=0.5k", "throughput>=500/s", "cpu<8", "cpu_us_per_request>7"})
        EXPECT_TRUE(Threshold::parse(held).holds(trial)) << held;
    for (const char* broken : {"p50<499ms", "p99>1s", "errors<1%", "rate>500", "cpu<7.5"})
        EXPECT_FALSE(Threshold::parse(broken).holds(trial)) << broken;
}

TEST(Threshold, IsBrokenWhereTheValueIsNotKnown) {
    EXPECT_FALSE(Threshold::parse("p99<1h").holds(Trial()));
    EXPECT_FALSE(Threshold::parse("errors<100%").holds(Trial()));
    EXPECT_FALSE(Threshold::parse("peak-memory>0").holds(some_trial()));
}

TEST(Threshold, RefusesWhatItCannotMean) {
    for (const char* wrong : {"", "p99", "<1s", "p99=1s", "p99<", "p99<200", "p0<1s", "p100<1s", "latency<1s",
                              "errors<2", "rate>x", "p99<<1s"})
        EXPECT_THROW(Threshold::parse(wrong), UsageError) << wrong;
    EXPECT_THAT([] { Threshold::parse("speed>1"); },
                testing::ThrowsMessage<UsageError>(testing::HasSubstr("asyncbench list metrics")));
}

}  // namespace asyncbench::threshold_tests
