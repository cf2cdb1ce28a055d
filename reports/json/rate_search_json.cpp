#include <nlohmann/json.hpp>

#include "harness/trial/trial_json.hpp"
#include "reports/json/json_list.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_goals = 100;
constexpr std::size_t most_steps = 10'000;
constexpr double most_rps = 1e9;

Json number_or_null(const std::optional<double>& number) {
    return number ? Json(*number) : Json(nullptr);
}

std::optional<double> number_or_none(JsonFields& fields, std::string_view key) {
    if (fields.at(key).is_null()) return std::nullopt;
    return fields.number(key, 0, most_rps);
}

Json json_of(const RateStep& step) {
    return {{"rate_rps", step.rate_rps},
            {"holds", step.holds},
            {"confirms", step.confirms},
            {"limited", step.limited},
            {"why", step.why}};
}

RateStep rate_step_from(JsonFields fields) {
    RateStep step;
    step.rate_rps = fields.number("rate_rps", 0, most_rps);
    step.holds = fields.flag("holds");
    step.confirms = fields.flag("confirms");
    step.limited = fields.flag("limited");
    step.why = fields.text("why");
    fields.expect_no_others();
    return step;
}

}  // namespace

Json json_of(const RateSearchResult& search) {
    return {{"goals", search.goals},
            {"closed_loop_rps", number_or_null(search.closed_loop_rps)},
            {"highest_held_rps", number_or_null(search.highest_held)},
            {"lowest_broken_rps", number_or_null(search.lowest_broken)},
            {"steps", list_of(search.steps, [](const RateStep& each) { return json_of(each); })}};
}

RateSearchResult rate_search_from(JsonFields fields) {
    RateSearchResult search;
    for (const Json& goal : fields.array("goals", most_goals)) {
        if (!goal.is_string()) fields.fail("goals", "must hold texts");
        search.goals.push_back(goal.get<std::string>());
    }
    search.closed_loop_rps = number_or_none(fields, "closed_loop_rps");
    search.highest_held = number_or_none(fields, "highest_held_rps");
    search.lowest_broken = number_or_none(fields, "lowest_broken_rps");
    for (const Json& step : fields.array("steps", most_steps)) {
        search.steps.push_back(rate_step_from(JsonFields(
            step, fields.what(), fields.path_of("steps") + "[" + std::to_string(search.steps.size()) + "]")));
    }
    fields.expect_no_others();
    return search;
}

}  // namespace asyncbench
