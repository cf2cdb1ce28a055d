#include "cli/tell.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "cli/terminal_width.hpp"
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

}  // namespace asyncbench
