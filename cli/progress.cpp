#include "cli/progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "analysis/ranking/rank.hpp"
#include "cli/tell.hpp"
#include "cli/time_left.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/human.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// Apart from too few answers, of which there will be more.
bool is_wrong_so_far(const Cell& cell) {
    return std::any_of(cell.warnings.begin(), cell.warnings.end(), [](const Warning& warning) {
        return warning.kind == WarningKind::wrong && warning.code != too_few_answers_code;
    });
}

/// The medians at the highest concurrency, by which strategies are ranked.
std::string values_so_far(const RunResult& run) {
    const std::string_view metric = ranking_metric(run.scenario);
    const auto& levels = run.scenario.concurrency;
    const std::uint32_t highest = *std::max_element(levels.begin(), levels.end());
    std::vector<std::string> parts;
    std::vector<std::string> last;  // of one request in flight: the others are what is compared
    for (const Cell& cell : run.summary) {
        const Estimate* estimate = estimate_of(cell, metric);
        if (cell.concurrency != highest || is_wrong_so_far(cell) || estimate == nullptr) continue;
        (cell.every_level ? last : parts)
            .push_back(fmt::format("{} {}", name_in_text(run, cell.strategy),
                                   human_metric(metric, estimate->value)));
    }
    parts.insert(parts.end(), last.begin(), last.end());
    if (parts.empty()) return {};
    return fmt::format("at {}: {}", human_count(highest), fmt::join(parts, ", "));
}

}  // namespace

std::size_t columns_of_progress() {
    return columns_of_terminal(STDERR_FILENO).value_or(80) - 1;
}

Progress::Style progress_style(bool quiet) {
    if (quiet) return Progress::Style::quiet;
    return obeys_escape_codes(STDERR_FILENO) ? Progress::Style::drawn : Progress::Style::lines;
}

void LostTrials::tell_of(const Trial& result, const std::string& trial,
                         const std::function<void()>& clear_line) {
    const std::string strategy = result.spec.strategy.text();
    const bool is_news = result.unavailable() && unavailable_.insert(strategy).second;
    if (!is_news && !result.lost()) return;
    clear_line();
    tell(is_news ? fmt::format("{} is unavailable: {}", strategy, result.failure)
                 : fmt::format("Trial {} is lost: {}", trial, result.failure));
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
    const std::string what =
        so_far_.empty() ? fmt::format("{} at {}", spec.strategy.text(), spec.plan.concurrency) : so_far_;
    const std::string line = printable(fmt::format("[{}/{}] {}", index + 1, total, what));
    put_on_stderr("\r\x1b[K" + shortened(line, columns_of_progress()));
    drawn_ = true;
}

void Progress::trial_ended(const Trial& result, std::size_t index, std::size_t /*total*/) {
    if (style_ == Style::quiet) return;
    lost_.tell_of(result,
                  fmt::format("{} ({} at concurrency {})", index + 1, result.spec.strategy.text(),
                              result.spec.plan.concurrency),
                  [this] { clear_line(); });
}

void Progress::block_ended(const RunResult& run, const RunProgress& progress) {
    if (style_ == Style::quiet) return;
    const std::string values = values_so_far(run);
    const bool is_last = progress.blocks_done >= progress.blocks_planned;
    const std::string open =
        progress.judged && progress.open > 0
            ? fmt::format(", {} order{} open", progress.open, progress.open == 1 ? "" : "s")
            : "";
    const std::string state = fmt::format(
        "{}{}{}", open, is_last ? "" : fmt::format(", at most {} left", in_words(progress.most_left)),
        values.empty() ? "" : "; " + values);
    so_far_ = fmt::format("block {} of {}{}", progress.blocks_done + 1,
                          std::max(progress.blocks_planned, progress.blocks_done + 1), state);
    if (style_ == Style::drawn && (open.empty() || is_last)) return;
    clear_line();
    tell(fmt::format("Block {} of {} done{}", progress.blocks_done, progress.blocks_planned, state));
}

namespace {

/// Of each way, after those that are measured.
constexpr std::size_t trials_to_diagnose = 1;

}  // namespace

PitfallProgress::PitfallProgress(Progress::Style style, const std::vector<Pitfall>& pitfalls)
    : style_(style) {
    for (const Pitfall& pitfall : pitfalls) {
        trials_ += pitfall.ways.size() * (pitfall.scenario.repetitions + trials_to_diagnose);
    }
}

PitfallProgress::~PitfallProgress() {
    clear_line();
}

std::string PitfallProgress::time_left() const {
    if (done_ == 0 || done_ >= trials_) return "";
    const auto each = (Clock::now() - started_) / static_cast<std::int64_t>(done_);
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(each * static_cast<std::int64_t>(trials_ - done_));
    return fmt::format(", about {}m{:02}s left", left.count() / 60, left.count() % 60);
}

void PitfallProgress::clear_line() {
    if (drawn_) put_on_stderr("\r\x1b[K");
    drawn_ = false;
}

void PitfallProgress::begin(const Pitfall& pitfall) {
    current_ = pitfall.name;
}

void PitfallProgress::trial_starts(const TrialSpec& spec, std::size_t, std::size_t) {
    if (style_ != Progress::Style::drawn) return;
    put_on_stderr(fmt::format("\r\x1b[K[{}/{}] {}{}", done_ + 1, trials_, printable(spec.strategy.text()),
                              time_left()));
    drawn_ = true;
}

void PitfallProgress::trial_ended(const Trial& result, std::size_t index, std::size_t total) {
    ++done_;
    if (style_ == Progress::Style::quiet) return;
    lost_.tell_of(result, fmt::format("{} of {} ({})", index + 1, current_, result.spec.strategy.text()),
                  [this] { clear_line(); });
    if (style_ == Progress::Style::lines && index + 1 == total && result.spec.diagnose) {
        put_on_stderr(fmt::format("{} done{}\n", current_, time_left()));
    }
}

}  // namespace asyncbench
