#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/trial/metric_kind.hpp"
#include "reports/gate_report.hpp"
#include "reports/text/human.hpp"

// The format: https://go.dev/design/14313-benchmark-format, and benchfmt of golang.org/x/perf.

namespace asyncbench {
namespace {

/// Without space, which ends a name, and without those of `special`, which part it.
std::string word(std::string_view text, std::string_view special) {
    std::string result = printable(text);
    std::replace_if(
        result.begin(), result.end(), [&](char c) { return c == ' ' || special.find(c) != special.npos; },
        '_');
    return result;
}

/// `service-p50-ns`: parted by dashes, so that benchstat knows the unit at the end and shows seconds.
std::string unit_of(std::string_view metric) {
    std::string unit = word(metric, "");
    std::replace(unit.begin(), unit.end(), '_', '-');
    return unit;
}

std::string name_of(const GateResult& result, const GateSample& sample) {
    const GateSubject& subject = result.subjects.at(sample.subject);
    std::string name = subject.is_control ? "Control" : sample.confirmation ? "Confirmation" : "Gate";
    if (subject.strategy.empty()) {
        name += fmt::format("/{}", word(subject.name, ""));
    } else {
        name += fmt::format("/strategy={}/concurrency={}", word(subject.strategy, "/"), subject.concurrency);
    }
    return fmt::format("{}/arm={}", name, sample.arm == Arm::base ? "base" : "head");
}

/// The metrics of the lines, each once, that a trial of this lane measures: what runs under a tool that
/// counts instructions tells no times.
std::vector<std::string> metrics_of(const GateResult& result, bool deterministic) {
    std::vector<std::string> metrics;
    for (const GateLine& line : result.lines) {
        const bool counted = line.rule.lane == Lane::deterministic;
        const bool known = std::find(metrics.begin(), metrics.end(), line.rule.metric) != metrics.end();
        if (counted == deterministic && !known) metrics.push_back(line.rule.metric);
    }
    return metrics;
}

std::string line_of(const GateResult& result, const GateSample& sample) {
    std::string values;
    for (const std::string& metric : metrics_of(result, sample.deterministic)) {
        const auto value = value_of(sample.metrics, metric);
        if (value && std::isfinite(*value)) values += fmt::format(" {} {}", *value, unit_of(metric));
    }
    if (values.empty()) return {};
    const double requests = value_of(sample.metrics, "requests").value_or(1);
    return fmt::format("Benchmark{} {:.0f}{}\n", name_of(result, sample), std::max(requests, 1.0), values);
}

std::string unit_lines(const GateResult& result) {
    std::string text;
    for (const bool deterministic : {false, true}) {
        for (const std::string& metric : metrics_of(result, deterministic)) {
            const Better better = metric_kind(metric).better;
            if (better == Better::neither) continue;
            text += fmt::format("Unit {} better={}\n", unit_of(metric),
                                better == Better::lower ? "lower" : "higher");
        }
    }
    return text;
}

}  // namespace

std::string gate_benchfmt(const GateResult& result) {
    std::string text = fmt::format("asyncbench: {}\n", printable(result.tool_version));
    for (const auto& [key, arm] : {std::pair("base", result.base), std::pair("head", result.head)}) {
        text += fmt::format("{}: {}\n", key, printable(arm.program));
        if (!arm.target.empty()) text += fmt::format("{}-target: {}\n", key, printable(arm.target));
    }
    text += unit_lines(result);
    for (const GateSample& sample : result.samples) text += line_of(result, sample);
    return text;
}

}  // namespace asyncbench
