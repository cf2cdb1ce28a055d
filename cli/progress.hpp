#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cli/run_scenario.hpp"
#include "harness/trial/pitfall.hpp"

namespace asyncbench {

/// Tells on stderr of trials without a measurement, and of a strategy that is unavailable once.
class LostTrials {
  public:
    /// `trial` names the place of a lost one: `3 (coroutine at concurrency 16)`. `clear_line` is called
    /// before anything is told.
    void tell_of(const Trial& result, const std::string& trial, const std::function<void()>& clear_line);

  private:
    std::set<std::string> unavailable_;  ///< strategies that were told of
};

/// Tells on stderr what runs now, what was measured so far, what is still open and how long it can take: one
/// line drawn anew on a terminal, a line for each block elsewhere.
class Progress final : public RunObserver {
  public:
    enum class Style { quiet, lines, drawn };

    explicit Progress(Style style) : style_(style) {}
    ~Progress() override;

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const Trial& result, std::size_t index, std::size_t total) override;
    void block_ended(const RunResult& run, const RunProgress& progress) override;

  private:
    void clear_line();

    Style style_;
    LostTrials lost_;
    std::string so_far_;  ///< after the last block: which comes, what is open, how long, the values
    bool drawn_ = false;
};

/// Of a line that is drawn anew: the last column stays free, so that no terminal goes on to the next line.
std::size_t columns_of_progress();

/// Drawn on a terminal, lines elsewhere, nothing when `quiet`.
Progress::Style progress_style(bool quiet);

/// Tells on stderr how far the pitfalls are: one line drawn anew on a terminal, a line for each pitfall
/// elsewhere.
class PitfallProgress final : public RunObserver {
  public:
    PitfallProgress(Progress::Style style, const std::vector<Pitfall>& pitfalls);
    ~PitfallProgress() override;

    /// The trials that follow are of this pitfall.
    void begin(const Pitfall& pitfall);

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const Trial& result, std::size_t index, std::size_t total) override;

  private:
    std::string time_left() const;
    void clear_line();

    Progress::Style style_;
    LostTrials lost_;
    std::string current_;
    std::size_t trials_ = 0;
    std::size_t done_ = 0;
    Clock::time_point started_ = Clock::now();
    bool drawn_ = false;
};

}  // namespace asyncbench
