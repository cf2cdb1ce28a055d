#pragma once

#include <string>

#include "harness/measure/clock.hpp"
#include "harness/trial/run.hpp"

namespace asyncbench {

/// Tells on stderr what runs now and how long it will still take: one line drawn anew on a terminal, a line
/// for each repetition elsewhere.
class Progress final : public RunObserver {
  public:
    enum class Style { quiet, lines, drawn };

    Progress(Style style, std::uint32_t repetitions) : style_(style), repetitions_(repetitions) {}
    ~Progress() override;

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const TrialResult& result, std::size_t index, std::size_t total) override;

  private:
    std::string and_time_left(std::size_t done, std::size_t total) const;
    void clear_line();

    Style style_;
    std::uint32_t repetitions_;
    Clock::time_point started_ = Clock::now();
    bool drawn_ = false;
};

/// Drawn on a terminal, lines elsewhere, nothing when `quiet`.
Progress::Style progress_style(bool quiet);

}  // namespace asyncbench
