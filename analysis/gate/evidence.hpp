#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// How many requests failed in a trial although the profile asked for no failure. The gate adds it to the
/// metrics of each sample.
inline constexpr std::string_view unforeseen_errors_metric = "unforeseen_errors";

/// What the gate keeps of a trial; whose it is stays to be filled in.
GateTrial gate_sample(Trial trial);

/// The code of the warning on a counted trial that did another number of requests than it was told. Of trials
/// in pairs the number in GateCell says so.
inline constexpr std::string_view other_requests_code = "other-requests";

std::string_view name_of(Arm arm);  ///< `base`, `head`

/// What a trial was, apart from its numbers.
enum class TrialOutcome {
    did_the_work,  ///< or was disturbed by the machine; a few of its requests may have failed
    lost,          ///< crashed, hung, or told what cannot be
    erred,         ///< so many requests failed that the speed of failing was measured
    other_work,    ///< than it was told, or than its target saw
};
TrialOutcome outcome_of(const GateTrial& sample, const GateCell& subject);

/// Why a trial did not do the work, or other work than the trials of its cell; empty where it did.
std::string why_lost(const GateTrial& sample, const GateCell& subject);

/// Whether a trial did the work, the same as others of its cell, so that its times mean something. One that
/// the machine disturbed did. If it were left out, an arm would choose its own sample.
bool did_the_work(const GateTrial& sample, const GateCell& subject);

/// Why a trial has no value of the metric that can be used, as a part of a sentence.
std::string why_unknown(const GateTrial& sample, std::string_view metric);

/// The trials of a gate.
enum class Batch {
    first,    ///< in pairs, until it was decided
    fresh,    ///< in pairs, to confirm what failed
    counted,  ///< of the counted runs
    recount,  ///< of the counted runs, to confirm what failed
};
using Batches = std::initializer_list<Batch>;
inline constexpr Batches batches_of_pairs{Batch::first, Batch::fresh};
inline constexpr Batches counted_batches{Batch::counted, Batch::recount};
inline constexpr Batches all_batches{Batch::first, Batch::fresh, Batch::counted, Batch::recount};
bool is_of(const GateTrial& sample, Batch batch);
bool is_of(const GateTrial& sample, Batches batches);  ///< of any of them

/// What was measured, in order of the subjects. Refers to subjects and samples, which outlive it.
class GateEvidence {
  public:
    GateEvidence(std::span<const GateCell> subjects, std::span<const GateTrial> samples);

    std::span<const GateCell> subjects() const { return subjects_; }
    /// In the order measured.
    std::span<const GateTrial* const> samples(std::size_t subject) const { return samples_[subject]; }

    /// As it was when so many pairs of the first batch were measured, and nothing else.
    GateEvidence at_look(std::size_t pairs) const;

  private:
    std::span<const GateCell> subjects_;
    std::vector<std::vector<const GateTrial*>> samples_;
};

/// What the trials of one arm in one cell were, apart from their times.
struct ArmState {
    std::size_t trials = 0;
    std::size_t lost = 0;
    std::size_t unavailable = 0;  ///< of these, as the strategy cannot do the work at all
    std::string why_lost;         ///< of the first
    std::size_t other_work = 0;  ///< trials
    std::string why_other_work;  ///< of the first
    std::uint64_t errors = 0;    ///< unforeseen, over all trials but those of other work
    std::uint64_t requests = 0;  ///< over the same
    ErrorCounts failed;          ///< all that failed, over the same
    Endings endings;             ///< how they ended, over the same
    std::size_t redirected = 0;  ///< trials in which every response redirects
    std::string why_redirected;  ///< of the first
    std::size_t unusable = 0;    ///< did not do the work, or at a limit, so that its values are bounds
    std::string why_unusable;    ///< of the first
    std::size_t disturbed = 0;   ///< by the machine, which both trials of a pair meet
    std::string why_disturbed;   ///< of the first
    /// Of these, by the hypervisor. Other programs do not count here: a server of the user's own, whose
    /// budget it is, is one of them.
    std::size_t stolen = 0;
    std::string why_stolen;  ///< of the first

    bool mostly_lost() const { return 2 * lost > trials; }
    bool mostly_unusable() const { return 2 * unusable > trials; }
    bool mostly_stolen() const { return 2 * stolen > trials; }
};
struct CellState {
    ArmState base;
    ArmState head;

    /// Neither arm has a client for the work: there is nothing to judge, and nothing is wrong.
    bool unavailable() const {
        const std::size_t trials = base.trials + head.trials;
        return trials > 0 && base.unavailable + head.unavailable == trials;
    }
};
CellState cell_state(const GateEvidence& evidence, std::size_t subject, Batches batches);

/// What a reason speaks against; bits.
enum Blocks : unsigned {
    a_verdict = 1,     ///< any that is not given yet
    a_pass = 2,        ///< also one that was given
    a_fail = 4,        ///< that is not given yet
    a_given_fail = 8,  ///< there is nothing to compare
    a_broken_budget = 16,
    more_pairs_help_no_more = 32,
    that_all_is_there = 64,  ///< a trial was lost
};

/// Why something cannot be concluded of a cell.
struct Obstacle {
    unsigned blocks = 0;  ///< of Blocks
    std::string reason;   ///< a sentence
};

/// What the trials of a cell speak against, those first that speak against most:
/// - other work in an arm, and failed requests of base: there is nothing to compare with;
/// - failed requests of head: no verdict on times, whatever more is measured;
/// - most trials of an arm lost: no verdict yet;
/// - an arm without a client for the work: no verdict, whatever more is measured;
/// - a trial lost: no PASS;
/// - most trials wrong or limited: no PASS, and no absolute time is to be believed. What pairs show to be
///   worse still fails. Otherwise an arm that overloads the machine would hide behind that;
/// - most trials of head disturbed by the hypervisor: no absolute time is to be believed.
std::vector<Obstacle> obstacles(const CellState& state);

/// The first reason against any of `blocks`; empty where there is none.
std::string reason_against(const std::vector<Obstacle>& obstacles, unsigned blocks);

/// What may speak against a verdict that a look gives.
unsigned blocks_of(Verdict verdict);

/// Whether the arms of a cell were answered with as many bytes. Of two builds of a server, nothing else shows
/// that they do the same. The median lengths may differ by 1 %: a time or an id makes an answer longer or
/// shorter by a digit. No trial may lie far off all others, as of a server that at times answers with
/// nothing. A warning that it is wrong, or none.
std::optional<Warning> judge_same_work(const GateEvidence& evidence, std::size_t subject);

/// What makes the measurement of the cells unusable in these batches, as warnings for the result. Failed
/// requests of head are none in the cells that fail by them.
std::vector<Warning> cell_warnings(const GateEvidence& evidence, Batches batches,
                                   const std::vector<bool>& fail_by_errors);

/// That the machine was busy in more than one trial in ten of the first batch: some are on any machine.
std::optional<Warning> machine_warning(const GateEvidence& evidence);

}  // namespace asyncbench
