#include "analysis/gate/gate_config.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "async/errors.hpp"
#include "harness/trial/json_fields.hpp"
#include "harness/trial/scenario_json.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view schema = "asyncbench.gate-config/1";

/// Runs a parser of texts and names the field where it refuses.
template <typename Parse>
void parse_in(const JsonFields& fields, std::string_view key, const Parse& parse) {
    try {
        parse();
    } catch (const UsageError& error) {
        throw Error(
            fmt::format("{} cannot be used: in '{}', {}", fields.what(), fields.path_of(key), error.what()));
    }
}

void read_metrics(JsonFields& fields, GateRules& rules) {
    if (!fields.has("metrics")) return;
    JsonFields metrics = fields.object("metrics");
    for (const auto& item : metrics.value().items()) {
        const std::string& name = item.key();
        parse_in(metrics, name, [&] { set_rule(rules, name, metrics.text(name), AskedBy::file); });
    }
}

void read_budgets(JsonFields& fields, GateRules& rules) {
    constexpr std::size_t most = 100;
    if (!fields.has("budgets")) return;
    const Json& list = fields.array("budgets", most);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string name = fmt::format("budgets[{}]", i);
        const Json element = Json::object({{name, list[i]}});
        JsonFields one(element, fields.what());
        parse_in(fields, name, [&] { rules.budgets.push_back(parse_budget(one.text(name))); });
    }
}

void read_looks(JsonFields& fields, Looks& looks) {
    constexpr std::size_t most = 10;
    if (fields.has("looks")) {
        const Json& list = fields.array("looks", most);
        looks.pairs.clear();
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string name = fmt::format("looks[{}]", i);
            const Json element = Json::object({{name, list[i]}});
            looks.pairs.push_back(JsonFields(element, fields.what()).small_count(name));
        }
    }
    if (fields.has("alpha")) looks.alpha = fields.number("alpha", least_alpha, largest_alpha);
}

void read_rules(JsonFields& fields, GateRules& rules) {
    read_metrics(fields, rules);
    read_budgets(fields, rules);
    read_looks(fields, rules.looks);
    if (fields.has("confirm")) rules.confirm = fields.flag("confirm");
    if (fields.has("control_limit")) {
        parse_in(fields, "control_limit", [&] {
            rules.control_limit = parse_percent(fields.text("control_limit"), "The limit of the control");
        });
    }
    parse_in(fields, "looks", [&] { check(rules); });
}

GateConfig config_from(JsonFields fields, const GateConfig& defaults) {
    GateConfig config = defaults;
    if (fields.text("schema") != schema) {
        fields.fail("schema", fmt::format("must be \"{}\"", schema));
    }
    if (fields.has("scenario")) config.scenario = scenario_from(fields.object("scenario"), config.scenario);
    read_rules(fields, config.rules);
    if (fields.has("strict")) config.strict = fields.flag("strict");
    fields.expect_no_others();
    return config;
}

}  // namespace

Scenario default_gate_scenario() {
    Scenario scenario;
    scenario.name = "gate";
    scenario.question = "Is head slower than base?";
    scenario.strategies = {StrategySpec::parse("callback"), StrategySpec::parse("coroutine")};
    scenario.concurrency = {16, 64};
    scenario.plan.kind = PlanKind::batch;
    scenario.profile.delay = DelaySpec::parse("5ms");
    scenario.warmup = std::chrono::milliseconds{50};
    scenario.timeout = std::chrono::seconds{5};
    return scenario;
}

GateConfig gate_config_from_json(std::string_view text, std::string_view file, const GateConfig& defaults) {
    const std::string what = fmt::format("The gate's configuration {}", file);
    try {
        const Json value = parse_json(text, what);
        return config_from(JsonFields(value, what), defaults);
    } catch (const Error& error) {
        throw UsageError(error.what());
    }
}

}  // namespace asyncbench
