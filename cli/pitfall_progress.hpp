#pragma once

#include <string>
#include <vector>

#include "cli/progress.hpp"
#include "harness/trial/pitfall.hpp"

namespace asyncbench {

/// Tells on stderr how far the pitfalls are: one line drawn anew on a terminal, a line for each pitfall
/// elsewhere.
class PitfallProgress final : public RunObserver {
  public:
    PitfallProgress(Progress::Style style, const std::vector<Pitfall>& pitfalls);
    ~PitfallProgress() override;

    /// The trials that follow are of this pitfall.
    void begin(const Pitfall& pitfall);

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override;
    void trial_ended(const TrialResult& result, std::size_t index, std::size_t total) override;

  private:
    std::string time_left() const;
    void clear_line();

    Progress::Style style_;
    std::string current_;
    std::size_t trials_ = 0;
    std::size_t done_ = 0;
    Clock::time_point started_ = Clock::now();
    bool drawn_ = false;
};

}  // namespace asyncbench
