#include "cli/gate/valgrind.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {

std::optional<std::string> find_valgrind() {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        std::string program = folder + "/valgrind";
        if (access(program.c_str(), X_OK) == 0) return program;
    }
    return std::nullopt;
}

ValgrindRun::ValgrindRun(std::string valgrind) : valgrind_(std::move(valgrind)) {
    std::string name = (std::filesystem::temp_directory_path() / "asyncbench-count-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw Error(
            fmt::format("No directory {} for valgrind's logs: {}. Set TMPDIR to one that can be written.",
                        name, std::strerror(errno)));
    }
    logs_ = name;
}

ValgrindRun::~ValgrindRun() {
    std::error_code ignored;  // what is left in the temporary directory harms nobody
    std::filesystem::remove_all(logs_, ignored);
}

std::vector<std::string> ValgrindRun::wrap(const std::vector<std::string>& command) const {
    std::vector<std::string> wrapped = {valgrind_, "--tool=callgrind", "--callgrind-out-file=/dev/null",
                                        "--trace-children=yes",
                                        fmt::format("--log-file={}/%p", logs_.string())};
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
}

std::optional<std::uint64_t> ValgrindRun::instructions() const {
    std::optional<std::uint64_t> most;
    for (const auto& entry : std::filesystem::directory_iterator(logs_)) {
        std::ifstream log(entry.path());
        const auto count =
            instructions_in_log({std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>()});
        if (count && (!most || *count > *most)) most = count;
    }
    return most;
}

std::optional<std::uint64_t> instructions_in_log(const std::string& log) {
    constexpr std::string_view label = "Collected : ";
    const auto found = log.rfind(label);
    if (found == std::string::npos) return std::nullopt;
    const char* const end = log.data() + log.size();
    std::uint64_t count = 0;
    const auto parsed = std::from_chars(log.data() + found + label.size(), end, count);
    if (parsed.ec != std::errc{}) return std::nullopt;
    return count;
}

}  // namespace asyncbench
