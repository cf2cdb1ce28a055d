#include "harness/trial/scenario_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/trial/scenario_option.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_list_elements = 1000;

/// The field as a text; a number alone says as little as on the command line.
std::string text_in(JsonFields& fields, std::string_view key, ScenarioOption::Form form) {
    if (form == ScenarioOption::Form::on_off) return fields.flag(key) ? "true" : "false";
    if (form == ScenarioOption::Form::text || fields.at(key).is_string()) return fields.text(key);
    if (!fields.at(key).is_number()) fields.fail(key, "must be a number, or text");
    return option_text(fields.at(key));
}

void set_option(const ScenarioOption& option, JsonFields& fields, std::string_view key, Scenario& scenario) {
    const std::string text = text_in(fields, key, option.form);
    try {
        option.set(scenario, text);
    } catch (const UsageError& error) {
        throw Error(
            fmt::format("{} cannot be used: in '{}', {}", fields.what(), fields.path_of(key), error.what()));
    }
}

/// One value or a list of them.
void set_list(const ScenarioOption& option, JsonFields& fields, Scenario& scenario) {
    option.clear(scenario);
    if (!fields.at(option.field).is_array()) return set_option(option, fields, option.field, scenario);
    const Json& list = fields.array(option.field, most_list_elements);
    if (list.empty()) fields.fail(option.field, "must not be empty");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string name = fmt::format("{}[{}]", fields.path_of(option.field), i);
        const Json element = Json::object({{name, list[i]}});
        JsonFields one(element, fields.what());
        set_option(option, one, name, scenario);
    }
}

}  // namespace

Scenario scenario_from(JsonFields fields, const Scenario& base) {
    Scenario scenario = base;
    std::set<std::string_view> given;
    for (const ScenarioOption& option : scenario_options()) {
        if (!fields.has(option.field)) continue;
        given.insert(option.field);
        if (option.clear != nullptr) {
            set_list(option, fields, scenario);
        } else {
            set_option(option, fields, option.field, scenario);
        }
    }
    try {
        combine_options(scenario, given,
                        [&](std::string_view field) { return fmt::format("'{}'", fields.path_of(field)); });
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
    fields.expect_no_others();
    return scenario;
}

Scenario scenario_from_json(std::string_view text, std::string_view file, const Scenario& base) {
    const std::string what = fmt::format("The scenario file {}", file);
    try {
        const Json value = parse_json(text, what);
        return scenario_from(JsonFields(value, what), base);
    } catch (const Error& error) {
        throw UsageError(error.what());
    }
}

Json json_of(const Scenario& scenario) {
    Json object = Json::object();
    for (const ScenarioOption& option : scenario_options()) {
        if (Json value = option.get(scenario); !value.is_null())
            object[std::string(option.field)] = std::move(value);
    }
    return object;
}

std::string to_json(const Scenario& scenario) {
    return json_of(scenario).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace asyncbench
