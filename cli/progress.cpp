#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/tell.hpp"
#include "cli/time_left.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

Progress::Style progress_style(bool quiet) {
    if (quiet) return Progress::Style::quiet;
    return isatty(STDERR_FILENO) != 0 ? Progress::Style::drawn : Progress::Style::lines;
}

Progress::~Progress() {
    clear_line();
}

std::string Progress::and_time_left(std::size_t done, std::size_t total) const {
    const std::string left = time_left(Clock::now() - started_, done, total);
    return left.empty() ? left : ", " + left;
}

void Progress::clear_line() {
    if (drawn_) put_on_stderr("\r\x1b[K");
    drawn_ = false;
}

void Progress::trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) {
    if (style_ != Style::drawn) return;
    put_on_stderr(fmt::format("\r\x1b[K[{}/{}] {} at concurrency {}{}", index + 1, total,
                              printable(spec.strategy.text()), spec.plan.concurrency,
                              and_time_left(index, total)));
    drawn_ = true;
}

void Progress::trial_ended(const TrialResult& result, std::size_t index, std::size_t total) {
    if (style_ == Style::quiet) return;
    if (!result.failure.empty()) {
        clear_line();
        tell(fmt::format("Trial {} ({} at concurrency {}) is lost: {}", index + 1,
                         result.spec.strategy.text(), result.spec.plan.concurrency, result.failure));
    }
    const std::size_t block = total / repetitions_;
    if (style_ == Style::lines && (index + 1) % block == 0) {
        put_on_stderr(fmt::format("Repetition {} of {} done{}\n", result.repetition + 1, repetitions_,
                                  index + 1 == total ? "" : and_time_left(index + 1, total)));
    }
}

}  // namespace asyncbench
