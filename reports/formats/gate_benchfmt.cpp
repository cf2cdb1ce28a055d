#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "reports/formats/benchfmt.hpp"
#include "reports/gate_report.hpp"

namespace asyncbench {
namespace {

std::string name_of(const GateResult& result, const GateTrial& sample) {
    const GateCell& subject = result.subjects.at(sample.subject);
    std::string name = subject.is_control ? "Control" : sample.confirmation ? "Confirmation" : "Gate";
    if (subject.strategy.empty()) {
        name += fmt::format("/{}", benchfmt_name(subject.name));
    } else {
        name +=
            fmt::format("/strategy={}/concurrency={}", benchfmt_part(subject.strategy), subject.concurrency);
    }
    return fmt::format("{}/arm={}", name, sample.arm == Arm::base ? "base" : "head");
}

/// The metrics of the lines, each once, that a trial of this lane measures: what runs under a tool that
/// counts instructions tells no times.
std::vector<std::string_view> metrics_of(const GateResult& result, bool deterministic) {
    std::vector<std::string_view> metrics;
    for (const GateLine& line : result.lines) {
        const bool counted = line.rule.lane == Lane::deterministic;
        const bool known = std::find(metrics.begin(), metrics.end(), line.rule.metric) != metrics.end();
        if (counted == deterministic && !known) metrics.push_back(line.rule.metric);
    }
    return metrics;
}

std::string unit_lines(const GateResult& result) {
    std::string text;
    for (const bool deterministic : {false, true}) {
        for (const std::string_view metric : metrics_of(result, deterministic))
            text += benchfmt_unit_line(metric);
    }
    return text;
}

}  // namespace

std::string gate_benchfmt(const GateResult& result) {
    std::string text = benchfmt_setting("asyncbench", result.tool_version);
    for (const auto& [key, arm] : {std::pair("base", result.base), std::pair("head", result.head)}) {
        text += benchfmt_setting(key, arm.program.shown());
        if (!arm.target.empty()) text += benchfmt_setting(fmt::format("{}-target", key), arm.target.shown());
    }
    text += unit_lines(result);
    for (const GateTrial& sample : result.samples) {
        // The speed of failing, or of other work, must not move the median of those that did the work.
        if (!did_the_work(sample, result.subjects.at(sample.subject))) continue;
        text +=
            benchfmt_line(name_of(result, sample), sample.metrics, metrics_of(result, sample.deterministic));
    }
    return text;
}

}  // namespace asyncbench
