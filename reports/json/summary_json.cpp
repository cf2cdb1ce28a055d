#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {

template <>
struct JsonNames<OrderVerdict> {
    static constexpr std::array<std::pair<std::string_view, OrderVerdict>, 5> all{
        {{"head-better", OrderVerdict::head_better},
         {"base-better", OrderVerdict::base_better},
         {"alike", OrderVerdict::alike},
         {"through-target", OrderVerdict::through_target},
         {"open", OrderVerdict::open}}};
};

namespace {

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
        if (has_json(estimate)) {
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

bool has_json(const Estimate& estimate) {
    return std::isfinite(estimate.value) && std::isfinite(estimate.low) && std::isfinite(estimate.high) &&
           std::isfinite(estimate.confidence);
}

Json null_if_unknown(const Estimate& estimate) {
    return has_json(estimate) ? json_of(estimate) : Json(nullptr);
}

Json json_of(const Cell& cell) {
    Json object = Json::object();
    object["strategy"] = cell.strategy.text();
    object["concurrency"] = cell.concurrency;
    object["trials"] = cell.trials;
    object["used_trials"] = cell.used_trials;
    object["limited_trials"] = cell.limited_trials;
    object["disturbed_trials"] = cell.disturbed_trials;
    object["every_level"] = cell.every_level;
    object["standing"] = name_of(cell.standing());
    put_estimates(object, cell);
    object["service_time"] = json_of(cell.service_time_ns);
    object["response_time"] = json_of(cell.response_time_ns);
    if (!cell.overhead_ns.empty()) object["overhead"] = json_of(cell.overhead_ns);
    object["warnings"] = json_of(cell.warnings);
    return object;
}

Cell cell_from(JsonFields fields) {
    Cell cell;
    cell.strategy = strategy_from(fields, "strategy");
    cell.concurrency = fields.small_count("concurrency");
    cell.trials = fields.small_count("trials");
    cell.used_trials = static_cast<std::uint32_t>(fields.count("used_trials", cell.trials));
    cell.limited_trials = static_cast<std::uint32_t>(fields.count("limited_trials", cell.used_trials));
    cell.disturbed_trials = static_cast<std::uint32_t>(fields.count("disturbed_trials", cell.used_trials));
    cell.every_level = fields.flag("every_level");
    const std::string standing = fields.text("standing");
    read_estimates(fields, cell);
    cell.service_time_ns = histogram_from(fields.object("service_time"));
    cell.response_time_ns = histogram_from(fields.object("response_time"));
    if (fields.has("overhead")) cell.overhead_ns = histogram_from(fields.object("overhead"));
    cell.warnings = warnings_from(fields, "warnings");
    fields.expect_no_others();
    if (standing != name_of(cell.standing()))
        fields.fail("standing", "contradicts 'trials' and 'used_trials'");
    return cell;
}

Json json_of(const Ranking& ranking) {
    Json object = Json::object();
    object["concurrency"] = ranking.concurrency;
    object["metric"] = ranking.metric;
    object["look"] = ranking.look;
    object["alpha"] = ranking.alpha;
    object["blocks"] = ranking.blocks;
    object["orders"] = Json::array();
    for (const Order& order : ranking.orders) {
        object["orders"].push_back(
            {{"base", order.base.text()},
             {"head", order.head.text()},
             {"metric", order.metric},
             {"verdict", name_of(order.verdict)},
             {"ratio", null_if_unknown(order.ratio)},
             {"punctual_ratio",
              order.punctual_ratio ? null_if_unknown(*order.punctual_ratio) : Json(nullptr)},
             {"unwaiting_ratio",
              order.unwaiting_ratio ? null_if_unknown(*order.unwaiting_ratio) : Json(nullptr)},
             {"p_value", order.p_value},
             {"alike_within",
              order.verdict == OrderVerdict::alike ? Json(order.alike_within) : Json(nullptr)}});
    }
    return object;
}

namespace {

Order order_from(JsonFields fields) {
    Order order;
    order.base = strategy_from(fields, "base");
    order.head = strategy_from(fields, "head");
    order.metric = fields.text("metric");
    order.verdict = value_named<OrderVerdict>(fields, "verdict");
    if (!fields.at("ratio").is_null()) order.ratio = estimate_from(fields.object("ratio"));
    if (!fields.at("punctual_ratio").is_null())
        order.punctual_ratio = estimate_from(fields.object("punctual_ratio"));
    if (fields.has("unwaiting_ratio") && !fields.at("unwaiting_ratio").is_null())
        order.unwaiting_ratio = estimate_from(fields.object("unwaiting_ratio"));
    order.p_value = fields.number("p_value", 0, 1);
    if (!fields.at("alike_within").is_null()) order.alike_within = fields.number("alike_within", 0, 1);
    fields.expect_no_others();
    return order;
}

}  // namespace

Ranking ranking_from(JsonFields fields) {
    constexpr std::size_t most = 1'000'000;
    Ranking ranking;
    ranking.concurrency = fields.small_count("concurrency");
    ranking.metric = fields.text("metric");
    ranking.look = fields.small_count("look");
    ranking.alpha = fields.number("alpha", 0, 1);
    for (const Json& block : fields.array("blocks", most)) {
        if (!block.is_number_unsigned()) fields.fail("blocks", "must hold whole numbers of at least 0");
        ranking.blocks.push_back(block.get<std::uint32_t>());
    }
    if (!std::is_sorted(ranking.blocks.begin(), ranking.blocks.end()))
        fields.fail("blocks", "must be ascending");
    for (const Json& element : fields.array("orders", most)) {
        const std::string path = fmt::format("{}[{}]", fields.path_of("orders"), ranking.orders.size());
        ranking.orders.push_back(order_from(JsonFields(element, fields.what(), path)));
    }
    fields.expect_no_others();
    return ranking;
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
