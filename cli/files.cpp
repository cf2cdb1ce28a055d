#include "cli/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "async/errors.hpp"
#include "cli/tell.hpp"

namespace asyncbench {

Error not_writable(const std::string& path) {
    return Error(fmt::format("{} cannot be written: {}. Choose another place, or mend its permissions.", path,
                             std::strerror(errno)));
}

void save_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw not_writable(path);
}

void write_file(const std::string& path, const std::string& text) {
    save_file(path, text);
    tell(fmt::format("Wrote {}", path));
}

void write_to_stdout(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!whole || std::fflush(stdout) != 0) {
        throw Error(fmt::format("The result cannot be written to stdout: {}.", std::strerror(errno)));
    }
}

std::optional<std::string> read_whole_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // An empty stream buffer counts as a failure to insert.
    if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    if (!file.is_open() || file.bad() || !text) return std::nullopt;
    return text.str();
}

namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& path) {
    return !path.empty() && path != "-";
}

}  // namespace

bool is_same_file(const std::string& one, const std::string& other) {
    std::error_code error;
    const bool both_exist = fs::exists(one, error) && fs::exists(other, error);
    if (both_exist) return fs::is_regular_file(one, error) && fs::equivalent(one, other, error);
    const fs::path first = fs::weakly_canonical(fs::absolute(one, error), error);
    return !first.empty() && first == fs::weakly_canonical(fs::absolute(other, error), error);
}

void require_distinct_files(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs) {
    for (auto output = outputs.begin(); output != outputs.end(); ++output) {
        if (!is_file(*output)) continue;
        const auto is_same = [&](const std::string& other) {
            return is_file(other) && is_same_file(*output, other);
        };
        // What is not there is not read: a default name, or that of a shipped scenario.
        const auto is_read = [&](const std::string& input) { return fs::exists(input) && is_same(input); };
        if (std::any_of(inputs.begin(), inputs.end(), is_read)) {
            throw UsageError(
                fmt::format("{} is read, and would be written over; write into another file.", *output));
        }
        if (std::any_of(output + 1, outputs.end(), is_same)) {
            throw UsageError(fmt::format(
                "{} would be written twice, one document over the other; give each a file of its own.",
                *output));
        }
    }
}

}  // namespace asyncbench
