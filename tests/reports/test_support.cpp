#include "tests/reports/test_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/trial/json_fields.hpp"
#include "reports/text/human.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::test {
namespace {

std::string schema_path(const std::string& schema) {
    return test::source_dir() + "/reports/schema/" + schema;
}

std::string command_of(Validator validator) {
    if (validator == Validator::ajv)
        return "node '" + test::source_dir() + "/tests/reports/schema/validate.mjs'";
    return "/usr/bin/python3 '" + test::source_dir() + "/tests/reports/schema/validate.py'";
}

}  // namespace

void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = test::source_dir() + "/tests/reports/golden/" + name;
    if (std::getenv("ASYNCBENCH_UPDATE_GOLDEN") != nullptr) write_file(path, text);
    EXPECT_EQ(text, read_file(path));
}

std::size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns_of(line));
    return widest;
}

void expect_validator_agrees(Validator validator, const std::string& schema,
                             const std::vector<SchemaCase>& cases) {
    const TemporaryDirectory directory;
    std::string command = command_of(validator) + " '" + schema_path(schema) + "'";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto file = directory.path() / (std::to_string(i) + ".json");
        write_file(file, cases[i].document);
        command += " " + file.string();
    }
    const CommandResult result = run_command(command);
    ASSERT_EQ(result.status, 0) << result.output;
    std::istringstream lines(result.output);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::string line;
        ASSERT_TRUE(std::getline(lines, line)) << result.output;
        EXPECT_EQ(line.substr(0, line.find(' ')), cases[i].valid ? "valid" : "invalid")
            << "document " << i << ": " << line;
    }
}

void expect_schema_describes_every_field(const std::string& name) {
    const Json schema = Json::parse(read_file(schema_path(name)));
    const std::function<void(const Json&, const std::string&)> visit = [&](const Json& node,
                                                                           const std::string& path) {
        if (!node.is_object()) return;
        if (node.contains("properties")) {
            EXPECT_TRUE(node.contains("additionalProperties") && node["additionalProperties"] == false)
                << path;
            for (const auto& item : node["properties"].items()) {
                const std::string field = path + "." + item.key();
                EXPECT_TRUE(item.value().contains("description") || item.value().contains("$ref")) << field;
                visit(item.value(), field);
            }
        }
        if (node.contains("items")) visit(node["items"], path + "[]");
    };
    visit(schema, "");
    ASSERT_TRUE(schema.contains("$defs"));
    for (const auto& item : schema["$defs"].items()) {
        EXPECT_TRUE(item.value().contains("description")) << item.key();
        visit(item.value(), item.key());
    }
}

std::string without_scripts(std::string html) {
    for (std::size_t at = html.find("<script"); at != std::string::npos; at = html.find("<script", at + 1)) {
        const std::size_t text = html.find('>', at);
        html.erase(text, html.find("</script>", text) - text);
    }
    return html;
}

}  // namespace asyncbench::test
