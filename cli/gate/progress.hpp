#pragma once

#include <string>

#include "analysis/gate/gate_result.hpp"
#include "cli/progress.hpp"

namespace asyncbench {

/// Tells on stderr how far the gate is: one line drawn anew on a terminal, a line for each look elsewhere.
class GateProgress final : public GateObserver {
  public:
    explicit GateProgress(Progress::Style style) : style_(style) {}
    ~GateProgress() override;

    void trial_starts(const std::string& what, std::size_t pair, std::size_t pairs_of_look) override;
    void looked(std::size_t pairs, std::size_t undecided) override;

  private:
    void clear_line();

    Progress::Style style_;
    bool drawn_ = false;
};

}  // namespace asyncbench
