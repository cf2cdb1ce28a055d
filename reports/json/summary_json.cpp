#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/errors.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

bool is_finite(const Estimate& estimate) {
    return std::isfinite(estimate.value) && std::isfinite(estimate.low) && std::isfinite(estimate.high) &&
           std::isfinite(estimate.confidence);
}

Estimate estimate_from(JsonFields fields) {
    constexpr double largest = std::numeric_limits<double>::max();
    Estimate estimate;
    estimate.value = fields.number("value", -largest, largest);
    estimate.low = fields.number("low", -largest, largest);
    estimate.high = fields.number("high", estimate.low, largest);
    estimate.confidence = fields.number("confidence", 0, 1);
    fields.expect_no_others();
    return estimate;
}

StrategySpec strategy_from(JsonFields& fields, std::string_view key) {
    try {
        return StrategySpec::parse(fields.text(key));
    } catch (const UsageError& error) {
        throw Error(
            fmt::format("{} cannot be used: in '{}', {}", fields.what(), fields.path_of(key), error.what()));
    }
}

void put_estimates(Json& object, const Cell& cell) {
    Json estimates = Json::object();
    Json reasons = Json::object();
    for (const auto& [name, estimate] : cell.metrics) {
        if (is_finite(estimate)) {
            estimates[name] = json_of(estimate);
        } else {
            estimates[name] = nullptr;
            reasons[name] = "the estimate was not a finite number";
        }
    }
    for (const auto& [name, reason] : cell.unknown) {
        estimates[name] = nullptr;
        reasons[name] = reason.empty() ? "no reason was given" : reason;
    }
    object["metrics"] = std::move(estimates);
    object["unknown"] = std::move(reasons);
}

void read_estimates(JsonFields& fields, Cell& cell) {
    JsonFields metrics = fields.object("metrics");
    JsonFields unknown = fields.object("unknown");
    for (const auto& item : metrics.value().items()) {
        if (item.value().is_null()) {
            cell.unknown.emplace(item.key(), unknown.text(item.key()));
        } else {
            cell.metrics.emplace(item.key(), estimate_from(metrics.object(item.key())));
        }
    }
    unknown.expect_no_others();
}

}  // namespace

Json json_of(const Estimate& estimate) {
    return {{"value", estimate.value},
            {"low", estimate.low},
            {"high", estimate.high},
            {"confidence", estimate.confidence}};
}

Json null_if_unknown(const Estimate& estimate) {
    return is_finite(estimate) ? json_of(estimate) : Json(nullptr);
}

Json json_of(const Cell& cell) {
    Json object = Json::object();
    object["strategy"] = cell.strategy.text();
    object["concurrency"] = cell.concurrency;
    object["trials"] = cell.trials;
    object["valid_trials"] = cell.valid_trials;
    object["valid"] = cell.valid();
    put_estimates(object, cell);
    object["service_time"] = json_of(cell.service_time_ns);
    object["response_time"] = json_of(cell.response_time_ns);
    object["warnings"] = json_of(cell.warnings);
    return object;
}

Cell cell_from(JsonFields fields) {
    Cell cell;
    cell.strategy = strategy_from(fields, "strategy");
    cell.concurrency = fields.small_count("concurrency");
    cell.trials = fields.small_count("trials");
    cell.valid_trials = static_cast<std::uint32_t>(fields.count("valid_trials", cell.trials));
    const bool valid = fields.flag("valid");
    read_estimates(fields, cell);
    cell.service_time_ns = histogram_from(fields.object("service_time"));
    cell.response_time_ns = histogram_from(fields.object("response_time"));
    cell.warnings = warnings_from(fields, "warnings");
    fields.expect_no_others();
    if (valid != cell.valid()) fields.fail("valid", "contradicts 'trials' and 'valid_trials'");
    return cell;
}

Json json_of(const Comparison& comparison) {
    Json object = Json::object();
    object["base"] = comparison.base.text();
    object["head"] = comparison.head.text();
    object["concurrency"] = comparison.concurrency;
    object["metric"] = comparison.metric;
    object["ratio"] = json_of(comparison.ratio);
    object["separated"] = comparison.separated;
    return object;
}

Comparison comparison_from(JsonFields fields) {
    Comparison comparison;
    comparison.base = strategy_from(fields, "base");
    comparison.head = strategy_from(fields, "head");
    comparison.concurrency = fields.small_count("concurrency");
    comparison.metric = fields.text("metric");
    comparison.ratio = estimate_from(fields.object("ratio"));
    comparison.separated = fields.flag("separated");
    fields.expect_no_others();
    return comparison;
}

Json json_of(const Environment& environment) {
    Json facts = Json::object();
    Json reasons = Json::object();
    for (const EnvironmentFact& fact : environment.facts) {
        facts[fact.name] = fact.value ? Json(*fact.value) : Json(nullptr);
        if (!fact.value) reasons[fact.name] = fact.reason.empty() ? "no reason was given" : fact.reason;
    }
    Json object = Json::object();
    object["facts"] = std::move(facts);
    object["unknown"] = std::move(reasons);
    return object;
}

Environment environment_from(JsonFields fields) {
    Environment environment;
    JsonFields facts = fields.object("facts");
    JsonFields unknown = fields.object("unknown");
    fields.expect_no_others();
    for (const auto& item : facts.value().items()) {
        EnvironmentFact fact{.name = item.key(), .value = std::nullopt, .reason = {}};
        if (item.value().is_null()) {
            fact.reason = unknown.text(item.key());
        } else {
            fact.value = facts.text(item.key());
        }
        environment.facts.push_back(std::move(fact));
    }
    unknown.expect_no_others();
    return environment;
}

}  // namespace asyncbench
