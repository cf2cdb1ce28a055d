#include "harness/gate/cell_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace asyncbench {
namespace {

/// Of warnings that say that a trial did not do what it was to do.
constexpr std::array<std::string_view, 5> codes_of_other_work{"work-mismatch", "other-ids", "wrong-content",
                                                              "unforeseen-errors", "elapsed-impossible"};

/// Of warnings that make a trial's absolute times worthless and not the ratio of a pair: both of its trials
/// met the same machine, and the control says where that does not hold.
constexpr std::array<std::string_view, 2> codes_of_the_machine{"target-late", "steal"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& codes, const Warning& warning) {
    return std::find(codes.begin(), codes.end(), warning.code) != codes.end();
}

template <typename Predicate>
const Warning* find_invalidating(const GateSample& sample, Predicate predicate) {
    const auto found =
        std::find_if(sample.warnings.begin(), sample.warnings.end(),
                     [&](const Warning& warning) { return warning.invalidates && predicate(warning); });
    return found == sample.warnings.end() ? nullptr : &*found;
}

const Warning* of_disturbed_machine(const GateSample& sample) {
    return find_invalidating(sample,
                             [](const Warning& warning) { return is_one_of(codes_of_the_machine, warning); });
}

const Warning* of_invalid_pair(const GateSample& sample) {
    return find_invalidating(
        sample, [](const Warning& warning) { return !is_one_of(codes_of_the_machine, warning); });
}

const Warning* of_other_work(const GateSample& sample) {
    return find_invalidating(sample,
                             [](const Warning& warning) { return is_one_of(codes_of_other_work, warning); });
}

std::uint64_t count_of(const GateSample& sample, std::string_view metric) {
    return static_cast<std::uint64_t>(value_of(sample.metrics, metric).value_or(0));
}

bool has_other_requests(const GateSample& sample, const GateSubject& subject) {
    return subject.requests > 0 && sample.failure.empty() && count_of(sample, "requests") != subject.requests;
}

void add(ArmState& state, const GateSample& sample, const GateSubject& subject) {
    ++state.trials;
    const std::string lost = why_lost(sample, subject);
    if (!lost.empty()) {
        if (state.lost++ == 0) state.why_lost = lost;
    }
    const Warning* warning = of_invalid_pair(sample);
    if (!lost.empty()) {
        if (state.invalid++ == 0) state.why_invalid = lost;
    } else if (warning != nullptr) {
        if (state.invalid++ == 0) state.why_invalid = warning->message;
    }
    if (const Warning* disturbed = of_disturbed_machine(sample)) {
        if (state.disturbed++ == 0) state.why_disturbed = disturbed->message;
    }
    state.errors += count_of(sample, unforeseen_errors_metric);
    state.requests += count_of(sample, "requests");
    state.other_requests |= has_other_requests(sample, subject);
}

std::string spoiled_by(const ArmState& state, Arm arm) {
    if (state.errors > 0) {
        return fmt::format("{} of {} requests of {} failed although the profile asks for no failure.",
                           state.errors, state.requests, name_of(arm));
    }
    if (state.other_requests) {
        return fmt::format("{} did other work than it was told: {}", name_of(arm), state.why_lost);
    }
    return {};
}

std::string mostly_invalid(const ArmState& state, Arm arm) {
    if (!state.mostly_invalid()) return {};
    return fmt::format("{} of {} trials of {} are not valid; the first: {}", state.invalid, state.trials,
                       name_of(arm), state.why_invalid);
}

std::string some_lost(const ArmState& state, Arm arm) {
    return fmt::format("{} of {} trials of {} did not do the work; the first: {}", state.lost, state.trials,
                       name_of(arm), state.why_lost);
}

/// Where it is more than one trial in ten: some are on any machine.
std::optional<Warning> machine_warning(const GateResult& result) {
    ArmState all;
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        const CellState state = cell_state(result, subject, false);
        for (const ArmState* arm : {&state.base, &state.head}) {
            all.trials += arm->trials;
            all.disturbed += arm->disturbed;
            if (all.why_disturbed.empty()) all.why_disturbed = arm->why_disturbed;
        }
    }
    if (all.disturbed * 10 <= all.trials) return std::nullopt;
    return Warning{
        "machine-disturbed",
        fmt::format("The machine disturbed {} of {} trials. Absolute times are too long by that; verdicts "
                    "rest on pairs, of which both trials met it, and on the control. The first: {}",
                    all.disturbed, all.trials, all.why_disturbed),
        false};
}

}  // namespace

std::string_view name_of(Arm arm) {
    return arm == Arm::base ? "base" : "head";
}

std::string why_lost(const GateSample& sample, const GateSubject& subject) {
    if (!sample.failure.empty()) return sample.failure;
    if (const Warning* warning = of_other_work(sample)) return warning->message;
    if (has_other_requests(sample, subject)) {
        return fmt::format("It did {} requests instead of {}.", count_of(sample, "requests"),
                           subject.requests);
    }
    return {};
}

bool did_the_work(const GateSample& sample, const GateSubject& subject) {
    return why_lost(sample, subject).empty();
}

std::string CellState::spoiled() const {
    std::string reason = spoiled_by(base, Arm::base);
    return reason.empty() ? spoiled_by(head, Arm::head) : reason;
}

std::string CellState::not_judged() const {
    std::string reason = spoiled();
    if (!reason.empty()) return reason;
    if (base.mostly_lost()) return some_lost(base, Arm::base);
    return head.mostly_lost() ? some_lost(head, Arm::head) : "";
}

std::string CellState::not_valid() const {
    std::string reason = mostly_invalid(base, Arm::base);
    return reason.empty() ? mostly_invalid(head, Arm::head) : reason;
}

std::string CellState::no_absolute_times() const {
    std::string reason = not_valid();
    if (!reason.empty() || !head.mostly_disturbed()) return reason;
    return fmt::format("The machine disturbed {} of {} trials of head; the first: {}", head.disturbed,
                       head.trials, head.why_disturbed);
}

CellState cell_state(const GateResult& result, std::size_t subject, bool confirmation) {
    CellState state;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != subject || sample.deterministic || sample.confirmation != confirmation) {
            continue;
        }
        add(sample.arm == Arm::base ? state.base : state.head, sample, result.subjects[subject]);
    }
    return state;
}

std::vector<Warning> cell_warnings(const GateResult& result) {
    std::vector<Warning> warnings;
    if (auto disturbed = machine_warning(result)) warnings.push_back(std::move(*disturbed));
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        const CellState state = cell_state(result, subject, false);
        const std::string& name = result.subjects[subject].name;
        // The control is there to be disturbed: how it moved says what that means.
        const bool judged = !result.subjects[subject].is_control;
        const auto warn = [&](const char* code, const std::string& text, bool invalidates) {
            if (!text.empty()) {
                warnings.push_back({code, fmt::format("{}: {}", name, text), invalidates});
            }
        };
        warn("base-errors", state.base.errors > 0 ? spoiled_by(state.base, Arm::base) : "", true);
        for (const auto& [arm_state, arm] :
             {std::pair{&state.base, Arm::base}, std::pair{&state.head, Arm::head}}) {
            if (arm_state->other_requests && arm_state->errors == 0) {
                warn("work-differs", spoiled_by(*arm_state, arm), true);
            } else if (judged && arm_state->mostly_invalid() &&
                       (arm == Arm::base || arm_state->errors == 0)) {
                warn("cell-invalid", mostly_invalid(*arm_state, arm), true);
            } else if (arm_state->lost > 0 && arm_state->errors == 0) {
                warn("trials-lost", some_lost(*arm_state, arm), false);
            }
        }
    }
    return warnings;
}

}  // namespace asyncbench
