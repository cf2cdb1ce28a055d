#include "harness/gate/valgrind.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace asyncbench {

std::optional<std::string> find_valgrind() {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string program = folder + "/valgrind";
        if (access(program.c_str(), X_OK) == 0) return program;
    }
    return std::nullopt;
}

}  // namespace asyncbench
