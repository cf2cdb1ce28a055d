#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "benches/strategies/strategies.hpp"
#include "cli/command_line.hpp"

namespace {

/// Where the caller closed one of the standard descriptors, a pipe or socket of ours would get its number and
/// receive what is meant for the terminal. Opened for reading, so that writing to it fails and is told.
void reserve_standard_descriptors() {
    while (true) {
        const int descriptor = open("/dev/null", O_RDONLY);
        if (descriptor > STDERR_FILENO) close(descriptor);
        if (descriptor < 0 || descriptor > STDERR_FILENO) return;
    }
}

/// Commands that users give are run by a shell: `asyncbench` in them is this program, where PATH has no
/// other.
void put_own_folder_behind_path() {
    std::error_code error;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const char* const path = std::getenv("PATH");
    if (!error && path != nullptr) setenv("PATH", (std::string(path) + ":" + own.string()).c_str(), 1);
}

}  // namespace

int main(int argc, char** argv) {
    reserve_standard_descriptors();
    put_own_folder_behind_path();
    return asyncbench::command_line(argc, argv, asyncbench::builtin_strategies());
}
