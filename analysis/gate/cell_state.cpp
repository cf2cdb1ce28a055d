#include "analysis/gate/cell_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analysis/gate/judge_errors.hpp"

namespace asyncbench {
namespace {

/// Of warnings that say that a trial did other work than it was told.
constexpr std::array<std::string_view, 4> codes_of_other_work{"work-mismatch", "other-ids", "wrong-content",
                                                              other_requests_code};

/// Of warnings that say that there is no measurement, although there is a result.
constexpr std::array<std::string_view, 4> codes_of_loss{"elapsed-impossible", "service-time-impossible",
                                                        "crashed-at-exit", "hung-at-exit"};

constexpr std::array<std::string_view, 1> codes_of_errors{"unforeseen-errors"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& codes, const Warning& warning) {
    return std::find(codes.begin(), codes.end(), warning.code) != codes.end();
}

template <typename Predicate>
const Warning* find_warning(const GateSample& sample, Predicate predicate) {
    const auto found = std::find_if(sample.warnings.begin(), sample.warnings.end(), predicate);
    return found == sample.warnings.end() ? nullptr : &*found;
}

template <std::size_t count>
const Warning* with_code(const GateSample& sample, const std::array<std::string_view, count>& codes) {
    return find_warning(sample, [&](const Warning& warning) {
        return warning.kind == WarningKind::wrong && is_one_of(codes, warning);
    });
}

/// A value that is wrong or a bound says nothing of a pair. What disturbed the machine does not spoil one:
/// both of its trials met it, and the control says where that does not hold. Nor does a loop that computes
/// all the time: the arms run the same strategy, and what its loop computes is what changed.
const Warning* of_invalid_pair(const GateSample& sample) {
    return find_warning(sample, [](const Warning& warning) {
        return warning.kind == WarningKind::wrong ||
               (warning.kind == WarningKind::limited && warning.code != "loop-saturated");
    });
}

std::uint64_t count_of(const GateSample& sample, std::string_view metric) {
    constexpr double most = 1e18;  // a foreign program may claim any number
    return static_cast<std::uint64_t>(std::clamp(value_of(sample.metrics, metric).value_or(0), 0.0, most));
}

/// What failed explains that fewer were done.
bool has_other_requests(const GateSample& sample, const GateSubject& subject) {
    return subject.requests > 0 && !sample.deterministic && sample.failure.empty() &&
           count_of(sample, unforeseen_errors_metric) == 0 &&
           count_of(sample, "requests") != subject.requests;
}

void note(std::size_t& count, std::string& first, const std::string& why) {
    if (count++ == 0) first = why;
}

void add(ArmState& state, const GateSample& sample, const GateSubject& subject) {
    ++state.trials;
    const TrialOutcome outcome = outcome_of(sample, subject);
    const std::string why = why_lost(sample, subject);
    if (outcome == TrialOutcome::lost) note(state.lost, state.why_lost, why);
    if (outcome == TrialOutcome::other_work) {
        note(state.other_work, state.why_other_work, why);
    } else {
        state.errors += count_of(sample, unforeseen_errors_metric);
        state.requests += count_of(sample, "requests");
    }
    if (outcome != TrialOutcome::did_the_work) {
        note(state.unusable, state.why_unusable, why);
    } else if (const Warning* warning = of_invalid_pair(sample)) {
        note(state.unusable, state.why_unusable, warning->message);
    }
    if (const Warning* disturbed = find_warning(
            sample, [](const Warning& warning) { return warning.kind == WarningKind::disturbed; })) {
        note(state.disturbed, state.why_disturbed, disturbed->message);
    }
    if (const Warning* steal =
            find_warning(sample, [](const Warning& warning) { return warning.code == "steal"; })) {
        note(state.stolen, state.why_stolen, steal->message);
    }
}

std::string text_of_errors(const ArmState& state, Arm arm) {
    if (state.errors == 0) return {};
    return fmt::format("{} of {} requests of {} failed although the profile asks for no failure.",
                       state.errors, state.requests, name_of(arm));
}

std::string text_of_other_work(const ArmState& state, Arm arm) {
    if (state.other_work == 0) return {};
    return fmt::format("{} did other work than it was told in {} of {} trials; the first: {}", name_of(arm),
                       state.other_work, state.trials, state.why_other_work);
}

std::string text_of_lost(const ArmState& state, Arm arm) {
    if (state.lost == 0) return {};
    return fmt::format("{} of {} trials of {} were lost; the first: {}", state.lost, state.trials,
                       name_of(arm), state.why_lost);
}

std::string text_of_unusable(const ArmState& state, Arm arm) {
    return fmt::format("{} of {} trials of {} are wrong or limited; the first: {}", state.unusable,
                       state.trials, name_of(arm), state.why_unusable);
}

std::string first_of(std::initializer_list<std::string> reasons) {
    for (const std::string& reason : reasons) {
        if (!reason.empty()) return reason;
    }
    return {};
}

/// Where it is more than one trial in ten: some are on any machine.
std::optional<Warning> machine_warning(const GateResult& result) {
    if (result.shape != GateShape::paired) return std::nullopt;
    ArmState all;
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        const CellState state = cell_state(result, subject, {Batch::first});
        for (const ArmState* arm : {&state.base, &state.head}) {
            all.trials += arm->trials;
            all.disturbed += arm->disturbed;
            if (all.why_disturbed.empty()) all.why_disturbed = arm->why_disturbed;
        }
    }
    if (all.disturbed * 10 <= all.trials) return std::nullopt;
    return Warning{
        "machine-disturbed",
        fmt::format("The machine was busy in {} of {} trials. Absolute times are longer by that; verdicts "
                    "rest on pairs, of which both trials met it, and on the control. The first: {}",
                    all.disturbed, all.trials, all.why_disturbed),
        WarningKind::note};
}

}  // namespace

std::string_view name_of(Arm arm) {
    return arm == Arm::base ? "base" : "head";
}

TrialOutcome outcome_of(const GateSample& sample, const GateSubject& subject) {
    if (!sample.failure.empty() || with_code(sample, codes_of_loss) != nullptr) return TrialOutcome::lost;
    if (with_code(sample, codes_of_other_work) != nullptr) return TrialOutcome::other_work;
    if (with_code(sample, codes_of_errors) != nullptr) return TrialOutcome::erred;
    return has_other_requests(sample, subject) ? TrialOutcome::other_work : TrialOutcome::did_the_work;
}

std::string why_lost(const GateSample& sample, const GateSubject& subject) {
    if (!sample.failure.empty()) return sample.failure;
    for (const Warning* warning : {with_code(sample, codes_of_loss), with_code(sample, codes_of_other_work),
                                   with_code(sample, codes_of_errors)}) {
        if (warning != nullptr) return warning->message;
    }
    if (has_other_requests(sample, subject)) {
        return fmt::format("It did {} requests instead of {}.", count_of(sample, "requests"),
                           subject.requests);
    }
    return {};
}

bool did_the_work(const GateSample& sample, const GateSubject& subject) {
    return outcome_of(sample, subject) == TrialOutcome::did_the_work;
}

std::string CellState::not_comparable() const {
    return first_of({text_of_other_work(base, Arm::base), text_of_other_work(head, Arm::head),
                     text_of_errors(base, Arm::base)});
}

std::string CellState::spoiled() const {
    return first_of({not_comparable(), text_of_errors(head, Arm::head)});
}

std::string CellState::not_judged() const {
    return first_of({spoiled(), base.mostly_lost() ? text_of_lost(base, Arm::base) : "",
                     head.mostly_lost() ? text_of_lost(head, Arm::head) : ""});
}

std::string CellState::incomplete() const {
    std::string reason = not_judged();
    if (!reason.empty() || base.lost + head.lost == 0) return reason;
    return fmt::format("No PASS for a cell in which an arm did not do its work: {}",
                       first_of({text_of_lost(head, Arm::head), text_of_lost(base, Arm::base)}));
}

std::string CellState::not_valid() const {
    return first_of({incomplete(), base.mostly_unusable() ? text_of_unusable(base, Arm::base) : "",
                     head.mostly_unusable() ? text_of_unusable(head, Arm::head) : ""});
}

std::string CellState::no_absolute_times() const {
    std::string reason = not_valid();
    if (!reason.empty() || !head.mostly_stolen()) return reason;
    return fmt::format("The machine disturbed {} of {} trials of head; the first: {}", head.stolen,
                       head.trials, head.why_stolen);
}

bool is_of(const GateSample& sample, Batch batch) {
    const bool counted = batch == Batch::counted || batch == Batch::recount;
    const bool confirms = batch == Batch::fresh || batch == Batch::recount;
    return sample.deterministic == counted && sample.confirmation == confirms;
}

CellState cell_state(const GateResult& result, std::size_t subject, std::initializer_list<Batch> batches) {
    CellState state;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != subject) continue;
        if (std::none_of(batches.begin(), batches.end(), [&](Batch batch) { return is_of(sample, batch); })) {
            continue;
        }
        add(sample.arm == Arm::base ? state.base : state.head, sample, result.subjects[subject]);
    }
    return state;
}

namespace {

bool fails_by_errors(const GateResult& result, std::size_t subject) {
    return std::any_of(result.lines.begin(), result.lines.end(), [&](const GateLine& line) {
        return line.subject == subject && is_of_errors(line.rule) && line.verdict == Verdict::fail;
    });
}

/// Of one arm in one cell.
void warn_of(std::vector<Warning>& warnings, const GateSubject& subject, const ArmState& state, Arm arm,
             bool errors_fail) {
    const auto warn = [&](const char* code, const std::string& text, WarningKind kind) {
        warnings.push_back({code, fmt::format("{}: {}", subject.name, text), kind});
    };
    const bool explained = state.errors + state.other_work + state.lost > 0;
    if (state.errors > 0 && !errors_fail) {
        warn(arm == Arm::base ? "base-errors" : "head-errors", text_of_errors(state, arm),
             WarningKind::wrong);
    }
    if (state.other_work > 0) warn("work-differs", text_of_other_work(state, arm), WarningKind::wrong);
    // The control is there to be disturbed: how it moved says what that means.
    if (state.lost > 0)
        warn("trials-lost", text_of_lost(state, arm),
             subject.is_control ? WarningKind::note : WarningKind::wrong);
    if (!subject.is_control && state.mostly_unusable() && !explained) {
        warn("cell-wrong", text_of_unusable(state, arm), WarningKind::wrong);
    }
}

}  // namespace

std::vector<Warning> cell_warnings(const GateResult& result, std::initializer_list<Batch> batches) {
    std::vector<Warning> warnings;
    const bool of_pairs = std::find(batches.begin(), batches.end(), Batch::first) != batches.end();
    if (of_pairs) {
        if (auto disturbed = machine_warning(result)) warnings.push_back(std::move(*disturbed));
    }
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        const CellState state = cell_state(result, subject, batches);
        warn_of(warnings, result.subjects[subject], state.base, Arm::base, false);
        warn_of(warnings, result.subjects[subject], state.head, Arm::head, fails_by_errors(result, subject));
    }
    return warnings;
}

}  // namespace asyncbench
