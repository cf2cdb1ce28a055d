#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "reports/formats/xml.hpp"
#include "reports/gate_report.hpp"
#include "reports/text/gate_text.hpp"

namespace asyncbench {
namespace {

/// What JUnit counts. No standard says what its XML is; this is the part that Jenkins, GitLab and pytest's
/// writer have in common.
struct Suite {
    std::string name;
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    std::string cases;
};

void add_case(Suite& suite, const std::string& name, std::string_view outcome) {
    ++suite.tests;
    suite.cases += fmt::format("<testcase classname=\"{}\" name=\"{}\">{}</testcase>\n",
                               escape_xml(suite.name), escape_xml(name), outcome);
}

void add_check(Suite& suite, const std::string& name, Verdict verdict, const std::string& reason,
               const std::string& numbers) {
    std::string outcome;
    if (verdict == Verdict::fail) {
        ++suite.failures;
        outcome = fmt::format("<failure type=\"regression\" message=\"{}\">{}</failure>", escape_xml(reason),
                              escape_xml(numbers));
    } else if (verdict == Verdict::inconclusive) {
        ++suite.skipped;
        outcome = fmt::format("<skipped message=\"INCONCLUSIVE: {}\"/>", escape_xml(reason));
    } else {
        outcome = fmt::format("<system-out>{}</system-out>", escape_xml(numbers));
    }
    add_case(suite, name, outcome);
}

void add_error(Suite& suite, const std::string& name, const std::string& message) {
    ++suite.errors;
    add_case(suite, name, fmt::format("<error type=\"not-measured\" message=\"{}\"/>", escape_xml(message)));
}

std::string numbers_of(const GateLine& line) {
    return fmt::format("base {}, head {}, ratio {}", absolute_text(line.rule.metric, line.base),
                       absolute_text(line.rule.metric, line.head), ratio_text(line.ratio));
}

Suite suite_of(const GateResult& result, std::size_t subject) {
    Suite suite;
    suite.name = subject_name(result, subject);
    for (const GateLine& line : result.lines) {
        if (line.subject != subject || !line.decides()) continue;
        add_check(suite, line.rule.metric, line.verdict, line.reason, numbers_of(line));
    }
    for (const BudgetLine& line : result.budgets) {
        if (line.subject != subject) continue;
        add_check(suite, line.budget.text, line.verdict, line.reason,
                  absolute_text(line.budget.metric, line.value));
    }
    return suite;
}

/// What stands above all subjects.
Suite suite_of_measurement(const GateResult& result) {
    Suite suite;
    suite.name = "measurement";
    if (!result.failure.empty()) add_error(suite, "compared", result.failure);
    for (const Warning& warning : result.warnings) {
        if (warning.kind == WarningKind::wrong) add_error(suite, warning.code, warning.message);
    }
    if (result.interrupted) add_error(suite, "whole", "The gate was interrupted before its last trial.");
    return suite;
}

std::string counts_of(const Suite& suite) {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", suite.tests,
                       suite.failures, suite.errors, suite.skipped);
}

}  // namespace

std::string gate_junit_report(const GateResult& result) {
    std::vector<Suite> suites{suite_of_measurement(result)};
    for (std::size_t i = 0; i < result.subjects.size(); ++i) suites.push_back(suite_of(result, i));
    Suite all;
    std::string text;
    for (const Suite& suite : suites) {
        if (suite.tests == 0) continue;
        all.tests += suite.tests;
        all.failures += suite.failures;
        all.errors += suite.errors;
        all.skipped += suite.skipped;
        text += fmt::format("<testsuite name=\"{}\" {}>\n{}</testsuite>\n", escape_xml(suite.name),
                            counts_of(suite), suite.cases);
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"asyncbench gate\" {} time=\"{:.3f}\">\n{}</testsuites>\n",
        counts_of(all), std::chrono::duration<double>(result.elapsed).count(), text);
}

}  // namespace asyncbench
