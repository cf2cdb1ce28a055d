#include "analysis/gate/server_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

/// What a trial tells of its process, and what it is called of the server and of the generator.
struct Names {
    std::string_view of_trial;
    std::string_view of_server;     ///< empty where nothing tells it
    std::string_view of_generator;  ///< empty: as of a trial
};

constexpr std::array names{
    Names{"cpu_us_per_request", "server_cpu_us_per_request", "generator_cpu_us_per_request"},
    Names{"cpu_share", "server_cpu_share", ""},
    Names{"peak_rss_bytes", "server_peak_rss_bytes", "generator_peak_rss_bytes"},
    Names{"threads", "server_threads", "generator_threads"},
    Names{"instructions_per_request", "server_instructions_per_request",
          "generator_instructions_per_request"},
    Names{"allocations_per_request", "", "generator_allocations_per_request"},
    Names{"cpu_user_us_per_request", "", ""},
    Names{"cpu_system_us_per_request", "", ""},
    Names{"cpu_wait_share", "", ""},
    Names{"voluntary_switches_per_request", "", ""},
    Names{"involuntary_switches_per_request", "", ""},
    Names{"memory_per_in_flight_bytes", "", ""},
    Names{"loop_utilization", "", ""},
    Names{"loop_longest_busy_ns", "", ""},
    Names{"loop_longest_lag_ns", "", ""},
};

/// Null where the metric says nothing of the generator's process.
const Names* names_of(std::string_view metric) {
    const auto* found = std::find_if(names.begin(), names.end(), [&](const Names& each) {
        return metric == each.of_trial || (!each.of_generator.empty() && metric == each.of_generator);
    });
    return found == names.end() ? nullptr : found;
}

/// Of the processes of a server.
bool is_of_process(std::string_view metric) {
    return metric.starts_with("server_");
}

[[noreturn]] void refuse(std::string_view metric) {
    throw UsageError(fmt::format(
        "{} is known of the load generator alone, which is the same program for both servers, so that it "
        "decides nothing. Of the servers, cpu, peak-memory, threads and instructions are known.",
        metric));
}

bool has_rule(const GateRules& rules, std::string_view metric) {
    return find_rule(rules, metric) != nullptr ||
           std::find(rules.ignored.begin(), rules.ignored.end(), metric) != rules.ignored.end();
}

MetricRule rule_of_server(MetricRule rule) {
    const Names* known = names_of(rule.metric);
    if (known == nullptr) return rule;
    if (!known->of_server.empty() && rule.metric == known->of_trial) {
        rule.metric = known->of_server;
        return rule;
    }
    if (rule.asked_by == AskedBy::flag && rule.lane != Lane::information) refuse(rule.metric);
    if (!known->of_generator.empty()) rule.metric = known->of_generator;
    rule.lane = Lane::information;
    rule.if_known = true;
    return rule;
}

std::string name_of_ignored(const std::string& metric) {
    const Names* known = names_of(metric);
    if (known == nullptr) return metric;
    const bool is_of_server = !known->of_server.empty() && metric == known->of_trial;
    const std::string_view name = is_of_server ? known->of_server : known->of_generator;
    return name.empty() ? metric : std::string(name);
}

std::string name_of_limited(const std::string& metric) {
    const Names* known = names_of(metric);
    if (known == nullptr) return metric;
    if (known->of_server.empty() || metric != known->of_trial) refuse(metric);
    return std::string(known->of_server);
}

}  // namespace

GateRules rules_of_servers(GateRules rules) {
    GateRules found = rules;
    for (std::string& metric : found.ignored) metric = name_of_ignored(metric);
    for (Budget& budget : found.budgets) budget.metric = name_of_limited(budget.metric);
    found.metrics.clear();
    const auto add = [&](MetricRule rule) {
        if (!has_rule(found, rule.metric)) found.metrics.push_back(std::move(rule));
    };
    for (const MetricRule& rule : rules.metrics) {
        MetricRule renamed = rule_of_server(rule);
        // A rule for `server-cpu` goes before one for `cpu`.
        if (renamed.metric == rule.metric || !has_rule(rules, renamed.metric)) add(std::move(renamed));
    }
    for (const char* metric :
         {"server_threads", "server_pss_bytes", "generator_cpu_us_per_request", "generator_peak_rss_bytes"})
        add(default_rule(metric));
    std::stable_partition(found.metrics.begin(), found.metrics.end(),
                          [](const MetricRule& rule) { return !rule.metric.starts_with("generator_"); });
    return found;
}

GateRules rules_of_running_servers(GateRules rules) {
    GateRules found = rules_of_servers(std::move(rules));
    const auto refuse_unknown = [](const std::string& metric) {
        throw UsageError(fmt::format(
            "{} is not known of a server that the gate did not start. Let it start both with --base-target "
            "and --head-target, or judge by p50, p90, p99, throughput and errors.",
            metric));
    };
    for (const MetricRule& rule : found.metrics)
        if (is_of_process(rule.metric) && rule.asked_by == AskedBy::flag) refuse_unknown(rule.metric);
    for (const Budget& budget : found.budgets)
        if (is_of_process(budget.metric)) refuse_unknown(budget.metric);
    std::erase_if(found.metrics, [](const MetricRule& rule) { return is_of_process(rule.metric); });
    return found;
}

Metrics metrics_of_generator(Metrics metrics) {
    for (const Names& each : names) {
        if (each.of_generator.empty()) continue;
        if (auto found = metrics.extract(std::string(each.of_trial))) {
            found.key() = each.of_generator;
            metrics.insert(std::move(found));
        }
    }
    return metrics;
}

}  // namespace asyncbench
