#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/trial/trial_json.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_frames = 256;

Json json_of(const CountedFinding& counted) {
    const Finding& finding = counted.first;
    Json object = {{"kind", name_of(finding.kind)}, {"message", finding.message}};
    const auto put = [&](const char* key, const std::string& text) {
        if (!text.empty()) object[key] = text;
    };
    put("coroutine", finding.coroutine);
    put("created", finding.created);
    put("function", finding.function);
    if (finding.duration) object["duration_ns"] = finding.duration->count();
    if (!finding.backtrace.empty()) object["backtrace"] = finding.backtrace;
    object["count"] = counted.count;
    return object;
}

Finding::Kind kind_from(JsonFields& fields) {
    const std::string name = fields.text("kind");
    const auto kinds = finding_kinds();
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](Finding::Kind kind) { return name_of(kind) == name; });
    if (found == kinds.end()) fields.fail("kind", fmt::format("is no kind of finding: '{}'", name));
    return *found;
}

CountedFinding finding_from(JsonFields fields) {
    CountedFinding counted;
    Finding& finding = counted.first;
    finding.kind = kind_from(fields);
    finding.message = fields.text("message");
    const auto optional_text = [&](std::string_view key) {
        return fields.has(key) ? fields.text(key) : std::string();
    };
    finding.coroutine = optional_text("coroutine");
    finding.created = optional_text("created");
    finding.function = optional_text("function");
    if (fields.has("duration_ns")) finding.duration = fields.duration_ns("duration_ns");
    if (fields.has("backtrace")) {
        for (const Json& frame : fields.array("backtrace", most_frames)) {
            if (!frame.is_string()) fields.fail("backtrace", "must hold text alone");
            finding.backtrace.push_back(frame.get<std::string>());
        }
    }
    counted.count = fields.count("count");
    if (counted.count == 0) fields.fail("count", "must be at least 1");
    fields.expect_no_others();
    return counted;
}

}  // namespace

Json json_of(const Diagnosis& diagnosis) {
    Json findings = Json::array();
    for (const CountedFinding& counted : diagnosis.findings) findings.push_back(json_of(counted));
    return {{"findings", std::move(findings)},
            {"not_listed", diagnosis.not_listed},
            {"suppressed", diagnosis.suppressed},
            {"stalls", json_of(diagnosis.stalls_ns)},
            {"lag", json_of(diagnosis.lag_ns)}};
}

Diagnosis diagnosis_from(JsonFields fields) {
    Diagnosis diagnosis;
    const Json& findings = fields.array("findings", Diagnosis::most_findings);
    for (std::size_t i = 0; i < findings.size(); ++i) {
        diagnosis.findings.push_back(finding_from(
            JsonFields(findings[i], fields.what(), fmt::format("{}[{}]", fields.path_of("findings"), i))));
    }
    diagnosis.not_listed = fields.count("not_listed");
    diagnosis.suppressed = fields.count("suppressed");
    diagnosis.stalls_ns = histogram_from(fields.object("stalls"));
    diagnosis.lag_ns = histogram_from(fields.object("lag"));
    fields.expect_no_others();
    return diagnosis;
}

}  // namespace asyncbench
