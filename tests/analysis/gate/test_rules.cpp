#include "analysis/gate/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "async/errors.hpp"

namespace asyncbench::rules_tests {

using testing::AllOf;
using testing::HasSubstr;

std::string why_refused(const std::function<void()>& act) {
    try {
        act();
    } catch (const UsageError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(GateRules, KnowMetricsByTheirShortNames) {
    EXPECT_EQ(metric_named("p50"), "service_p50_ns");
    EXPECT_EQ(metric_named("service_p50_ns"), "service_p50_ns");
    EXPECT_EQ(metric_named("peak-memory"), "peak_rss_bytes");
    EXPECT_EQ(metric_named("loop_utilization"), "loop_utilization");
    EXPECT_THAT(why_refused([] { metric_named("p51"); }), AllOf(HasSubstr("p51"), HasSubstr("p50")));
}

TEST(GateRules, GateTimesByPairsAndCountsByThemselves) {
    const GateRules rules = default_gate_rules();
    EXPECT_EQ(find_rule(rules, "service_p50_ns")->lane, Lane::paired);
    EXPECT_EQ(find_rule(rules, "service_p50_ns")->tolerance, (Tolerance{0.05, 0.10}));
    EXPECT_EQ(find_rule(rules, "throughput_rps")->lane, Lane::paired);
    EXPECT_EQ(find_rule(rules, "instructions_per_request")->lane, Lane::deterministic);
    EXPECT_EQ(find_rule(rules, "errors")->lane, Lane::deterministic);
    EXPECT_EQ(find_rule(rules, "service_p99_ns")->lane, Lane::information);
    EXPECT_EQ(find_rule(rules, "nothing"), nullptr);
    check(rules);
}

TEST(GateRules, AreChangedByWhatIsSaidOfAMetric) {
    GateRules rules = default_gate_rules();
    set_rule(rules, "p50", "3%,7.5%");
    EXPECT_EQ(find_rule(rules, "service_p50_ns")->tolerance, (Tolerance{0.03, 0.075}));
    set_rule(rules, "p99", "20%");
    EXPECT_EQ(find_rule(rules, "service_p99_ns")->lane, Lane::paired);
    EXPECT_EQ(find_rule(rules, "service_p99_ns")->tolerance, (Tolerance{0.2, 0.4}));
    EXPECT_FALSE(find_rule(rules, "service_p99_ns")->if_known);
    set_rule(rules, "instructions", "1%");
    EXPECT_EQ(find_rule(rules, "instructions_per_request")->lane, Lane::deterministic);
    EXPECT_EQ(find_rule(rules, "instructions_per_request")->tolerance.pass_below, 0.01)
        << "a count needs no room for noise";
    set_rule(rules, "throughput", "information");
    EXPECT_EQ(find_rule(rules, "throughput_rps")->lane, Lane::information);
    set_rule(rules, "cpu", "ignore");
    EXPECT_EQ(find_rule(rules, "cpu_us_per_request"), nullptr);
}

TEST(GateRules, TakeCountersOfFilesByAPrefix) {
    GateRules rules = default_gate_rules();
    set_rule(rules, "counter:allocations_per_op", "0%");
    const MetricRule* rule = find_rule(rules, "allocations_per_op");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->lane, Lane::deterministic);
    EXPECT_EQ(rule->tolerance.fail_from, 0);
    EXPECT_THROW(set_rule(rules, "allocations_per_op", "0%"), UsageError);
    EXPECT_THROW(set_rule(rules, "counter:", "0%"), UsageError);
    EXPECT_THROW(set_rule(rules, "counter:two words", "0%"), UsageError);
}

TEST(GateRules, RefuseWhatMeansNothing) {
    const auto refused = [](const char* name, const char* text) {
        return why_refused([&] {
            GateRules rules = default_gate_rules();
            set_rule(rules, name, text);
        });
    };
    EXPECT_THAT(refused("p50", "5"), AllOf(HasSubstr("p50"), HasSubstr("'5'"), HasSubstr("5%")));
    EXPECT_THAT(refused("p50", ""), HasSubstr("p50"));
    EXPECT_THAT(refused("p50", "-5%"), HasSubstr("-5%"));
    EXPECT_THAT(refused("p50", "5%,x"), HasSubstr("'x'"));
    EXPECT_THAT(refused("p50", "10%,5%"), HasSubstr("at least the first"));
    EXPECT_THAT(refused("elapsed_ns", "5%"), HasSubstr("--information"));
    EXPECT_THAT(refused("nope", "5%"), HasSubstr("nope"));
}

TEST(GateRules, BringBackNoTimeThatWasTakenOut) {
    GateRules rules;
    set_rule(rules, "cpu-time", "ignore");
    add_times_of_others(rules);
    EXPECT_NE(find_rule(rules, "real_time_ns"), nullptr);
    EXPECT_EQ(find_rule(rules, "cpu_time_ns"), nullptr);
    set_rule(rules, "cpu-time", "3%");
    add_times_of_others(rules);
    ASSERT_NE(find_rule(rules, "cpu_time_ns"), nullptr);
    EXPECT_EQ(find_rule(rules, "cpu_time_ns")->tolerance.fail_from, 0.03);
}

TEST(GateRules, RefuseLooksAndAlphasThatCannotBe) {
    const auto refused = [](Looks looks) {
        return why_refused([&] {
            GateRules rules;
            rules.looks = std::move(looks);
            check(rules);
        });
    };
    EXPECT_EQ(refused({{20, 40, 80}, 0.01}), "accepted");
    EXPECT_THAT(refused({{}, 0.01}), HasSubstr("ascend"));
    EXPECT_THAT(refused({{1}, 0.01}), HasSubstr("ascend"));
    EXPECT_THAT(refused({{20, 20}, 0.01}), HasSubstr("ascend"));
    EXPECT_THAT(refused({{40, 20}, 0.01}), HasSubstr("ascend"));
    EXPECT_THAT(refused({{20}, 0}), HasSubstr("alpha"));
    EXPECT_THAT(refused({{20}, 0.6}), HasSubstr("alpha"));
    EXPECT_THAT(refused({{20}, 1e-17}), HasSubstr("at least 1e-09"));
    EXPECT_EQ(refused({{20}, least_alpha}), "accepted");
}

TEST(Budget, IsReadInTheUnitsOfItsMetric) {
    const Budget p99 = parse_budget("p99<50ms");
    EXPECT_EQ(p99.metric, "service_p99_ns");
    EXPECT_TRUE(p99.below);
    EXPECT_EQ(p99.limit, 50e6);
    EXPECT_EQ(p99.text, "p99<50ms");
    EXPECT_FALSE(parse_budget("throughput>1000/s").below);
    EXPECT_EQ(parse_budget("throughput>1000/s").limit, 1000);
    EXPECT_EQ(parse_budget("throughput>=1000").limit, 1000);
    EXPECT_EQ(parse_budget("peak-memory<64MB").limit, 64e6);
    EXPECT_EQ(parse_budget("cpu<30us").limit, 30);
    EXPECT_EQ(parse_budget("efficiency>95%").limit, 0.95);
}

TEST(Budget, IsRefusedWhereItMeansNothing) {
    for (const char* text : {"", "p99", "<5ms", "p99<", "p99<5MB", "p98<5ms", "throughput>5ms", "p99=5ms"}) {
        EXPECT_NE(why_refused([&] { parse_budget(text); }), "accepted") << text;
    }
}

}  // namespace asyncbench::rules_tests
