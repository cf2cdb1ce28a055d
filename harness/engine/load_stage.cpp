#include "harness/engine/load_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"

namespace asyncbench {
namespace {

/// A stage may begin or end with no load at all.
constexpr Limits<double> stage_rate_limits{0, rate_limits.most, "from 0 to 1000000000"};
constexpr Limits<std::uint64_t> stage_connections_limits{0, concurrency_limits.most, "from 0 to 1000000"};
constexpr Limits<Nanoseconds> stage_duration_limits{std::chrono::milliseconds{1}, any_duration.most,
                                                    "at least 1ms"};

/// `form`: how a stage is written, for who wrote it in another way.
template <typename ParseValue>
LoadStage parse_stage(std::string_view text, std::string_view form, const ParseValue& parse_value) {
    const auto at = text.find('@');
    if (at == std::string_view::npos)
        throw UsageError(fmt::format("'{}' is no stage; write {}.", text, form));
    const std::string_view values = text.substr(0, at);
    const auto colon = values.find(':');
    LoadStage stage;
    stage.from = parse_value(values.substr(0, colon));
    stage.to = colon == std::string_view::npos ? stage.from : parse_value(values.substr(colon + 1));
    stage.duration = parse_duration(text.substr(at + 1), stage_duration_limits);
    return stage;
}

template <typename ParseValue>
std::vector<LoadStage> parse_list(std::string_view text, std::string_view form,
                                  const ParseValue& parse_value) {
    std::vector<LoadStage> stages;
    for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        stages.push_back(parse_stage(rest.substr(0, comma), form, parse_value));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (highest(stages) == 0) throw UsageError(fmt::format("The stages '{}' send no request.", text));
    return stages;
}

}  // namespace

std::vector<LoadStage> parse_stages(std::string_view text) {
    return parse_list(text, "RATE@TIME, or FROM:TO@TIME, like 0:1k@30s,1k@2m",
                      [](std::string_view rate) { return parse_rate(rate, stage_rate_limits); });
}

std::vector<LoadStage> parse_connection_stages(std::string_view text) {
    return parse_list(text, "N@TIME, or FROM:TO@TIME, like 0:500@30s,500@2m", [](std::string_view count) {
        return static_cast<double>(parse_count(count, stage_connections_limits));
    });
}

std::string text_of(const std::vector<LoadStage>& stages) {
    std::string text;
    for (const LoadStage& stage : stages) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", number_text(stage.from));
        if (stage.to != stage.from) text += ":" + number_text(stage.to);
        text += "@" + to_text(stage.duration);
    }
    return text;
}

double area_of(const LoadStage& stage) {
    return (stage.from + stage.to) / 2 * static_cast<double>(stage.duration.count()) / 1e9;
}

Nanoseconds duration_of(const std::vector<LoadStage>& stages) {
    Nanoseconds sum{0};
    for (const LoadStage& stage : stages) sum += stage.duration;
    return sum;
}

double highest(const std::vector<LoadStage>& stages) {
    double most = 0;
    for (const LoadStage& stage : stages) most = std::max({most, stage.from, stage.to});
    return most;
}

double mean(const std::vector<LoadStage>& stages) {
    double area = 0;
    for (const LoadStage& stage : stages) area += area_of(stage);
    return area * 1e9 / static_cast<double>(duration_of(stages).count());
}

double value_at(const std::vector<LoadStage>& stages, Nanoseconds time) {
    for (const LoadStage& stage : stages) {
        if (time < stage.duration) {
            const double share =
                static_cast<double>(time.count()) / static_cast<double>(stage.duration.count());
            return stage.from + (stage.to - stage.from) * share;
        }
        time -= stage.duration;
    }
    return stages.back().to;
}

}  // namespace asyncbench
