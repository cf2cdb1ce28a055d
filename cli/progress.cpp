#include "cli/progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "cli/tell.hpp"
#include "cli/time_left.hpp"
#include "harness/ranking/rank.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t columns_of_terminal = 79;

/// The medians at the highest concurrency, by which strategies are ranked.
std::string values_so_far(const RunResult& run) {
    const std::string_view metric = ranking_metric(run.scenario);
    const auto& levels = run.scenario.concurrency;
    const std::uint32_t highest = *std::max_element(levels.begin(), levels.end());
    std::vector<std::string> parts;
    for (const Cell& cell : run.summary) {
        const Estimate* estimate = estimate_of(cell, metric);
        if (cell.concurrency != highest || !cell.usable() || estimate == nullptr) continue;
        parts.push_back(
            fmt::format("{} {}", name_in_text(run, cell.strategy), human_metric(metric, estimate->value)));
    }
    if (parts.empty()) return {};
    return fmt::format("at {}: {}", human_count(highest), fmt::join(parts, ", "));
}

}  // namespace

Progress::Style progress_style(bool quiet) {
    if (quiet) return Progress::Style::quiet;
    return isatty(STDERR_FILENO) != 0 ? Progress::Style::drawn : Progress::Style::lines;
}

Progress::~Progress() {
    clear_line();
}

void Progress::clear_line() {
    if (drawn_) put_on_stderr("\r\x1b[K");
    drawn_ = false;
}

void Progress::trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) {
    if (style_ != Style::drawn) return;
    const std::string left = time_left(Clock::now() - started_, index, total);
    const std::string line = fmt::format(
        "[{}/{}] {} at {}{}{}", index + 1, total, printable(spec.strategy.text()), spec.plan.concurrency,
        left.empty() ? "" : ", " + left, so_far_.empty() ? "" : "; " + so_far_);
    put_on_stderr("\r\x1b[K" + shortened(line, columns_of_terminal));
    drawn_ = true;
}

void Progress::trial_ended(const TrialResult& result, std::size_t index, std::size_t /*total*/) {
    if (style_ == Style::quiet || result.failure.empty()) return;
    clear_line();
    tell(fmt::format("Trial {} ({} at concurrency {}) is lost: {}", index + 1, result.spec.strategy.text(),
                     result.spec.plan.concurrency, result.failure));
}

void Progress::block_ended(const RunResult& run, const RunProgress& progress) {
    if (style_ == Style::quiet) return;
    so_far_ = values_so_far(run);
    const bool is_last = progress.blocks_done >= progress.blocks_planned;
    const std::string open =
        progress.judged && progress.open > 0
            ? fmt::format(", {} order{} open", progress.open, progress.open == 1 ? "" : "s")
            : "";
    if (style_ == Style::drawn && (open.empty() || is_last)) return;
    clear_line();
    put_on_stderr(fmt::format("Block {} of {} done{}{}{}\n", progress.blocks_done, progress.blocks_planned,
                              open,
                              is_last ? "" : fmt::format(", at most {} left", in_words(progress.most_left)),
                              so_far_.empty() ? "" : "; " + printable(so_far_)));
}

}  // namespace asyncbench
