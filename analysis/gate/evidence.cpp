#include "analysis/gate/evidence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/run_result.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "harness/load/failures.hpp"

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
const Warning* find_warning(const GateTrial& sample, Predicate predicate) {
    const auto found = std::find_if(sample.warnings.begin(), sample.warnings.end(), predicate);
    return found == sample.warnings.end() ? nullptr : &*found;
}

template <std::size_t count>
const Warning* with_code(const GateTrial& sample, const std::array<std::string_view, count>& codes) {
    return find_warning(sample, [&](const Warning& warning) {
        return warning.kind == WarningKind::wrong && is_one_of(codes, warning);
    });
}

/// A value that is wrong or a bound says nothing of a pair. What disturbed the machine does not spoil one:
/// both of its trials met it, and the control says where that does not hold. Nor does a loop that computes
/// all the time: the arms run the same strategy, and what its loop computes is what changed.
const Warning* of_invalid_pair(const GateTrial& sample) {
    return find_warning(sample, [](const Warning& warning) {
        return warning.kind == WarningKind::wrong ||
               (warning.kind == WarningKind::limited && warning.code != "loop-saturated");
    });
}

std::uint64_t count_of(const GateTrial& sample, std::string_view metric) {
    constexpr double most = 1e18;  // a foreign program may claim any number
    return static_cast<std::uint64_t>(std::clamp(value_of(sample.metrics, metric).value_or(0), 0.0, most));
}

/// What failed explains that fewer were done.
bool has_other_requests(const GateTrial& sample, const GateCell& subject) {
    return subject.requests > 0 && !sample.deterministic && sample.failure.empty() &&
           count_of(sample, unforeseen_errors_metric) == 0 &&
           count_of(sample, "requests") != subject.requests;
}

void note(std::size_t& count, std::string& first, const std::string& why) {
    if (count++ == 0) first = why;
}

void add(ArmState& state, const GateTrial& sample, const GateCell& subject) {
    ++state.trials;
    const TrialOutcome outcome = outcome_of(sample, subject);
    const std::string why = why_lost(sample, subject);
    if (outcome == TrialOutcome::lost) note(state.lost, state.why_lost, why);
    if (sample.unavailable()) ++state.unavailable;
    if (outcome == TrialOutcome::other_work) {
        note(state.other_work, state.why_other_work, why);
    } else {
        state.errors += count_of(sample, unforeseen_errors_metric);
        state.failed += sample.errors;
        state.endings += sample.endings;
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
    if (const Warning* redirect =
            find_warning(sample, [](const Warning& warning) { return warning.code == "all-redirect"; })) {
        note(state.redirected, state.why_redirected, redirect->message);
    }
    if (const Warning* steal =
            find_warning(sample, [](const Warning& warning) { return warning.code == "steal"; })) {
        note(state.stolen, state.why_stolen, steal->message);
    }
}

std::string text_of_errors(const ArmState& state, Arm arm) {
    if (state.errors == 0) return {};
    constexpr std::size_t most = 3;
    const auto words = failures_in_words(state.failed, state.endings, most);
    return fmt::format("{} of {} requests of {} failed although the profile asks for no failure{}{}.",
                       state.errors, state.requests, name_of(arm), words.empty() ? "" : ": ",
                       fmt::join(words, "; "));
}

std::string text_of_other_work(const ArmState& state, Arm arm) {
    if (state.other_work == 0) return {};
    return fmt::format("{} did other work than it was told in {} of {} trials; the first: {}", name_of(arm),
                       state.other_work, state.trials, state.why_other_work);
}

std::string text_of_lost(const ArmState& state, Arm arm) {
    if (state.lost == 0) return {};
    if (state.unavailable == state.lost)
        return fmt::format("{} has no client for this work: {}", name_of(arm), state.why_lost);
    return fmt::format("{} of {} trials of {} were lost; the first: {}", state.lost, state.trials,
                       name_of(arm), state.why_lost);
}

std::string text_of_unusable(const ArmState& state, Arm arm) {
    return fmt::format("{} of {} trials of {} are wrong or limited; the first: {}", state.unusable,
                       state.trials, name_of(arm), state.why_unusable);
}

constexpr double most_difference = 0.01;

/// How many median absolute deviations from the median a trial may lie. Of normally distributed lengths none
/// of a hundred million lies as far; where all have the same length, none may differ by more than
/// `most_difference`.
constexpr double most_deviations = 9;

std::vector<double> body_bytes(const GateEvidence& evidence, std::size_t subject, Arm arm) {
    std::vector<double> values;
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (sample->arm != arm || sample->deterministic) continue;
        if (!did_the_work(*sample, evidence.subjects()[subject])) continue;
        if (const auto bytes = value_of(sample->metrics, "response_bytes_per_request"))
            values.push_back(*bytes);
    }
    return values;
}

/// The lengths that a trial of the cell may have.
struct UsualLength {
    double median_bytes;
    double margin;

    bool holds(double bytes) const { return std::abs(bytes - median_bytes) <= margin; }
};

UsualLength usual_length(std::vector<double> values) {
    const double center = median(values);
    for (double& value : values) value = std::abs(value - center);
    return {center, std::max(most_difference * center, most_deviations * median(values))};
}

std::string text_of_medians(double base, double head) {
    return fmt::format("base is answered with {:.6g} bytes a request and head with {:.6g}", base, head);
}

/// Of the first arm with such a trial; empty where there is none.
std::string text_of_unusual(const std::vector<double>& base, const std::vector<double>& head) {
    std::vector<double> all = base;
    all.insert(all.end(), head.begin(), head.end());
    const UsualLength usual = usual_length(std::move(all));
    const auto unusual = [&](double bytes) { return !usual.holds(bytes); };
    for (const auto& [arm, values] : {std::pair(Arm::base, &base), {Arm::head, &head}}) {
        const auto first = std::find_if(values->begin(), values->end(), unusual);
        if (first == values->end()) continue;
        return fmt::format(
            "{} is answered with {:.6g} bytes a request in {} of its {} trials, where {:.6g} are usual",
            name_of(arm), *first, std::count_if(first, values->end(), unusual), values->size(),
            usual.median_bytes);
    }
    return {};
}

/// Of one arm in one cell.
void warn_of(std::vector<Warning>& warnings, const GateCell& subject, const ArmState& state, Arm arm,
             bool errors_fail) {
    const auto warn = [&](const char* code, const std::string& text, WarningKind kind) {
        warnings.push_back({code, fmt::format("{}: {}", subject.name, text), kind});
    };
    const bool explained = state.errors + state.other_work + state.lost > 0;
    if (state.errors > 0 && !errors_fail) {
        warn(arm == Arm::base ? "base-errors" : "head-errors", text_of_errors(state, arm),
             WarningKind::wrong);
    }
    if (state.redirected > 0) warn("all-redirect", state.why_redirected, WarningKind::note);
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

std::string_view name_of(Arm arm) {
    return arm == Arm::base ? "base" : "head";
}

GateTrial gate_sample(Trial trial) {
    GateTrial sample{without_histograms(std::move(trial))};
    if (sample.failure.empty()) {
        sample.metrics[std::string(unforeseen_errors_metric)] = {
            static_cast<double>(sample.errors.unforeseen), {}};
    }
    return sample;
}

TrialOutcome outcome_of(const GateTrial& sample, const GateCell& subject) {
    if (!sample.failure.empty() || with_code(sample, codes_of_loss) != nullptr) return TrialOutcome::lost;
    if (with_code(sample, codes_of_other_work) != nullptr) return TrialOutcome::other_work;
    if (with_code(sample, codes_of_errors) != nullptr) return TrialOutcome::erred;
    return has_other_requests(sample, subject) ? TrialOutcome::other_work : TrialOutcome::did_the_work;
}

std::string why_lost(const GateTrial& sample, const GateCell& subject) {
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

bool did_the_work(const GateTrial& sample, const GateCell& subject) {
    return outcome_of(sample, subject) == TrialOutcome::did_the_work;
}

bool is_of(const GateTrial& sample, Batch batch) {
    const bool counted = batch == Batch::counted || batch == Batch::recount;
    const bool confirms = batch == Batch::fresh || batch == Batch::recount;
    return sample.deterministic == counted && sample.confirmation == confirms;
}

bool is_of(const GateTrial& sample, Batches batches) {
    return std::any_of(batches.begin(), batches.end(), [&](Batch batch) { return is_of(sample, batch); });
}

GateEvidence::GateEvidence(std::span<const GateCell> subjects, std::span<const GateTrial> samples)
    : subjects_(subjects), samples_(subjects.size()) {
    for (const GateTrial& sample : samples) samples_[sample.subject].push_back(&sample);
}

GateEvidence GateEvidence::at_look(std::size_t pairs) const {
    GateEvidence then = *this;
    for (auto& samples : then.samples_) {
        std::erase_if(samples, [&](const GateTrial* sample) {
            return !is_of(*sample, Batch::first) || sample->repetition >= pairs;
        });
    }
    return then;
}

CellState cell_state(const GateEvidence& evidence, std::size_t subject, Batches batches) {
    CellState state;
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (is_of(*sample, batches))
            add(sample->arm == Arm::base ? state.base : state.head, *sample, evidence.subjects()[subject]);
    }
    return state;
}

std::vector<Obstacle> obstacles(const CellState& state) {
    std::vector<Obstacle> found;
    const auto note = [&](unsigned blocks, std::string reason) {
        if (!reason.empty()) found.push_back({blocks, std::move(reason)});
    };
    constexpr unsigned new_verdicts = a_verdict | a_pass | a_fail | a_broken_budget;
    const auto& [base, head] = state;
    constexpr unsigned for_good = new_verdicts | more_pairs_help_no_more;
    note(for_good | a_given_fail, text_of_other_work(base, Arm::base));
    note(for_good | a_given_fail, text_of_other_work(head, Arm::head));
    note(for_good | a_given_fail, text_of_errors(base, Arm::base));
    note(for_good, text_of_errors(head, Arm::head));
    for (const auto& [lost, arm] : {std::pair(&base, Arm::base), {&head, Arm::head}}) {
        if (!lost->mostly_lost()) continue;
        note(lost->unavailable == lost->trials ? for_good : new_verdicts, text_of_lost(*lost, arm));
    }
    if (base.lost + head.lost > 0) {
        const std::string lost =
            text_of_lost(head.lost > 0 ? head : base, head.lost > 0 ? Arm::head : Arm::base);
        note(a_pass | that_all_is_there, "No PASS for a cell in which an arm did not do its work: " + lost);
    }
    if (base.mostly_unusable()) note(a_pass, text_of_unusable(base, Arm::base));
    if (head.mostly_unusable()) note(a_pass | a_broken_budget, text_of_unusable(head, Arm::head));
    if (head.mostly_stolen()) {
        note(a_broken_budget, fmt::format("The machine disturbed {} of {} trials of head; the first: {}",
                                          head.stolen, head.trials, head.why_stolen));
    }
    return found;
}

std::string reason_against(const std::vector<Obstacle>& obstacles, unsigned blocks) {
    const auto found = std::find_if(obstacles.begin(), obstacles.end(),
                                    [&](const Obstacle& each) { return (each.blocks & blocks) != 0; });
    return found == obstacles.end() ? std::string() : found->reason;
}

unsigned blocks_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return a_verdict | a_pass;
        case Verdict::fail:
            return a_verdict | a_fail;
        case Verdict::inconclusive:
            break;
    }
    return a_verdict;
}

std::string why_unknown(const GateTrial& sample, std::string_view metric) {
    const auto found = sample.metrics.find(metric);
    if (found == sample.metrics.end()) return "its trials do not say";
    if (found->second.value) return fmt::format("it is {:g}, below 0", *found->second.value);
    return found->second.reason;
}

std::optional<Warning> judge_same_work(const GateEvidence& evidence, std::size_t subject) {
    const auto base = body_bytes(evidence, subject, Arm::base);
    const auto head = body_bytes(evidence, subject, Arm::head);
    if (base.empty() || head.empty()) return std::nullopt;
    const double base_bytes = median(base);
    const double head_bytes = median(head);
    const bool as_many = std::abs(head_bytes - base_bytes) <= most_difference * base_bytes;
    const std::string difference =
        as_many ? text_of_unusual(base, head) : text_of_medians(base_bytes, head_bytes);
    if (difference.empty()) return std::nullopt;
    return Warning{"work-differs",
                   fmt::format("{}: {}, so that the two do not do the same. Ask for a path that both answer "
                               "alike.",
                               evidence.subjects()[subject].name, difference),
                   WarningKind::wrong};
}

std::vector<Warning> cell_warnings(const GateEvidence& evidence, Batches batches,
                                   const std::vector<bool>& fail_by_errors) {
    std::vector<Warning> warnings;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        const CellState state = cell_state(evidence, subject, batches);
        if (state.unavailable()) {
            const ArmState& arm = state.base.trials > 0 ? state.base : state.head;
            warnings.push_back({std::string(unavailable_code),
                                fmt::format("{} is unavailable and not compared: {}",
                                            evidence.subjects()[subject].name, arm.why_lost),
                                WarningKind::note});
            continue;
        }
        warn_of(warnings, evidence.subjects()[subject], state.base, Arm::base, false);
        warn_of(warnings, evidence.subjects()[subject], state.head, Arm::head, fail_by_errors[subject]);
    }
    return warnings;
}

std::optional<Warning> machine_warning(const GateEvidence& evidence) {
    ArmState all;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        const CellState state = cell_state(evidence, subject, {Batch::first});
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

}  // namespace asyncbench
