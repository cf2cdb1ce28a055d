#pragma once

#include <string>

#include "cli/run_scenario.hpp"

namespace asyncbench {

/// Tells on stderr what runs now, what was measured so far, what is still open and how long it can take: one
/// line drawn anew on a terminal, a line for each block elsewhere.
class Progress final : public RunObserver {
  public:
    enum class Style { quiet, lines, drawn };

    explicit Progress(Style style) : style_(style) {}
    ~Progress() override;

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const TrialResult& result, std::size_t index, std::size_t total) override;
    void block_ended(const RunResult& run, const RunProgress& progress) override;

  private:
    void clear_line();

    Style style_;
    std::string so_far_;  ///< after the last block: which comes, what is open, how long, the values
    bool drawn_ = false;
};

/// Drawn on a terminal, lines elsewhere, nothing when `quiet`.
Progress::Style progress_style(bool quiet);

}  // namespace asyncbench
