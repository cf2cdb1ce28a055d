#include "cli/gate/output.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "async/errors.hpp"
#include "cli/tell.hpp"
#include "reports/gate_report.hpp"
#include "reports/self_test_report.hpp"

namespace asyncbench {
namespace {

bool in_github_actions() {
    const char* value = std::getenv("GITHUB_ACTIONS");
    return value != nullptr && std::string_view(value) == "true";
}

}  // namespace

GateOutput::GateOutput() {
    files_.json_name = "gate.json";
    files_.html_name = "gate.html";
}

void GateOutput::add_to(CLI::App& app) {
    const auto file = [&app](const char* flag, std::string& path, const char* what) {
        app.add_option(flag, path, what)->type_name("FILE");
    };
    app.add_option("-o,--out", files_.directory, "Directory for gate.json and gate.html")->type_name("DIR");
    file("--json", files_.json, "JSON result; - is stdout, then without the table");
    file("--html", files_.html, "HTML report; - is stdout, then without the table");
    file("--markdown", markdown_, "Markdown, for a job's summary or a comment");
    file("--junit", junit_, "JUnit XML");
    file("--benchfmt", benchfmt_, "Go's benchmark format, for benchstat -col /arm");
    file("--github-action-benchmark", action_smaller_, "JSON of the metrics that are better small");
    file("--github-action-benchmark-bigger", action_bigger_, "JSON of the metrics that are better big");
    app.add_flag("--annotations", annotations_,
                 "Annotations of GitHub Actions on stderr (by itself where GITHUB_ACTIONS=true)");
}

std::vector<OutputFiles::Other> GateOutput::others(const GateResult& result) const {
    return {
        {markdown_, [&] { return gate_markdown_report(result); }},
        {junit_, [&] { return gate_junit_report(result); }},
        {benchfmt_, [&] { return gate_benchfmt(result); }},
        {action_smaller_, [&] { return gate_action_benchmark(result, true); }},
        {action_bigger_, [&] { return gate_action_benchmark(result, false); }},
    };
}

void GateOutput::require_writable(const std::vector<std::string>& inputs) const {
    files_.require_writable({markdown_, junit_, benchfmt_, action_smaller_, action_bigger_}, inputs);
}

void GateOutput::require_forms_of_self_test() const {
    for (const auto& [flag, path] : {std::pair{"--html", &files_.html},
                                     {"--markdown", &markdown_},
                                     {"--junit", &junit_},
                                     {"--benchfmt", &benchfmt_},
                                     {"--github-action-benchmark", &action_smaller_},
                                     {"--github-action-benchmark-bigger", &action_bigger_}}) {
        if (path->empty()) continue;
        throw UsageError(
            fmt::format("--self-test is told as a table and as JSON; leave out {}, and take --json.", flag));
    }
}

void GateOutput::write(const GateResult& result) const {
    if (annotations_ || in_github_actions()) {
        put_on_stderr(gate_github_annotations(result));
    }
    files_.write({[&](const TerminalStyle& style) { return gate_terminal_report(result, style); },
                  [&] { return gate_json_report(result); }, [&] { return gate_html_report(result); },
                  others(result)});
}

void GateOutput::write(const SelfTestResult& result) const {
    files_.write({[&](const TerminalStyle& style) { return self_test_terminal_report(result, style); },
                  [&] { return self_test_json_report(result); },
                  {}});
}

}  // namespace asyncbench
