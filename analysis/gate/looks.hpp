#pragma once

#include <cstddef>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/judge.hpp"

namespace asyncbench {

/// Whether more pairs of the subject can decide what is not decided yet.
bool is_open(const Judgement& judgement, const GateEvidence& evidence, std::size_t subject);
/// Lines and budgets without a verdict.
std::size_t open_lines(const Judgement& judgement);

/// A subject, and of how many pairs of it something is to be judged.
struct PairsWanted {
    std::size_t subject = 0;
    std::size_t pairs = 0;

    bool operator==(const PairsWanted&) const = default;
};
/// Subjects that have a line or a budget to confirm, with as many pairs as the last of them failed after. A
/// worsening that needed the last look would rarely show in the pairs of the first.
std::vector<PairsWanted> pairs_to_confirm(const Judgement& judgement);

/// When there is no sense in going on with an arm: its trials failed twice in a row, or more than once and
/// more than one in ten.
class FailureLimit {
  public:
    void count(bool failed) {
        ++trials_;
        failed_ += failed ? 1 : 0;
        in_a_row_ = failed ? in_a_row_ + 1 : 0;
        reached_ |= in_a_row_ > 1 || (failed_ > 1 && 10 * failed_ > trials_);
    }
    bool reached() const { return reached_; }
    std::size_t trials() const { return trials_; }
    std::size_t failed() const { return failed_; }

  private:
    std::size_t trials_ = 0;
    std::size_t failed_ = 0;
    std::size_t in_a_row_ = 0;
    bool reached_ = false;
};

/// Where the pairs of a gate come from: trials that are run now, or that were.
class PairSource {
  public:
    virtual ~PairSource() = default;

    /// Adds the pairs `from` to `to` of each of the subjects, the control among them, to the samples of the
    /// result. False where it had to stop before.
    virtual bool measure(const std::vector<std::size_t>& subjects, std::size_t from, std::size_t to,
                         bool confirmation) = 0;

    /// After each look and each confirmation.
    virtual void looked(std::size_t pairs, std::size_t open_lines) = 0;
};

/// The procedure of a paired gate on the subjects of the result, of which the last is the control: measures
/// up to each look what is not decided, asks judge() then, and has as many fresh pairs measured of what
/// failed as it failed after. Where the source stops, the result's `failure` or `interrupted` say why.
void look_and_confirm(GateResult& result, PairSource& source);

}  // namespace asyncbench
