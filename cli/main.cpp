#include <fcntl.h>
#include <unistd.h>

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

}  // namespace

int main(int argc, char** argv) {
    reserve_standard_descriptors();
    return asyncbench::command_line(argc, argv, asyncbench::builtin_strategies());
}
