#include "cli/gate/progress.hpp"

#include <fmt/format.h>

#include "cli/tell.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

GateProgress::~GateProgress() {
    clear_line();
}

void GateProgress::clear_line() {
    if (drawn_) put_on_stderr("\r\x1b[K");
    drawn_ = false;
}

void GateProgress::trial_starts(const std::string& what, std::size_t pair, std::size_t pairs_of_look) {
    if (style_ != Progress::Style::drawn) return;
    put_on_stderr(fmt::format("\r\x1b[K[pair {} of {}] {}", pair + 1, pairs_of_look, printable(what)));
    drawn_ = true;
}

void GateProgress::looked(std::size_t pairs, std::size_t undecided) {
    if (style_ == Progress::Style::quiet) return;
    clear_line();
    put_on_stderr(fmt::format("After {} pairs: {}\n", pairs,
                              undecided == 0 ? "all is decided" : fmt::format("{} not decided", undecided)));
}

}  // namespace asyncbench
