#include <fmt/format.h>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

std::string backtrace_of(const Finding& finding) {
    if (finding.backtrace.empty()) return {};
    std::string frames;
    for (const std::string& frame : finding.backtrace) frames += escape_html(frame) + "\n";
    return fmt::format("<details><summary>Backtrace</summary><pre><code>{}</code></pre></details>", frames);
}

std::string list_of(const Diagnosis& diagnosis) {
    std::string items;
    for (const CountedFinding& counted : diagnosis.findings) {
        items += fmt::format("<li class=\"bad\">{}{}</li>\n", escape_html(describe(counted)),
                             backtrace_of(counted.first));
    }
    if (diagnosis.not_listed > 0) {
        items += fmt::format("<li class=\"bad\">and {} more</li>\n", human_count(diagnosis.not_listed));
    }
    return items.empty() ? "" : fmt::format("<ul>\n{}</ul>\n", items);
}

}  // namespace

std::string diagnosis_section(const RunResult& run, const ResultPart& part) {
    const auto diagnoses = diagnoses_by_cell(run);
    if (diagnoses.empty()) return {};
    std::string text;
    for (const CellDiagnosis& diagnosis : diagnoses) {
        text += fmt::format("<p><strong>{} at {}</strong>: {}</p>\n{}",
                            escape_html(diagnosis.cell->strategy.text()),
                            human_count(diagnosis.cell->concurrency), escape_html(describe(diagnosis)),
                            list_of(diagnosis.found));
    }
    return fmt::format(
        "{}<p>Measured with <code>--diagnose</code>: every detector was on, which costs a "
        "little.</p>\n{}</section>",
        part.section("diagnosis", "What the detectors found"), text);
}

}  // namespace asyncbench
