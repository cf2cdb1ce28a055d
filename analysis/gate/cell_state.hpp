#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// How many requests failed in a trial although the profile asked for no failure: the gate adds it to the
/// metrics of each sample.
inline constexpr std::string_view unforeseen_errors_metric = "unforeseen_errors";

/// The code of the warning on a counted trial that did another number of requests than it was told. Of trials
/// in pairs the number in GateSubject says so.
inline constexpr std::string_view other_requests_code = "other-requests";

std::string_view name_of(Arm arm);  ///< `base`, `head`

/// What a trial was, apart from its numbers.
enum class TrialOutcome {
    did_the_work,  ///< or was disturbed by the machine; a few of its requests may have failed
    lost,          ///< crashed, hung, or told what cannot be
    erred,         ///< so many requests failed that the speed of failing was measured
    other_work,    ///< than it was told, or than its target saw
};
TrialOutcome outcome_of(const GateSample& sample, const GateSubject& subject);

/// Why a trial did not do the work, or other work than the trials of its cell; empty where it did.
std::string why_lost(const GateSample& sample, const GateSubject& subject);

/// Whether a trial did the work, the same as others of its cell, so that its times mean something. Where the
/// machine disturbed it, it did: left out by what happened to it, an arm would choose its own sample.
bool did_the_work(const GateSample& sample, const GateSubject& subject);

/// What the trials of one arm in one cell were, apart from their times.
struct ArmState {
    std::size_t trials = 0;
    std::size_t lost = 0;
    std::string why_lost;        ///< of the first
    std::size_t other_work = 0;  ///< trials
    std::string why_other_work;  ///< of the first
    std::uint64_t errors = 0;    ///< unforeseen, over all trials but those of other work
    std::uint64_t requests = 0;  ///< over the same
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

/// Each function says why in a sentence, or nothing where there is no reason; each gives the reasons of the
/// one before it, too.
struct CellState {
    ArmState base;
    ArmState head;

    /// No verdict, and a FAIL that was given does not stand: an arm did other work in a trial, or base's
    /// requests failed, so that there is nothing to compare with.
    std::string not_comparable() const;
    /// No verdict, whatever more is measured: head's requests failed. Takes back no FAIL.
    std::string spoiled() const;
    /// No verdict as it is: most trials of an arm were lost, of which more might still make a minority.
    std::string not_judged() const;
    /// No PASS: an arm lost a trial.
    std::string incomplete() const;
    /// No PASS: most trials of an arm are wrong. What pairs show to be worse still fails, or an arm that
    /// overloads the machine would hide behind that.
    std::string not_valid() const;
    /// No FAIL of a budget: the hypervisor disturbed most trials of head, of which no absolute time is to be
    /// believed.
    std::string no_absolute_times() const;
};

/// The trials of a gate.
enum class Batch {
    first,    ///< in pairs, until it was decided
    fresh,    ///< in pairs, to confirm what failed
    counted,  ///< of the counted runs
    recount,  ///< of the counted runs, to confirm what failed
};
inline constexpr std::initializer_list<Batch> all_batches{Batch::first, Batch::fresh, Batch::counted,
                                                          Batch::recount};
bool is_of(const GateSample& sample, Batch batch);

CellState cell_state(const GateResult& result, std::size_t subject, std::initializer_list<Batch> batches);

/// What makes the measurement of the cells unusable in these batches, as warnings for the result. Errors of
/// head are none where a line fails by them.
std::vector<Warning> cell_warnings(const GateResult& result, std::initializer_list<Batch> batches);

}  // namespace asyncbench
