#include "cli/pitfall_progress.hpp"

#include <fmt/format.h>

#include "cli/tell.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

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

void PitfallProgress::trial_ended(const TrialResult& result, std::size_t index, std::size_t total) {
    ++done_;
    if (style_ == Progress::Style::quiet) return;
    if (!result.failure.empty()) {
        clear_line();
        tell(fmt::format("Trial {} of {} ({}) is lost: {}", index + 1, current_, result.spec.strategy.text(),
                         result.failure));
    }
    if (style_ == Progress::Style::lines && index + 1 == total && result.spec.diagnose) {
        put_on_stderr(fmt::format("{} done{}\n", current_, time_left()));
    }
}

}  // namespace asyncbench
