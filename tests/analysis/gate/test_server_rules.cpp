#include "analysis/gate/server_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "async/errors.hpp"

namespace asyncbench::server_rules_tests {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

MetricRule rule_of(const GateRules& rules, std::string_view metric) {
    const MetricRule* rule = find_rule(rules, metric);
    EXPECT_NE(rule, nullptr) << metric;
    return rule == nullptr ? MetricRule{} : *rule;
}

TEST(RulesOfServers, DecideByTheServersNeeds) {
    const GateRules rules = rules_of_servers(default_gate_rules());
    for (const char* metric : {"server_cpu_us_per_request", "server_peak_rss_bytes", "server_threads"})
        EXPECT_EQ(rule_of(rules, metric).lane, Lane::paired) << metric;
    EXPECT_EQ(rule_of(rules, "server_instructions_per_request").lane, Lane::deterministic);
    for (const char* metric : {"cpu_us_per_request", "peak_rss_bytes", "instructions_per_request"})
        EXPECT_EQ(find_rule(rules, metric), nullptr) << metric;
}

TEST(RulesOfServers, ShowTheGeneratorsNeedsAndDecideNothingByThem) {
    const GateRules rules = rules_of_servers(default_gate_rules());
    for (const MetricRule& rule : rules.metrics) {
        if (!rule.metric.starts_with("generator_")) continue;
        EXPECT_EQ(rule.lane, Lane::information) << rule.metric;
    }
    EXPECT_TRUE(rule_of(rules, "generator_cpu_us_per_request").if_known);
    EXPECT_TRUE(rule_of(rules, "generator_peak_rss_bytes").if_known);
}

TEST(RulesOfServers, KeepWhatWasAskedOfTheCandidate) {
    GateRules asked = default_gate_rules();
    set_rule(asked, "cpu", "3%,7%");
    set_rule(asked, "threads", "50%");
    set_rule(asked, "peak-memory", "ignore");
    asked.budgets.push_back(parse_budget("peak-memory<64MB"));
    const GateRules rules = rules_of_servers(asked);
    EXPECT_EQ(rule_of(rules, "server_cpu_us_per_request").tolerance.fail_from, 0.03);
    EXPECT_EQ(rule_of(rules, "server_threads").tolerance.fail_from, 0.5);
    EXPECT_EQ(find_rule(rules, "server_peak_rss_bytes"), nullptr);
    EXPECT_EQ(rules.budgets.front().metric, "server_peak_rss_bytes");
}

TEST(RulesOfServers, TakeANameOfTheServerBeforeOneOfTheCandidate) {
    GateRules asked = default_gate_rules();
    set_rule(asked, "server-cpu", "4%");
    const GateRules rules = rules_of_servers(asked);
    EXPECT_EQ(rule_of(rules, "server_cpu_us_per_request").tolerance.fail_from, 0.04);
    EXPECT_EQ(
        std::count_if(rules.metrics.begin(), rules.metrics.end(),
                      [](const MetricRule& rule) { return rule.metric == "server_cpu_us_per_request"; }),
        1);
}

TEST(RulesOfServers, RefuseAFlagThatWouldDecideByTheGenerator) {
    for (const char* name : {"allocations", "loop_longest_busy_ns", "generator_cpu_us_per_request"}) {
        GateRules asked = default_gate_rules();
        set_rule(asked, name, "5%");
        EXPECT_THAT([&] { rules_of_servers(asked); }, ThrowsMessage<UsageError>(HasSubstr("load generator")))
            << name;
    }
    GateRules limited = default_gate_rules();
    limited.budgets.push_back(parse_budget("allocations<5"));
    EXPECT_THAT([&] { rules_of_servers(limited); }, ThrowsMessage<UsageError>(HasSubstr("load generator")));
}

TEST(RulesOfServers, ShowWhatAFileAsksOfTheGeneratorWithoutDeciding) {
    GateRules asked = default_gate_rules();
    set_rule(asked, "allocations", "5%", AskedBy::file);
    EXPECT_EQ(rule_of(rules_of_servers(asked), "generator_allocations_per_request").lane, Lane::information);
}

TEST(MetricsOfAGenerator, HaveNamesThatSayWhoseTheyAre) {
    Metrics metrics;
    metrics["cpu_us_per_request"] = {20.0, {}};
    metrics["server_cpu_us_per_request"] = {500.0, {}};
    metrics["service_p50_ns"] = {1e6, {}};
    const Metrics named = metrics_of_generator(metrics);
    EXPECT_EQ(value_of(named, "generator_cpu_us_per_request"), 20.0);
    EXPECT_EQ(value_of(named, "server_cpu_us_per_request"), 500.0);
    EXPECT_EQ(value_of(named, "service_p50_ns"), 1e6);
    EXPECT_FALSE(named.contains("cpu_us_per_request"));
}

}  // namespace asyncbench::server_rules_tests
