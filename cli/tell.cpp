#include "cli/tell.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "reports/text/human.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {

// Not fmt::print, which throws where the text cannot be written: out of destructors and handlers, too.
void put_on_stderr(std::string_view text) noexcept {
    (void)!std::fwrite(text.data(), 1, text.size(), stderr);
    (void)!std::fflush(stderr);
}

void tell(std::string_view sentence) {
    const std::string line = printable(sentence);
    const auto columns = columns_of_terminal(STDERR_FILENO);
    if (!columns) return put_on_stderr(line + '\n');
    std::string lines;
    for (const std::string& each : wrapped(line, *columns)) lines += each + '\n';
    put_on_stderr(lines);
}

std::optional<std::size_t> columns_of_terminal(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

}  // namespace asyncbench
