#pragma once

#include <string>

#include "analysis/compare/comparison.hpp"
#include "analysis/gate/gate_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// The verdict in words, a table with a row for each line, what disturbed, and what to do. UTF-8.
std::string gate_terminal_report(const GateResult& result, TerminalStyle style);

/// For a pull request's comment or a job's summary: the verdict, the table, details folded away.
std::string gate_markdown_report(const GateResult& result);

/// The document of schema `asyncbench.gate/2` (reports/schema/gate-2.schema.json), indented.
std::string gate_json_report(const GateResult& result);

/// A test suite for each subject, a test case for each line and budget: FAIL is a failure, INCONCLUSIVE is
/// skipped with its reason, what could not be measured is an error.
std::string gate_junit_report(const GateResult& result);

/// Workflow commands of GitHub Actions, one a line: an error for each FAIL, a warning for each INCONCLUSIVE.
std::string gate_github_annotations(const GateResult& result);

/// `[{"name", "unit", "value", "range", "extra"}]` of head, as github-action-benchmark reads with the tools
/// customSmallerIsBetter (`smaller`) and customBiggerIsBetter.
std::string gate_action_benchmark(const GateResult& result, bool smaller_is_better);

/// Go's benchmark format with one line for each trial: /arm=base or /arm=head in the name, so that
/// `benchstat -col /arm` compares the arms.
std::string gate_benchfmt(const GateResult& result);

/// One self-contained HTML file: verdict, paired ratios with intervals and the tolerances, drift of the
/// control.
std::string gate_html_report(const GateResult& result);

}  // namespace asyncbench
