#include "harness/engine/rate_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"

namespace asyncbench {
namespace {

/// A stage may begin or end with no load at all.
constexpr Limits<double> stage_rate_limits{0, rate_limits.most, "from 0 to 1000000000"};
constexpr Limits<Nanoseconds> stage_duration_limits{std::chrono::milliseconds{1}, any_duration.most,
                                                    "at least 1ms"};

RateStage parse_stage(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos) {
        throw UsageError(
            fmt::format("'{}' is no stage; write RATE@TIME, or FROM:TO@TIME, like 0:1k@30s,1k@2m.", text));
    }
    const std::string_view rates = text.substr(0, at);
    const auto colon = rates.find(':');
    RateStage stage;
    stage.from_rps = parse_rate(rates.substr(0, colon), stage_rate_limits);
    stage.to_rps = colon == std::string_view::npos ? stage.from_rps
                                                   : parse_rate(rates.substr(colon + 1), stage_rate_limits);
    stage.duration = parse_duration(text.substr(at + 1), stage_duration_limits);
    return stage;
}

double requests_of(const RateStage& stage) {
    return (stage.from_rps + stage.to_rps) / 2 * static_cast<double>(stage.duration.count()) / 1e9;
}

}  // namespace

std::vector<RateStage> parse_stages(std::string_view text) {
    std::vector<RateStage> stages;
    for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        stages.push_back(parse_stage(rest.substr(0, comma)));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (most_rps(stages) == 0) throw UsageError(fmt::format("The stages '{}' send no request.", text));
    return stages;
}

std::string text_of(const std::vector<RateStage>& stages) {
    std::string text;
    for (const RateStage& stage : stages) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", number_text(stage.from_rps));
        if (stage.to_rps != stage.from_rps) text += ":" + number_text(stage.to_rps);
        text += "@" + to_text(stage.duration);
    }
    return text;
}

Nanoseconds duration_of(const std::vector<RateStage>& stages) {
    Nanoseconds sum{0};
    for (const RateStage& stage : stages) sum += stage.duration;
    return sum;
}

double most_rps(const std::vector<RateStage>& stages) {
    double most = 0;
    for (const RateStage& stage : stages) most = std::max({most, stage.from_rps, stage.to_rps});
    return most;
}

double mean_rps(const std::vector<RateStage>& stages) {
    double requests = 0;
    for (const RateStage& stage : stages) requests += requests_of(stage);
    return requests * 1e9 / static_cast<double>(duration_of(stages).count());
}

}  // namespace asyncbench
