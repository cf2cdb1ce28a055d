#include "cli/read_result.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <system_error>

#include "analysis/compare/google_benchmark.hpp"
#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "cli/files.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

std::string text_of_file(const std::string& path) {
    std::error_code ignored;  // what cannot be looked at cannot be read either
    if (std::filesystem::is_directory(path, ignored)) {
        throw Error(fmt::format("{} is a directory; name the result in it, such as {}.", path,
                                (std::filesystem::path(path) / "result.json").string()));
    }
    auto text = read_whole_file(path);
    if (!text) {
        throw Error(fmt::format("The result {} cannot be read; check that it exists and is readable.", path));
    }
    return *std::move(text);
}

RunResult result_from(const std::string& text, const std::string& path) {
    try {
        return read_json_report(text);
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

/// Whether it has the key of asyncbench's documents, `"schema": "asyncbench...`. Within a text the quotation marks
/// would be escaped.
bool is_own(std::string_view text) {
    constexpr std::string_view key = "\"schema\"";
    const auto found = text.find(key);
    if (found == std::string_view::npos) return false;
    const auto value = text.find_first_not_of(" \t\r\n:", found + key.size());
    return value != std::string_view::npos && text.substr(value).starts_with("\"asyncbench.");
}

}  // namespace

RunResult read_result(const std::string& path) {
    return result_from(text_of_file(path), path);
}

MeasuredValues read_measured_values(const std::string& path) {
    const std::string text = text_of_file(path);
    const std::string source = as_utf8(path);
    return is_own(text) ? measured_values(result_from(text, path), source)
                        : google_benchmark_values(text, source);
}

}  // namespace asyncbench
