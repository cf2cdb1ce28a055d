#include "harness/trial/scenario_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/errors.hpp"
#include "harness/trial/json_names.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_list_elements = 1000;

/// Runs a parser of human units on a field, and names the field where the parser refuses.
template <typename Parse>
auto parse_field(JsonFields& fields, std::string_view key, Parse&& parse) {
    try {
        return parse(fields.text(key));
    } catch (const UsageError& error) {
        throw Error(
            fmt::format("{} cannot be used: in '{}', {}", fields.what(), fields.path_of(key), error.what()));
    }
}

/// "20ms". A number alone says as little as on the command line.
void read_duration(JsonFields& fields, std::string_view key, Nanoseconds& duration) {
    const Json* value = fields.find(key);
    if (value == nullptr) return;
    if (value->is_number() && fields.number(key, 0, 3600e3) != 0)
        fields.fail(key, fmt::format("has no unit; write \"{0}ms\" or \"{0}s\"", to_text(*value)));
    duration = value->is_number()
                   ? Nanoseconds{0}
                   : parse_field(fields, key, [](const std::string& text) { return parse_duration(text); });
}

/// A whole number, or text that `parse` reads: "10k", "4KiB".
std::uint64_t read_whole(JsonFields& fields, std::string_view key, std::uint64_t (*parse)(std::string_view)) {
    constexpr std::uint64_t largest = 1'000'000'000'000'000;
    return fields.at(key).is_string() ? parse_field(fields, key, parse) : fields.count(key, largest);
}

/// One value or a list of them; `read` gets a JsonFields and the key of each.
template <typename Read>
void read_list(JsonFields& fields, std::string_view key, Read&& read) {
    if (!fields.at(key).is_array()) {
        read(fields, key);
        return;
    }
    const Json& list = fields.array(key, most_list_elements);
    if (list.empty()) fields.fail(key, "must not be empty");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string name = fmt::format("{}[{}]", fields.path_of(key), i);
        const Json element = Json::object({{name, list[i]}});
        JsonFields one(element, fields.what());
        read(one, name);
    }
}

void read_strategies(JsonFields& fields, Scenario& scenario) {
    if (!fields.has("strategies")) return;
    scenario.strategies.clear();
    read_list(fields, "strategies", [&](JsonFields& from, std::string_view key) {
        scenario.strategies.push_back(
            parse_field(from, key, [](const std::string& text) { return StrategySpec::parse(text); }));
    });
}

void read_concurrency(JsonFields& fields, Scenario& scenario) {
    if (!fields.has("concurrency")) return;
    scenario.concurrency.clear();
    read_list(fields, "concurrency", [&](JsonFields& from, std::string_view key) {
        const std::uint64_t users = read_whole(from, key, parse_count);
        if (users < 1 || users > 1'000'000) from.fail(key, "must be between 1 and 1000000");
        scenario.concurrency.push_back(static_cast<std::uint32_t>(users));
    });
}

/// The kind that the scenario names, or that its fields imply.
PlanKind kind_of(JsonFields& fields, PlanKind fallback) {
    if (fields.has("plan")) return value_named<PlanKind>(fields, "plan");
    if (fields.has("requests")) return PlanKind::batch;
    if (fields.has("rate")) return PlanKind::open;
    return fields.has("duration") && fallback == PlanKind::batch ? PlanKind::closed : fallback;
}

void read_plan(JsonFields& fields, Scenario& scenario) {
    PlanSpec& plan = scenario.plan;
    plan.kind = kind_of(fields, plan.kind);
    const auto expect_kind = [&](std::string_view key, bool fits, std::string_view whose) {
        if (fields.has(key) && !fits) fields.fail(key, fmt::format("belongs to {}", whose));
    };
    expect_kind("requests", plan.kind == PlanKind::batch, "the plan batch");
    expect_kind("duration", plan.kind != PlanKind::batch, "the plans closed and open");
    expect_kind("rate", plan.kind == PlanKind::open, "the plan open");
    expect_kind("arrivals", plan.kind == PlanKind::open, "the plan open");
    if (fields.has("requests")) {
        plan.requests = read_whole(fields, "requests", parse_count);
        if (plan.requests == 0) fields.fail("requests", "must be at least 1");
    }
    read_duration(fields, "duration", plan.duration);
    if (fields.has("rate")) {
        plan.rate_rps = fields.number("rate", 0, 1e9);
        if (plan.rate_rps <= 0) fields.fail("rate", "must be over 0");
    }
    if (fields.has("arrivals")) plan.arrivals = value_named<Arrivals>(fields, "arrivals");
}

void read_profile(JsonFields& fields, Profile& profile) {
    if (fields.has("latency")) {
        profile.delay =
            parse_field(fields, "latency", [](const std::string& text) { return DelaySpec::parse(text); });
    }
    if (fields.has("payload")) profile.payload_bytes = read_whole(fields, "payload", parse_size);
    if (fields.has("error_rate")) profile.error_rate = fields.number("error_rate", 0, 1);
    if (fields.has("faults")) {
        profile.faults =
            parse_field(fields, "faults", [](const std::string& text) { return FaultShares::parse(text); });
    }
    read_duration(fields, "compute", profile.compute);
    try {
        check(profile);
    } catch (const UsageError& error) {
        throw Error(fmt::format("{} cannot be used: {}", fields.what(), error.what()));
    }
}

void put_plan(Json& object, const PlanSpec& plan) {
    object["plan"] = name_of(plan.kind);
    if (plan.kind == PlanKind::batch) {
        object["requests"] = plan.requests;
        return;
    }
    object["duration"] = to_text(plan.duration);
    if (plan.kind == PlanKind::closed) return;
    object["rate"] = plan.rate_rps;
    object["arrivals"] = name_of(plan.arrivals);
}

}  // namespace

Scenario scenario_from(JsonFields fields, const Scenario& base) {
    Scenario scenario = base;
    if (fields.has("name")) scenario.name = fields.text("name");
    if (fields.has("question")) scenario.question = fields.text("question");
    read_strategies(fields, scenario);
    read_concurrency(fields, scenario);
    read_plan(fields, scenario);
    read_profile(fields, scenario.profile);
    if (fields.has("target")) scenario.target = fields.text("target");
    if (fields.has("repetitions")) {
        scenario.repetitions = fields.small_count("repetitions");
        if (scenario.repetitions == 0) fields.fail("repetitions", "must be at least 1");
    } else if (fields.has("budget")) {
        scenario.repetitions = 0;
    }
    read_duration(fields, "budget", scenario.budget);
    if (fields.has("one_in_flight")) {
        scenario.one_in_flight.clear();
        read_list(fields, "one_in_flight", [&](JsonFields& from, std::string_view key) {
            scenario.one_in_flight.push_back(from.identifier(key));
        });
    }
    read_duration(fields, "warmup", scenario.warmup);
    read_duration(fields, "timeout", scenario.timeout);
    if (fields.has("seed")) scenario.seed = fields.count("seed");
    if (fields.has("pin")) scenario.pin = fields.flag("pin");
    if (fields.has("diagnose")) scenario.diagnose = fields.flag("diagnose");
    read_duration(fields, "stall_threshold", scenario.stall_threshold);
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
    object["name"] = scenario.name;
    object["question"] = scenario.question;
    // An empty list is no scenario to read back; a field left out is.
    for (const StrategySpec& strategy : scenario.strategies) object["strategies"].push_back(strategy.text());
    if (!scenario.concurrency.empty()) object["concurrency"] = scenario.concurrency;
    put_plan(object, scenario.plan);
    object["latency"] = scenario.profile.delay.text();
    object["payload"] = scenario.profile.payload_bytes;
    object["error_rate"] = scenario.profile.error_rate;
    object["faults"] = scenario.profile.faults.text();
    object["compute"] = to_text(scenario.profile.compute);
    object["target"] = scenario.target;
    if (scenario.repetitions > 0) {
        object["repetitions"] = scenario.repetitions;
    } else {
        object["budget"] = to_text(scenario.budget);
    }
    if (!scenario.one_in_flight.empty()) object["one_in_flight"] = scenario.one_in_flight;
    object["warmup"] = to_text(scenario.warmup);
    object["timeout"] = to_text(scenario.timeout);
    object["seed"] = scenario.seed;
    object["pin"] = scenario.pin;
    if (scenario.diagnose) {
        object["diagnose"] = true;
        object["stall_threshold"] = to_text(scenario.stall_threshold);
    }
    return object;
}

std::string to_json(const Scenario& scenario) {
    return json_of(scenario).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace asyncbench
