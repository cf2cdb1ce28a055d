#include "cli/open_page.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

/// The program's exit status; -1 where it could not be started or was killed.
int run_and_wait(std::string program, std::string argument) {
    char* arguments[] = {program.data(), argument.data(), nullptr};
    pid_t child = 0;
    if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) return -1;
    int status = 0;
    if (waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

void open_page(const std::string& path) {
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) {
        throw Error(
            fmt::format("{} was written but cannot be opened: there is no display here (neither DISPLAY nor "
                        "WAYLAND_DISPLAY is set). Open it in a browser where there is one.",
                        path));
    }
    // A name that begins with a dash would be an option.
    const std::string argument = path.starts_with('-') ? "./" + path : path;
    if (const int status = run_and_wait("xdg-open", argument); status != 0) {
        throw Error(fmt::format("{} was written but xdg-open {}. Open it in a browser by hand.", path,
                                status < 0
                                    ? std::string("could not be run (Debian's package xdg-utils has it)")
                                    : fmt::format("failed with status {}", status)));
    }
}

}  // namespace asyncbench
