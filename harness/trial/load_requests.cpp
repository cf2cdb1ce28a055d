#include "harness/trial/load_requests.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/ascii_url.hpp"
#include "harness/http/field_name.hpp"
#include "harness/measure/base64.hpp"
#include "harness/trial/input_file.hpp"
#include "harness/trial/targets_file.hpp"
#include "harness/trial/variable_reader.hpp"
#include "harness/work/lower_case.hpp"
#include "harness/work/suggestion.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_fields = 1000;
constexpr std::size_t most_checks = 100;
constexpr std::size_t most_variables = 10'000;
constexpr std::size_t most_cells = 4'000'100;
/// Base64 has four letters for three bytes.
constexpr std::size_t longest_body = body_limits.most / 3 * 4 + 4;

std::vector<std::string> texts_from(JsonFields& fields, std::string_view key, std::size_t most) {
    std::vector<std::string> texts;
    for (const Json& text : fields.array(key, most)) {
        if (!text.is_string()) fields.fail(key, "must hold texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

std::string header_line(JsonFields& fields, const std::string& name, const Json& value) {
    if (!value.is_string()) fields.fail("header", "must hold texts, or lists of them");
    if (name.find_first_of(":;") != std::string::npos)
        fields.fail("header", "has a name with a colon or semicolon");
    const auto& text = value.get_ref<const std::string&>();
    return parse_header(text.empty() ? name + ";" : fmt::format("{}: {}", name, text));
}

/// `headers` has lines as -H does, and `header` is as Go has it: a list of values for each name; or one
/// value.
std::vector<std::string> headers_from(JsonFields& fields) {
    std::vector<std::string> lines;
    if (fields.has("headers")) {
        for (const std::string& line : texts_from(fields, "headers", most_fields))
            lines.push_back(parse_header(line));
    }
    if (!fields.has("header") || fields.at("header").is_null()) return lines;
    const JsonFields header = fields.object("header");
    for (const auto& item : header.value().items()) {
        const Json values = item.value().is_array() ? item.value() : Json::array({item.value()});
        for (const Json& value : values) lines.push_back(header_line(fields, item.key(), value));
        if (lines.size() > most_fields) fields.fail("header", fmt::format("has over {} values", most_fields));
    }
    return lines;
}

std::vector<ResponseCheck> checks_from(JsonFields& fields) {
    std::vector<ResponseCheck> checks;
    if (!fields.has("check")) return checks;
    if (fields.at("check").is_string()) return {ResponseCheck::parse(fields.text("check"))};
    for (const Json& text : fields.array("check", most_checks)) {
        if (!text.is_string()) fields.fail("check", "must be a text, or a list of texts");
        checks.push_back(ResponseCheck::parse(text.get<std::string>()));
    }
    return checks;
}

std::vector<Capture> captures_from(JsonFields& fields) {
    std::vector<Capture> captures;
    if (!fields.has("capture")) return captures;
    const JsonFields capture = fields.object("capture");
    for (const auto& item : capture.value().items()) {
        if (!item.value().is_string()) fields.fail("capture", "must hold texts");
        captures.push_back(Capture::parse(item.key(), item.value().get<std::string>()));
    }
    return captures;
}

ExpectedStatus expected_from(JsonFields& fields) {
    if (!fields.has("expect")) return {};
    const bool is_number = fields.at("expect").is_number();
    return ExpectedStatus::parse(is_number ? std::to_string(fields.count("expect")) : fields.text("expect"));
}

Json json_of(const Variable& variable) {
    Json object = {{"name", variable.name}};
    if (const auto* counter = std::get_if<CounterSource>(&variable.source)) {
        object["first"] = counter->first;
    } else if (const auto* random = std::get_if<RandomSource>(&variable.source)) {
        object["low"] = random->low;
        object["high"] = random->high;
    } else {
        const auto& column = std::get<ColumnSource>(variable.source);
        object["table"] = column.table;
        object["column"] = column.column;
    }
    return object;
}

Variable variable_from(JsonFields fields, const std::vector<std::shared_ptr<const CsvTable>>& tables) {
    Variable variable{.name = fields.text("name"), .source = CounterSource{}};
    if (!is_variable_name(variable.name)) fields.fail("name", "is no name of a variable");
    if (fields.has("first")) {
        variable.source = CounterSource{fields.count("first")};
    } else if (fields.has("low")) {
        const RandomSource random{fields.count("low"), fields.count("high")};
        if (random.high < random.low) fields.fail("high", "is below 'low'");
        variable.source = random;
    } else {
        const ColumnSource column{fields.count("table"), fields.count("column")};
        if (column.table >= tables.size()) fields.fail("table", "is not there");
        if (column.column >= tables[column.table]->columns.size()) fields.fail("column", "is not there");
        variable.source = column;
    }
    fields.expect_no_others();
    return variable;
}

std::shared_ptr<const CsvTable> table_from(JsonFields fields) {
    CsvTable table{texts_from(fields, "columns", most_variables), texts_from(fields, "cells", most_cells)};
    if (table.columns.empty() || table.cells.empty() || table.cells.size() % table.columns.size() != 0)
        fields.fail("cells", "must hold whole rows");
    fields.expect_no_others();
    return std::make_shared<const CsvTable>(std::move(table));
}

bool has_field(const std::vector<std::string>& lines, std::string_view name) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return is_same_field(field_name_of(line), name); });
}

LoadTarget with_defaults(LoadTarget target, const RequestSpec& spec, const SecretText& base_url) {
    if (target.url.starts_with('/')) target.url.insert(0, server_in(base_url.reveal()));
    target.url = ascii_url(target.url);
    std::vector<std::string> headers;
    for (const std::string& line : header_lines(spec))
        if (!has_field(target.headers, field_name_of(line))) headers.push_back(line);
    target.headers.insert(target.headers.begin(), headers.begin(), headers.end());
    const bool has_no_body = target.method == "GET" || target.method == "HEAD" || target.method == "TRACE";
    if (!target.body && !has_no_body) target.body = spec.body;
    if (target.method.empty()) target.method = spec.method;
    RequestSpec all{.method = target.method, .body = target.body};
    check(all);
    target.method = method_of(all);
    return target;
}

/// Of the path and query, the values of the header fields, and the body.
std::vector<std::string> variables_of(const LoadTarget& target) {
    std::vector<std::string> names = variables_in(target.url);
    const auto add = [&](std::string_view text) {
        for (std::string& name : variables_in(text)) names.push_back(std::move(name));
    };
    for (const std::string& line : target.headers) add(line);
    if (target.body) add(target.body->text());
    return names;
}

}  // namespace

std::string_view server_in(std::string_view url) {
    const auto host = url.find("://");
    return url.substr(0, url.find_first_of("/?#", host == std::string_view::npos ? 0 : host + 3));
}

RequestOrder order_of(const LoadRequests& requests, const std::vector<LoadTarget>& targets) {
    if (requests.is_sequence) return RequestOrder::as_sequence;
    const bool weighted = std::any_of(targets.begin(), targets.end(),
                                      [](const LoadTarget& target) { return target.weight > 0; });
    return weighted ? RequestOrder::by_weight : RequestOrder::in_turn;
}

LoadRequests read_requests(const LoadSettings& settings) {
    const bool is_sequence = !settings.steps.empty();
    if (is_sequence && !settings.targets.empty())
        throw UsageError("--targets and --steps each say what is sent; give one of the two.");
    LoadRequests requests{.targets = {}, .is_sequence = is_sequence, .variables = {}};
    const std::string& path = is_sequence ? settings.steps : settings.targets;
    const std::string name = path == "-" ? "stdin" : path;
    if (is_sequence) {
        requests.targets = parse_steps(read_input(path, "The file of steps"), name);
    } else if (!path.empty()) {
        requests.targets = parse_targets(read_input(path, "The file of targets"), name);
    }
    VariableReader reader;
    if (!settings.var_file.empty()) reader.add_csv(settings.var_file);
    for (const std::string& variable : settings.variables) reader.add(variable);
    requests.variables = reader.take();
    return requests;
}

std::optional<SecretText> server_of(const LoadRequests& requests) {
    for (const LoadTarget& target : requests.targets) {
        if (!target.url.starts_with('/')) return SecretText::url(fmt::format("{}/", server_in(target.url)));
    }
    return std::nullopt;
}

std::optional<std::string> server_name_in(const std::string& url) {
    const auto origin = origin_of(ascii_url(url));
    if (!origin) return std::nullopt;
    return in_lower_case(fmt::format("{}://{}:{}", url.substr(0, url.find(':')), origin->host, origin->port));
}

void require_server(const LoadRequests& requests, const SecretText& base_url) {
    const auto server = server_of(requests);  // that all of them have
    if (!server) return;
    const auto theirs = server_name_in(server->reveal());
    const auto ours = server_name_in(base_url.reveal());
    if (theirs == ours) return;
    throw UsageError(fmt::format(
        "The targets are of {}, and the URL is of {}; leave the URL out, or give that of the same server.",
        theirs.value_or(server->shown()), ours.value_or(base_url.shown())));
}

LoadTarget load_target_from(JsonFields fields) {
    LoadTarget target;
    if (fields.has("name")) target.name = fields.text("name");
    if (fields.has("method")) target.method = parse_method(fields.text("method"));
    target.url = fields.text("url");
    target.headers = headers_from(fields);
    if (fields.has("body")) {
        auto body = decode_base64(fields.text("body", longest_body));
        if (!body) fields.fail("body", "must be base64");
        target.body = SharedBytes(std::move(*body));
    }
    if (fields.has("weight"))
        target.weight = static_cast<std::uint32_t>(fields.count("weight", target_weight_limits));
    target.expected = expected_from(fields);
    target.checks = checks_from(fields);
    target.captures = captures_from(fields);
    fields.expect_no_others();
    return target;
}

Json json_of(const LoadTarget& target) {
    Json object = {{"url", target.url}};
    if (!target.name.empty()) object["name"] = target.name;
    if (!target.method.empty()) object["method"] = target.method;
    if (!target.headers.empty()) object["headers"] = target.headers;
    if (target.body) object["body"] = encode_base64(target.body->text());
    if (target.weight > 0) object["weight"] = target.weight;
    if (!target.expected.text().empty()) object["expect"] = target.expected.text();
    for (const ResponseCheck& check : target.checks) object["check"].push_back(check.text());
    for (const Capture& capture : target.captures) object["capture"][capture.name()] = capture.text();
    return object;
}

Json json_of(const LoadRequests& requests) {
    Json object = {{"targets", Json::array()}, {"sequence", requests.is_sequence}};
    for (const LoadTarget& target : requests.targets) object["targets"].push_back(json_of(target));
    object["tables"] = Json::array();
    for (const auto& table : requests.variables.tables)
        object["tables"].push_back({{"columns", table->columns}, {"cells", table->cells}});
    object["variables"] = Json::array();
    for (const Variable& variable : requests.variables.variables)
        object["variables"].push_back(json_of(variable));
    return object;
}

LoadRequests load_requests_from(JsonFields fields) {
    LoadRequests requests;
    const auto each = [&](std::string_view key, std::size_t most, auto&& take) {
        std::size_t index = 0;
        for (const Json& element : fields.array(key, most))
            take(JsonFields(element, fields.what(), fmt::format("{}[{}]", fields.path_of(key), index++)));
    };
    each("targets", targets_limits.most,
         [&](JsonFields target) { requests.targets.push_back(load_target_from(std::move(target))); });
    requests.is_sequence = fields.flag("sequence");
    VariableSet& set = requests.variables;
    each("tables", most_variables,
         [&](JsonFields table) { set.tables.push_back(table_from(std::move(table))); });
    each("variables", most_variables, [&](JsonFields variable) {
        set.variables.push_back(variable_from(std::move(variable), set.tables));
    });
    fields.expect_no_others();
    return requests;
}

std::vector<LoadTarget> targets_for(const LoadRequests& requests, const RequestSpec& spec,
                                    const SecretText& base_url) {
    std::vector<LoadTarget> targets = requests.targets;
    if (targets.empty() && spec.paths.empty())
        targets.push_back({.url = base_url.reveal(), .body = spec.body});
    if (targets.empty()) {
        for (const WeightedPath& path : spec.paths)
            targets.push_back({.url = base_url.reveal() + path.path,
                               .body = spec.body,
                               .weight = spec.paths.size() > 1 ? path.weight : 0});
    }
    for (LoadTarget& target : targets) target = with_defaults(std::move(target), spec, base_url);
    return targets;
}

void check_variables(const LoadRequests& requests, const RequestSpec& spec, const SecretText& base_url) {
    if (requests.empty()) return;
    std::vector<std::string> known;
    for (const Variable& variable : requests.variables.variables) known.push_back(variable.name);
    for (const LoadTarget& target : targets_for(requests, spec, base_url)) {
        for (const std::string& name : variables_of(target)) {
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            throw UsageError(fmt::format(
                "{{{{{}}}}} has no value in the request to {}; give it one by --var, by --var-file or, of a "
                "sequence, by a capture in a step before.{}",
                name, SecretText::url(target.url).shown(),
                known.empty()
                    ? std::string(" There are no variables.")
                    : fmt::format("{} There are: {}.", did_you_mean(name, known), fmt::join(known, ", "))));
        }
        for (const Capture& capture : target.captures) known.push_back(capture.name());
    }
}

}  // namespace asyncbench
