#include "reports/text/load_answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/load/failures.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

bool is_measured_load(const Trial& trial) {
    return trial.load.has_value() && trial.spec.load.has_value() && trial.failure.empty();
}

bool is_open(const Trial& trial) {
    return trial.spec.plan.kind == PlanKind::open;
}

/// What failed of that class alone, in words.
std::vector<std::string> reasons_of(ErrorClass error, const ErrorCounts& errors, const Endings& endings,
                                    std::size_t most) {
    ErrorCounts alone;
    alone.*counter_of(error) = count_of(errors, error);
    Endings own;
    if (error == ErrorClass::status) own.statuses = endings.statuses;
    std::copy_if(endings.reasons.begin(), endings.reasons.end(), std::back_inserter(own.reasons),
                 [&](const FailureReason& reason) { return reason.error == error; });
    return failures_in_words(alone, own, most);
}

}  // namespace

const Trial* load_trial(const RunResult& run) {
    if (!run.scenario.load || run.scenario.concurrency.empty()) return nullptr;
    const auto keeps_goals = [&](const Trial& trial) {
        return is_measured_load(trial) &&
               std::all_of(run.scenario.goals.begin(), run.scenario.goals.end(),
                           [&](const Threshold& goal) { return goal.holds(trial); });
    };
    auto found = std::find_if(run.trials.begin(), run.trials.end(), keeps_goals);
    if (found == run.trials.end())
        found = std::find_if(run.trials.begin(), run.trials.end(), is_measured_load);
    return found == run.trials.end() ? nullptr : &*found;
}

std::string human_value(const Threshold& threshold, double value) {
    if (threshold.unit() == "ns") return human_time(value);
    if (threshold.unit() == "share") return human_percent(value);
    return human_number(value);
}

std::vector<CheckedThreshold> checked_thresholds(const RunResult& run) {
    const Trial& trial = *load_trial(run);
    std::vector<CheckedThreshold> checked;
    for (const Threshold& threshold : run.scenario.thresholds) {
        const auto value = threshold.value_in(trial);
        checked.push_back(
            {fmt::format("{} ({})", threshold.text(), value ? human_value(threshold, *value) : "not known"),
             threshold.holds(trial)});
    }
    return checked;
}

std::string search_sentence(const RunResult& run) {
    const RateSearchResult& search = *run.search;
    const std::string goals = fmt::format("{}", fmt::join(search.goals, " and "));
    const bool limited = std::any_of(search.steps.begin(), search.steps.end(),
                                     [](const RateStep& step) { return !step.holds && step.limited; });
    const std::string begin = run.interrupted ? "Interrupted. " : "";
    if (!search.highest_held) return fmt::format("{}No rate was found that keeps to {}.", begin, goals);
    if (!search.lowest_broken)
        return fmt::format("{}Keeps to {} up to at least {}.", begin, goals,
                           human_rate(*search.highest_held));
    return fmt::format("{}Keeps to {} up to {}{}, and no longer at {}.", begin, goals,
                       limited ? "at least " : "", human_rate(*search.highest_held),
                       human_rate(*search.lowest_broken));
}

std::string served_sentence(const RunResult& run) {
    const Trial& trial = *load_trial(run);
    const std::string begin = run.interrupted ? "Interrupted. " : "";
    if (trial.client.count == 0) return begin + "Nothing was answered.";
    const std::uint64_t errors = trial.errors.total();
    const double rate = value_of(trial.metrics, "throughput_rps").value_or(0);
    const bool is_bound = trial.limited() && !is_open(trial);
    const std::string failed =
        errors == 0
            ? std::string("all as expected.")
            : fmt::format("{} of the requests failed.",
                          human_percent(static_cast<double>(errors) / static_cast<double>(trial.requests())));
    return fmt::format("{}Served {}{}, {} Half within {}, 99 % within {}.", begin,
                       is_bound ? "at least " : "", human_rate(rate), failed,
                       human_percentile(trial.response_time_ns, 50),
                       human_percentile(trial.response_time_ns, 99));
}

std::vector<std::string> load_answer(const RunResult& run) {
    std::vector<std::string> sentences;
    if (run.search) sentences.push_back(search_sentence(run));
    sentences.push_back(served_sentence(run));
    for (const auto& [text, holds] : checked_thresholds(run))
        sentences.push_back(fmt::format("{} {}.", text, holds ? "holds" : "is broken"));
    return sentences;
}

std::vector<Warning> load_findings(const RunResult& run) {
    std::vector<Warning> findings = run.warnings;
    for (const Trial& trial : run.trials) {
        for (const Warning& warning : trial.warnings)
            if (!has(findings, warning.code)) findings.push_back(warning);
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Warning& a, const Warning& b) { return a.kind > b.kind; });
    const Trial& trial = *load_trial(run);
    if (!is_open(trial) && trial.client.count > 0) {
        findings.push_back(
            {"closed-loop",
             "A slow response delays the requests behind it in a closed loop, and nobody counts that wait "
             "(coordinated omission): -q measures latency at a rate.",
             WarningKind::note});
    }
    return findings;
}

std::vector<FailureClass> failure_classes(const RunResult& run, std::size_t most_reasons) {
    ErrorCounts errors;
    Endings endings;
    for (const Trial& trial : run.trials) {
        if (!is_measured_load(trial)) continue;
        errors += trial.errors;
        endings += trial.endings;
    }
    std::vector<FailureClass> classes;
    for (const ErrorClass error : all_error_classes) {
        const std::uint64_t count = count_of(errors, error);
        if (count > 0) classes.push_back({error, count, reasons_of(error, errors, endings, most_reasons)});
    }
    return classes;
}

}  // namespace asyncbench
