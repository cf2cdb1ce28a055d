#include "cli/read_result.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "async/errors.hpp"
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

}  // namespace

RunResult read_result(const std::string& path) {
    return result_from(text_of_file(path), path);
}

MeasuredValues read_measured_values(const std::string& path) {
    const std::string text = text_of_file(path);
    // Both begin with what they are: `"schema": "asyncbench...` and `"context": {`.
    constexpr std::size_t beginning = 200;
    const bool is_own = text.substr(0, beginning).find("\"asyncbench.") != std::string::npos;
    return is_own ? measured_values(result_from(text, path), path) : google_benchmark_values(text, path);
}

}  // namespace asyncbench
