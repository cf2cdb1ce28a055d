#include "reports/json/result_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/errors.hpp"
#include "harness/trial/scenario_json.hpp"
#include "harness/trial/trial_json.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_elements = 1'000'000;

template <typename Element>
Json list_of(const std::vector<Element>& elements) {
    Json list = Json::array();
    for (const Element& element : elements) list.push_back(json_of(element));
    return list;
}

/// Reads each element by `read`, told its place.
template <typename Read>
auto list_from(JsonFields& fields, std::string_view key, Read&& read) {
    std::vector<decltype(read(fields))> elements;
    for (const Json& element : fields.array(key, most_elements)) {
        const std::string path = fmt::format("{}[{}]", fields.path_of(key), elements.size());
        elements.push_back(read(JsonFields(element, fields.what(), path)));
    }
    return elements;
}

}  // namespace

Json json_of(const RunResult& run) {
    Json object = Json::object();
    object["schema"] = result_schema;
    object["tool"] = {{"name", "asyncbench"}, {"version", run.tool_version}};
    object["command"] = run.command;
    object["started_utc"] = run.started_utc;
    object["interrupted"] = run.interrupted;
    object["valid"] = run.valid();
    object["environment"] = json_of(run.environment);
    object["scenario"] = json_of(run.scenario);
    object["trials"] = list_of(run.trials);
    object["summary"] = list_of(run.summary);
    object["comparisons"] = list_of(run.comparisons);
    object["warnings"] = json_of(run.warnings);
    return object;
}

std::string json_report(const RunResult& run) {
    return json_of(run).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunResult read_json_report(std::string_view text) {
    const std::string what = "The result";
    const Json document = parse_json(text, what);
    JsonFields fields(document, what);
    const std::string schema = fields.text("schema");
    if (schema != result_schema) {
        fields.fail("schema",
                    fmt::format("must be \"{}\", which is all that this version reads", result_schema));
    }
    RunResult run;
    JsonFields tool = fields.object("tool");
    if (tool.text("name") != "asyncbench") tool.fail("name", "must be \"asyncbench\"");
    run.tool_version = tool.text("version");
    tool.expect_no_others();
    run.command = fields.text("command");
    run.started_utc = fields.text("started_utc");
    run.interrupted = fields.flag("interrupted");
    const bool valid = fields.flag("valid");
    run.environment = environment_from(fields.object("environment"));
    run.scenario = scenario_from(fields.object("scenario"));
    run.trials = list_from(fields, "trials", trial_from);
    run.summary = list_from(fields, "summary", cell_from);
    run.comparisons = list_from(fields, "comparisons", comparison_from);
    run.warnings = warnings_from(fields, "warnings");
    fields.expect_no_others();
    if (valid != run.valid()) fields.fail("valid", "contradicts 'summary' and 'warnings'");
    return run;
}

}  // namespace asyncbench
