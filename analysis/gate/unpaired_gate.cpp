#include "analysis/gate/unpaired_gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate/judge_budget.hpp"
#include "analysis/gate/line_text.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/gate/unpaired_lines.hpp"
#include "analysis/gate/unpaired_subjects.hpp"
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
    const bool common = std::any_of(
        plan.base.subjects.begin(), plan.base.subjects.end(),
        [&](const MeasuredSubject& subject) { return find_subject(plan.head, subject.name) != nullptr; });
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

void warn_of_rules_for_other_files(const UnpairedGatePlan& plan, GateResult& result) {
    std::vector<std::string> metrics;
    for (const MetricRule& rule : plan.rules.metrics) {
        if (is_for_other_files(rule, plan.base) && !rule.if_known) metrics.push_back(rule.metric);
    }
    if (metrics.empty()) return;
    result.warnings.push_back(
        {"rules-not-used",
         fmt::format("The configuration asks for what only {} tell, so that it decides nothing here: {}.",
                     is_of_trials(plan.base) ? "files of other programs" : "results of asyncbench",
                     fmt::join(metrics, ", ")),
         WarningKind::note});
}

void judge_budgets(GateResult& result) {
    const double confidence = std::max(1 - 2 * result.rules.looks.alpha, least_confidence_to_pass);
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        for (const Budget& budget : result.rules.budgets) {
            BudgetLine line{subject, budget, unknown_estimate(), Verdict::inconclusive, ""};
            update_budget(line, result, confidence);
            judge_budget(line, result);
            result.budgets.push_back(std::move(line));
        }
    }
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
    add_subjects(result, plan.base, plan.head);
    const double widest = judge_unpaired_lines(result, plan.base, plan.head);
    warn_of_rules_for_other_files(plan, result);
    judge_budgets(result);
    add_subject_warnings(result, plan.base, plan.head);
    result.warnings.push_back({"not-paired", text_of_not_paired(widest), WarningKind::note});
    return result;
}

}  // namespace asyncbench
