#include "tests/support/processes/processes.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace asyncbench::test {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

bool has_ended(pid_t process) {
    const std::string stat = read_file(fmt::format("/proc/{}/stat", process));
    const auto name_end = stat.rfind(") ");
    return name_end == std::string::npos || stat[name_end + 2] == 'Z' || stat[name_end + 2] == 'X';
}

std::vector<pid_t> children_with(pid_t parent, std::string_view text) {
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto& thread :
         std::filesystem::directory_iterator(fmt::format("/proc/{}/task", parent), error)) {
        std::ifstream children(thread.path() / "children");
        pid_t child = 0;
        while (children >> child) {
            const std::string arguments = '\0' + read_file(fmt::format("/proc/{}/cmdline", child));
            if (arguments.find(fmt::format("{}{}{}", '\0', text, '\0')) != std::string::npos) {
                found.push_back(child);
            }
        }
    }
    return found;
}

}  // namespace asyncbench::test
