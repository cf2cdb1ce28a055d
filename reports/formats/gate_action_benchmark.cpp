#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/trial/json_fields.hpp"
#include "harness/trial/metric.hpp"
#include "reports/gate_report.hpp"
#include "reports/json/json_list.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {

std::string gate_action_benchmark(const GateResult& result, bool smaller_is_better) {
    const Better wanted = smaller_is_better ? Better::lower : Better::higher;
    Json list = Json::array();
    // The action keeps what it is given as history, and asks nobody whether it was right.
    const bool is_measurement = result.usable() && result.failure.empty() && !result.interrupted;
    for (const GateLine& line : result.lines) {
        const MetricKind kind = metric_kind(line.rule.metric);
        if (!is_measurement || kind.better != wanted || !std::isfinite(line.head.value)) continue;
        Json entry = Json::object();
        entry["name"] =
            fmt::format("{}: {}", subject_name(result, line.subject), metric_label(line.rule.metric));
        entry["unit"] = kind.unit;
        entry["value"] = line.head.value;
        if (has_interval(line.head)) entry["range"] = fmt::format("{:g}–{:g}", line.head.low, line.head.high);
        entry["extra"] = fmt::format("{} to base: {}", ratio_text(line.ratio), verdict_text(line));
        list.push_back(std::move(entry));
    }
    return document_text(list);
}

}  // namespace asyncbench
