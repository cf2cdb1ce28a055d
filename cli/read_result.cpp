#include "cli/read_result.hpp"

#include <fmt/format.h>

#include "cli/read_file.hpp"
#include "harness/errors.hpp"
#include "reports/report.hpp"

namespace asyncbench {

RunResult read_result(const std::string& path) {
    const auto text = read_whole_file(path);
    if (!text) {
        throw Error(fmt::format("The result {} cannot be read; check that it exists and is readable.", path));
    }
    try {
        return read_json_report(*text);
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

}  // namespace asyncbench
