#include "cli/tell.hpp"

#include <cstdio>

#include "reports/text/human.hpp"

namespace asyncbench {

// Not fmt::print, which throws where the text cannot be written: out of destructors and handlers, too.
void put_on_stderr(std::string_view text) noexcept {
    (void)!std::fwrite(text.data(), 1, text.size(), stderr);
    (void)!std::fflush(stderr);
}

void tell(std::string_view sentence) {
    put_on_stderr(printable(sentence) + '\n');
}

}  // namespace asyncbench
