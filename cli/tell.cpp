#include "cli/tell.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "async/errors.hpp"
#include "harness/work/secret_text.hpp"
#include "harness/work/units.hpp"
#include "reports/text/human.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {

// Not fmt::print, which throws where the text cannot be written: out of destructors and handlers, too.
void put_on_stderr(std::string_view text) noexcept {
    (void)!std::fwrite(text.data(), 1, text.size(), stderr);
    (void)!std::fflush(stderr);
}

void tell(std::string_view sentence) {
    const std::string line = printable(without_secrets(sentence));
    const auto columns = columns_of_terminal(STDERR_FILENO);
    if (!columns) return put_on_stderr(without_command(line) + '\n');
    std::string lines;
    for (const std::string& each : wrapped(line, *columns)) lines += without_command(each) + '\n';
    put_on_stderr(lines);
}

bool obeys_escape_codes(int descriptor) {
    const char* const terminal = std::getenv("TERM");
    return isatty(descriptor) != 0 && terminal != nullptr && *terminal != '\0' &&
           std::string_view(terminal) != "dumb";
}

std::optional<std::size_t> columns_of_output(int descriptor) {
    // As ncurses and Python do it: who sets COLUMNS means it, and a pipe has no other width.
    constexpr Limits<std::uint64_t> limits{20, 10'000, ""};
    const char* const columns = std::getenv("COLUMNS");
    try {
        if (columns != nullptr) return parse_count(columns, limits);
    } catch (const UsageError&) {
        // Not what a user typed for us.
    }
    return columns_of_terminal(descriptor);
}

std::optional<std::size_t> columns_of_terminal(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

}  // namespace asyncbench
