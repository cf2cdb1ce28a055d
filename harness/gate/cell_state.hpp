#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/gate/gate_result.hpp"

namespace asyncbench {

/// How many requests failed in a trial although the profile asked for no failure: the gate adds it to the
/// metrics of each sample.
inline constexpr std::string_view unforeseen_errors_metric = "unforeseen_errors";

std::string_view name_of(Arm arm);  ///< `base`, `head`

/// Why a trial did not do the work, or other work than the trials of its cell; empty where it did.
std::string why_lost(const GateSample& sample, const GateSubject& subject);

/// Whether a trial did the work, the same as others of its cell, so that its times mean something. Where the
/// machine disturbed it, it did: left out by what happened to it, an arm would choose its own sample.
bool did_the_work(const GateSample& sample, const GateSubject& subject);

/// What the trials of one arm in one cell were, apart from their times.
struct ArmState {
    std::size_t trials = 0;
    std::size_t lost = 0;         ///< that did not do the work
    std::string why_lost;         ///< of the first
    std::size_t invalid = 0;      ///< lost, or with a warning that invalidates even the ratio of a pair
    std::string why_invalid;      ///< of the first
    std::size_t disturbed = 0;    ///< by the machine, which both trials of a pair meet
    std::string why_disturbed;    ///< of the first
    std::uint64_t errors = 0;     ///< unforeseen, over all trials
    std::uint64_t requests = 0;   ///< over all trials
    bool other_requests = false;  ///< a trial had another number of requests than it was to have

    bool mostly_lost() const { return 2 * lost > trials; }
    bool mostly_invalid() const { return 2 * invalid > trials; }
    bool mostly_disturbed() const { return 2 * disturbed > trials; }
};

struct CellState {
    ArmState base;
    ArmState head;

    /// Why nothing can be said of times in this cell, whatever more is measured; empty where it can.
    std::string spoiled() const;
    /// The same, or that most trials of an arm were lost, of which more might still make a minority.
    std::string not_judged() const;
    /// That most trials of an arm are not valid. Keeps the cell from passing; what pairs show to be worse
    /// still fails, or an arm that overloads the machine would hide behind that.
    std::string not_valid() const;
    /// The same, or that the machine disturbed most trials of head: no absolute time of it is to be believed.
    std::string no_absolute_times() const;
};

/// Of the trials measured first, or of those that confirm. The deterministic lane's are not counted.
CellState cell_state(const GateResult& result, std::size_t subject, bool confirmation);

/// What makes the measurement of the cells invalid, as warnings for the result.
std::vector<Warning> cell_warnings(const GateResult& result);

}  // namespace asyncbench
