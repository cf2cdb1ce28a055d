#include "analysis/gate/unpaired_subjects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "analysis/gate/evidence.hpp"
#include "harness/trial/warning.hpp"

namespace asyncbench {
namespace {

using TrialMetrics = std::map<std::uint32_t, Metrics>;

/// By repetition.
TrialMetrics metrics_of(const MeasuredSubject& measured) {
    TrialMetrics trials;
    for (const MetricValues& values : measured.metrics) {
        for (std::size_t i = 0; i < values.values.size(); ++i)
            trials[values.repetitions[i]][values.metric] = {values.values[i], {}};
    }
    return trials;
}

GateSample sample_of(const MeasuredTrial& trial, TrialMetrics& metrics) {
    GateSample sample;
    sample.pair = trial.repetition;
    sample.failure = trial.failure;
    sample.warnings = trial.warnings;
    sample.metrics = std::move(metrics[trial.repetition]);
    if (trial.failure.empty()) {
        sample.metrics["requests"] = {static_cast<double>(trial.requests), {}};
        sample.metrics[std::string(unforeseen_errors_metric)] = {static_cast<double>(trial.unforeseen_errors),
                                                                 {}};
    }
    return sample;
}

/// What a file tells of values alone; also the repetitions that tell none, so that nobody takes the others
/// for all.
std::vector<GateSample> samples_of_values(TrialMetrics metrics, std::size_t repetitions) {
    for (std::uint32_t repetition = 0; repetition < repetitions; ++repetition) metrics[repetition];
    std::vector<GateSample> samples;
    for (auto& [repetition, told] : metrics) {
        GateSample& sample = samples.emplace_back();
        sample.pair = repetition;
        sample.metrics = std::move(told);
    }
    return samples;
}

std::vector<GateSample> samples_of(const MeasuredSubject& measured) {
    TrialMetrics metrics = metrics_of(measured);
    if (measured.trials.empty()) return samples_of_values(std::move(metrics), measured.repetitions);
    std::vector<GateSample> samples;
    samples.reserve(measured.trials.size());
    for (const MeasuredTrial& trial : measured.trials) samples.push_back(sample_of(trial, metrics));
    return samples;
}

/// It did the work, and is wrong all the same.
bool is_left_out(const GateSample& sample, const GateSubject& subject) {
    return did_the_work(sample, subject) && has(sample.warnings, WarningKind::wrong);
}

void add_samples(GateResult& result, std::size_t subject, Arm arm, const MeasuredSubject& measured) {
    for (GateSample& sample : samples_of(measured)) {
        if (is_left_out(sample, result.subjects[subject])) continue;
        sample.subject = subject;
        sample.arm = arm;
        sample.order = static_cast<std::uint32_t>(result.samples.size());
        result.samples.push_back(std::move(sample));
    }
}

void warn_of_left_out(std::vector<Warning>& warnings, const GateSubject& subject,
                      const MeasuredSubject& measured, const std::string& source) {
    std::size_t count = 0;
    std::string first;
    for (const GateSample& sample : samples_of(measured)) {
        if (!is_left_out(sample, subject) || count++ > 0) continue;
        const auto why =
            std::find_if(sample.warnings.begin(), sample.warnings.end(),
                         [](const Warning& warning) { return warning.kind == WarningKind::wrong; });
        first = why->message;
    }
    if (count == 0) return;
    warnings.push_back({"trials-left-out",
                        fmt::format("{} of {}: {} of {} trials are wrong and left out; the first: {}",
                                    subject.name, source, count, measured.trials.size(), first),
                        WarningKind::note});
}

/// A file of another program has no trials of which cell_warnings() could tell.
void warn_of_values(std::vector<Warning>& warnings, const MeasuredSubject& measured) {
    if (!measured.trials.empty()) return;
    std::copy_if(measured.warnings.begin(), measured.warnings.end(), std::back_inserter(warnings),
                 [](const Warning& warning) { return warning.kind != WarningKind::wrong; });
}

std::string why_wrong(const MeasuredSubject& subject) {
    for (const Warning& warning : subject.warnings) {
        if (warning.kind == WarningKind::wrong) return warning.message;
    }
    return "too few of its trials are.";
}

bool is_explained(const ArmState& state) {
    return state.lost + state.other_work + state.errors > 0 || state.mostly_unusable();
}

void warn_of_invalid(std::vector<Warning>& warnings, const MeasuredSubject& measured, const ArmState& state,
                     const std::string& source) {
    if (measured.usable || is_explained(state)) return;
    warnings.push_back({"cell-wrong",
                        fmt::format("{} of {} is wrong: {}", measured.name, source, why_wrong(measured)),
                        WarningKind::wrong});
}

}  // namespace

FileSide::FileSide(const MeasuredValues& values) : values_(values) {
    for (const MeasuredSubject& subject : values.subjects) {
        by_name_.emplace(subject.name, &subject);
        for (const MetricValues& metric : subject.metrics)
            if (!metric.values.empty()) metrics_.insert(metric.metric);
    }
}

const MeasuredSubject* FileSide::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

const std::vector<double>& values_of(const MeasuredSubject* subject, std::string_view metric) {
    static const std::vector<double> none;
    if (subject == nullptr) return none;
    const auto found = std::find_if(subject->metrics.begin(), subject->metrics.end(),
                                    [&](const MetricValues& each) { return each.metric == metric; });
    return found == subject->metrics.end() ? none : found->values;
}

void add_subjects(GateResult& result, const FileSide& base, const FileSide& head) {
    const auto add = [&](const MeasuredSubject& subject) {
        result.subjects.push_back(
            {subject.name, subject.strategy, subject.concurrency, false, subject.requests});
        const std::size_t index = result.subjects.size() - 1;
        if (const auto* found = base.find(subject.name)) {
            add_samples(result, index, Arm::base, *found);
        }
        if (const auto* found = head.find(subject.name)) {
            add_samples(result, index, Arm::head, *found);
        }
    };
    for (const MeasuredSubject& subject : base.file().subjects) add(subject);
    for (const MeasuredSubject& subject : head.file().subjects) {
        if (base.find(subject.name) == nullptr) add(subject);
    }
}

std::vector<Warning> subject_warnings(const GateEvidence& evidence, const FileSide& base,
                                      const FileSide& head) {
    std::vector<Warning> warnings;
    for (std::size_t index = 0; index < evidence.subjects().size(); ++index) {
        const GateSubject& subject = evidence.subjects()[index];
        const CellState state = cell_state(evidence, index, {Batch::first});
        for (const auto& [side, arm] : {std::pair{&base, &state.base}, {&head, &state.head}}) {
            const MeasuredSubject* measured = side->find(subject.name);
            if (measured == nullptr) continue;
            warn_of_invalid(warnings, *measured, *arm, side->file().source);
            warn_of_left_out(warnings, subject, *measured, side->file().source);
            warn_of_values(warnings, *measured);
        }
        if (base.find(subject.name) != nullptr) continue;
        warnings.push_back({"only-in-head",
                            fmt::format("{} is new: base has nothing to compare it with.", subject.name),
                            WarningKind::note});
    }
    return warnings;
}

}  // namespace asyncbench
