#include "analysis/gate/unpaired_gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/compare/few_warnings.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/judge_unpaired.hpp"
#include "analysis/gate/paired_values.hpp"
#include "async/errors.hpp"

namespace asyncbench {
namespace {

std::string names_of(const UnpairedGatePlan& plan) {
    return fmt::format("{} and {}", plan.base.source, plan.head.source);
}

void require_same_work(const UnpairedGatePlan& plan) {
    if (plan.base.work != plan.head.work) {
        throw Error(
            fmt::format("{} did different work, which cannot be compared: {}. Measure both with the same "
                        "scenario.",
                        names_of(plan), difference_of_work(plan.base.work, plan.head.work)));
    }
    std::set<std::string_view> names_of_base;
    for (const MeasuredCell& cell : plan.base.cells) names_of_base.insert(cell.name);
    const bool common =
        std::any_of(plan.head.cells.begin(), plan.head.cells.end(),
                    [&](const MeasuredCell& cell) { return names_of_base.contains(cell.name); });
    if (!common) throw Error(fmt::format("{} have nothing in common to compare.", names_of(plan)));
}

void require_one_machine(const UnpairedGatePlan& plan) {
    const auto differences = environment_differences(plan.base.environment, plan.head.environment);
    if (plan.different_machines || !are_different_machines(differences)) return;
    throw Error(
        fmt::format("{} come from two machines, whose times say nothing of each other's programs: {}. "
                    "Measure both on one, or, if you know better, give --different-machine.",
                    names_of(plan), text_of(differences)));
}

void compare_machines(const UnpairedGatePlan& plan, GateResult& result) {
    result.environment_differences = environment_differences(plan.base.environment, plan.head.environment);
    if (!know_their_machines(plan.base.environment, plan.head.environment)) {
        result.warnings.push_back(
            {"machine-unknown",
             fmt::format("Whether {} come from one machine is not known: one of them does not say. Of two "
                         "machines, times say nothing.",
                         names_of(plan)),
             WarningKind::note});
    }
    if (!are_different_machines(result.environment_differences)) return;
    result.warnings.push_back(
        {"different-machines",
         "Base and head come from two machines: " + text_of(result.environment_differences) + ".",
         WarningKind::note});
}

/// Those of single subjects are told where they are judged.
void add_warnings_of(const MeasuredValues& side, GateResult& result) {
    for (Warning warning : side.warnings) {
        warning.kind = WarningKind::note;
        const auto& known = result.warnings;
        if (std::find(known.begin(), known.end(), warning) == known.end()) {
            result.warnings.push_back(std::move(warning));
        }
    }
}

void warn_of_rules_for_other_files(const UnpairedGatePlan& plan, const FileSide& base, GateResult& result) {
    std::vector<std::string> metrics;
    for (const MetricRule& rule : plan.rules.metrics) {
        if (is_for_other_files(rule, base) && !rule.if_known) metrics.push_back(rule.metric);
    }
    if (metrics.empty()) return;
    result.warnings.push_back(
        {"rules-not-used",
         fmt::format("The configuration asks for what only {} tell, so that it decides nothing here: {}.",
                     base.is_of_trials() ? "files of other programs" : "results of asyncbench",
                     fmt::join(metrics, ", ")),
         WarningKind::note});
}

/// It did the work, and is wrong all the same.
bool is_left_out(const GateTrial& sample, const GateCell& subject) {
    return did_the_work(sample, subject) && has(sample.warnings, WarningKind::wrong);
}

GateTrial sample_of(const MeasuredCell& cell, const Trial& trial) {
    return cell.is_of_trials() ? gate_sample(trial) : GateTrial{trial};
}

void add_samples(GateResult& result, std::size_t subject, Arm arm, const MeasuredCell& cell) {
    for (const Trial& trial : cell.measured) {
        GateTrial sample = sample_of(cell, trial);
        if (is_left_out(sample, result.subjects[subject])) continue;
        sample.subject = subject;
        sample.arm = arm;
        sample.order = static_cast<std::uint32_t>(result.samples.size());
        result.samples.push_back(std::move(sample));
    }
}

/// Every subject of base and head, base's first, with its trials. One that did the work and is wrong all the
/// same is left out, and a warning says so. One that was lost, or did other work, stays: no arm may choose
/// its sample by what became of it.
void add_subjects(GateResult& result, const FileSide& base, const FileSide& head) {
    std::size_t trials = 0;
    for (const FileSide* side : {&base, &head}) {
        for (const MeasuredCell& cell : side->file().cells) trials += cell.measured.size();
    }
    result.samples.reserve(trials);
    const auto add = [&](const MeasuredCell& cell) {
        const std::size_t index = result.subjects.size();
        result.subjects.push_back({cell.name, cell.strategy.text(), cell.concurrency, false, cell.requests});
        for (const auto& [side, arm] : {std::pair{&base, Arm::base}, {&head, Arm::head}}) {
            if (const MeasuredCell* found = side->find(cell.name)) add_samples(result, index, arm, *found);
        }
    };
    for (const MeasuredCell& cell : base.file().cells) add(cell);
    for (const MeasuredCell& cell : head.file().cells) {
        if (base.find(cell.name) == nullptr) add(cell);
    }
}

void warn_of_left_out(std::vector<Warning>& warnings, const GateCell& subject, const MeasuredCell& cell,
                      const std::string& source) {
    std::size_t count = 0;
    std::string first;
    for (const Trial& trial : cell.measured) {
        if (!has(trial.warnings, WarningKind::wrong)) continue;  // spares to copy it
        if (!is_left_out(sample_of(cell, trial), subject) || count++ > 0) continue;
        const auto why =
            std::find_if(trial.warnings.begin(), trial.warnings.end(),
                         [](const Warning& warning) { return warning.kind == WarningKind::wrong; });
        first = why->message;
    }
    if (count == 0) return;
    warnings.push_back({"trials-left-out",
                        fmt::format("{} of {}: {} of {} trials are wrong and left out; the first: {}",
                                    subject.name, source, count, cell.measured.size(), first),
                        WarningKind::note});
}

/// A benchmark's repetitions have no findings of which cell_warnings() could tell.
void warn_of_benchmark(std::vector<Warning>& warnings, const MeasuredCell& cell) {
    if (cell.is_of_trials()) return;
    std::copy_if(cell.warnings.begin(), cell.warnings.end(), std::back_inserter(warnings),
                 [](const Warning& warning) { return warning.kind != WarningKind::wrong; });
}

std::string why_wrong(const MeasuredCell& cell) {
    for (const Warning& warning : cell.warnings) {
        if (warning.kind == WarningKind::wrong) return warning.message;
    }
    return "too few of its trials are.";
}

bool is_explained(const ArmState& state) {
    return state.lost + state.other_work + state.errors > 0 || state.mostly_unusable();
}

void warn_of_invalid(std::vector<Warning>& warnings, const MeasuredCell& cell, const ArmState& state,
                     const std::string& source) {
    if (cell.usable() || is_explained(state)) return;
    warnings.push_back({"cell-wrong",
                        fmt::format("{} of {} is wrong: {}", cell.name, source, why_wrong(cell)),
                        WarningKind::wrong});
}

/// What is to be known of the subjects: what only one of the two has, what is wrong, what was left out.
std::vector<Warning> subject_warnings(const GateEvidence& evidence, const FileSide& base,
                                      const FileSide& head) {
    std::vector<Warning> warnings;
    for (std::size_t index = 0; index < evidence.subjects().size(); ++index) {
        const GateCell& subject = evidence.subjects()[index];
        const CellState state = cell_state(evidence, index, {Batch::first});
        for (const auto& [side, arm] : {std::pair{&base, &state.base}, {&head, &state.head}}) {
            const MeasuredCell* cell = side->find(subject.name);
            if (cell == nullptr) continue;
            warn_of_invalid(warnings, *cell, *arm, side->source());
            warn_of_left_out(warnings, subject, *cell, side->source());
            warn_of_benchmark(warnings, *cell);
        }
        if (base.find(subject.name) != nullptr) continue;
        warnings.push_back({"only-in-head",
                            fmt::format("{} is new: base has nothing to compare it with.", subject.name),
                            WarningKind::note});
    }
    return base.is_of_trials() ? warnings : few_of_each(std::move(warnings));
}

/// What is to be known of the gate as a whole; `widest` is the most that a tolerance grew.
std::string text_of_not_paired(double widest) {
    std::string text =
        "Base and head were measured at different times, without a control: what the machine did meanwhile "
        "counts as a change, so that this is weaker than --base CMD --head CMD, which measures in turns.";
    if (widest > 0) {
        text +=
            fmt::format(" Tolerances grew by up to {:.1f} %, by which the stored values varied themselves.",
                        100 * widest);
    }
    return text;
}

std::vector<BudgetLine> judged_budgets(const GateRules& rules, const GateEvidence& evidence) {
    std::vector<BudgetLine> lines;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        if (cell_state(evidence, subject, {Batch::first}).unavailable()) continue;
        for (const Budget& budget : rules.budgets) {
            lines.push_back(judge_budget({subject, budget, unknown_estimate(), Verdict::inconclusive, ""},
                                         evidence, confidence_for(rules.looks.alpha)));
        }
    }
    return lines;
}

}  // namespace

void require_comparable(const UnpairedGatePlan& plan) {
    require_same_work(plan);
    require_one_machine(plan);
}

GateResult judge_unpaired(const UnpairedGatePlan& plan) {
    check(plan.rules);
    require_comparable(plan);
    GateResult result;
    result.shape = plan.shape;
    result.base.program = plan.base.source;
    result.head.program = plan.head.source;
    result.environment = plan.head.environment;
    result.rules = plan.rules;
    compare_machines(plan, result);
    for (const MeasuredValues* side : {&plan.base, &plan.head}) add_warnings_of(*side, result);

    const FileSide base(plan.base);
    const FileSide head(plan.head);
    add_subjects(result, base, head);
    const GateEvidence evidence(result.subjects, result.samples);
    UnpairedLines judged = judge_unpaired_lines(result.rules, result.shape, evidence, base, head);
    result.lines = std::move(judged.lines);
    warn_of_rules_for_other_files(plan, base, result);
    result.budgets = judged_budgets(result.rules, evidence);
    const std::vector<bool> errors_fail = fail_by_errors(result.lines, result.subjects.size());
    for (const auto& warnings :
         {subject_warnings(evidence, base, head), cell_warnings(evidence, {Batch::first}, errors_fail)})
        result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
    result.warnings.push_back({"not-paired", text_of_not_paired(judged.widest), WarningKind::note});
    return result;
}

}  // namespace asyncbench
