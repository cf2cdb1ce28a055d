#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/environment_difference.hpp"
#include "analysis/gate/rules.hpp"
#include "analysis/stats/estimate.hpp"
#include "harness/measure/environment.hpp"
#include "harness/trial/scenario.hpp"
#include "harness/trial/trial.hpp"
#include "harness/trial/warning.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {

enum class GateShape {
    paired,  ///< both measured now, in turns
    stored,  ///< base is a result of an earlier day
    files,   ///< both are
};

enum class Arm { base, head };

/// What is compared: where its numbers come from.
struct GateArm {
    SecretText program;  ///< the command of its trials, or the file
    SecretText target;   ///< the command of its server; empty where both arms call the same
};

/// A row's subject: a strategy at a concurrency, or a benchmark of a file.
struct GateCell {
    std::string name;  ///< `coroutine at 64`
    std::string strategy;
    std::uint32_t concurrency = 0;              ///< 0 where the subject is no cell
    bool is_control = false;                    ///< touches no code that changed
    std::uint64_t requests = 0;                 ///< of each of its trials; 0 where that is not fixed
    std::uint32_t concurrency_of_valgrind = 0;  ///< at which that counted; 0 where it did not
};

/// One trial of a gate, whatever became of it, and its place there. Its histograms are not kept. Its
/// repetition is the pair of its subject, from 0, or of counted runs the run.
struct GateTrial : Trial {
    std::size_t subject = 0;  ///< index into GateResult::subjects
    Arm arm = Arm::base;
    bool confirmation = false;   ///< of the fresh batch that confirms a FAIL
    bool deterministic = false;  ///< of the counted runs
};

/// Whether a line whose rule decides can do so.
enum class LineStanding {
    decides,
    not_told,   ///< the program does not tell the metric, and no one asked for it by name
    not_exact,  ///< a count that is to be equal, and is not so from one run to the next of the same arm
};

/// The verdict on one metric of one subject.
struct GateLine {
    std::size_t subject = 0;
    MetricRule rule;
    Estimate base;  ///< absolute, in the metric's unit: median with its interval
    Estimate head;
    Estimate ratio;                 ///< head / base
    std::size_t pairs = 0;          ///< that the ratio is made of; of unpaired values the smaller number
    std::vector<double> ratios;     ///< of each pair, in the order measured; empty where there are none
    std::optional<double> p_worse;  ///< adjusted over the family; none where no test was made
    std::optional<Estimate> confirmation;  ///< ratio of the fresh batch
    std::size_t decided_after = 0;         ///< pairs of trials, whatever became of them; 0 while it is open
    Verdict verdict = Verdict::inconclusive;  ///< not used where the line does not decide
    bool improved = false;                    ///< shown to be better, by as much as a FAIL would need
    std::string reason;                       ///< one sentence: why this verdict
    LineStanding standing = LineStanding::decides;

    /// Whether its verdict counts.
    bool decides() const { return rule.lane != Lane::information && standing == LineStanding::decides; }
};

struct BudgetLine {
    std::size_t subject = 0;
    Budget budget;
    Estimate value;  ///< of head
    Verdict verdict = Verdict::inconclusive;
    std::string reason;
    std::size_t decided_after = 0;              ///< as in GateLine
    std::optional<Estimate> confirmation = {};  ///< of head in the fresh batch
};

/// The same work, measured as base and as head though nothing differs: what moves it moves everything.
struct GateControl {
    std::size_t subject = 0;
    std::string metric;
    Estimate ratio;              ///< head / base; 1 where nothing disturbs
    std::vector<double> ratios;  ///< of each pair, in the order measured
    std::vector<double> drift;   ///< each trial over the median of all, in the order measured
    bool moved = false;          ///< by more than the limit: nothing is concluded then
};

/// How far a paired gate is, beside the trials that it measured.
struct GateStage {
    std::vector<std::size_t> looks;  ///< after how many pairs each look was taken, ascending
    bool confirmed = false;          ///< the fresh batch was measured, as far as it could be
    bool ended = false;              ///< nothing more is measured, but for counted runs
    bool stopped = false;            ///< before it was done, by a failure or an interruption
};

/// What one call of the gate found; what its JSON holds and every output is made of.
struct GateResult {
    std::string tool_version;
    std::string command;
    std::string started_utc;
    Nanoseconds elapsed{0};
    GateShape shape = GateShape::paired;
    GateArm base;
    GateArm head;
    Environment environment;
    std::vector<EnvironmentDifference> environment_differences;
    Scenario scenario;  ///< of what was measured; a batch's requests are those of each subject, of which it
                        ///< holds the most. Its defaults where files were read
    GateRules rules;
    std::vector<GateCell> subjects;
    std::vector<GateTrial> samples;
    GateStage stage;
    std::vector<GateLine> lines;
    std::vector<BudgetLine> budgets;
    std::optional<GateControl> control;
    std::vector<Warning> notes;     ///< of the measuring itself; `warnings` has them, too
    std::vector<Warning> warnings;  ///< one that is wrong makes the gate's status 4
    std::string failure;            ///< why nothing could be compared; empty where it could
    bool interrupted = false;

    /// FAIL where a line or budget fails; else INCONCLUSIVE where one is, or nothing was decided at all; else
    /// PASS. Never PASS after a failure, an interruption or a warning that is wrong.
    Verdict verdict() const;
    bool usable() const;  ///< no warning is wrong
};

/// Called on the thread that measures.
class GateObserver {
  public:
    virtual ~GateObserver() = default;
    /// Before each trial; `what` names subject and arm.
    virtual void trial_starts(const std::string& what, std::size_t pair, std::size_t pairs_of_look) = 0;
    /// After each look and each confirmation: how many lines are still open.
    virtual void looked(std::size_t pairs, std::size_t undecided) = 0;
};

}  // namespace asyncbench
