#include "cli/gate/options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "analysis/gate/server_rules.hpp"
#include "async/errors.hpp"
#include "cli/files.hpp"
#include "cli/tell.hpp"
#include "harness/work/units.hpp"
#include "reports/gate_report.hpp"
#include "reports/self_test_report.hpp"

namespace asyncbench {
namespace {

/// Taken by itself where it is in the current directory.
constexpr const char* config_name = "asyncbench.gate.json";

void add_rules_to(CLI::App& app, GateOptions& options) {
    app.add_option("--metric", options.metrics,
                   "Gate a metric: p50=5%,10% fails from 5 % worse, passes below 10 % (repeatable)")
        ->allow_extra_args(false)
        ->type_name("M=P[,P]");
    app.add_option("--information", options.information, "Show a metric, decide nothing by it (repeatable)")
        ->allow_extra_args(false)
        ->type_name("M");
    app.add_option("--ignore", options.ignored, "Leave a metric out (repeatable)")
        ->allow_extra_args(false)
        ->type_name("M");
    app.add_option("--budget", options.budgets,
                   "A limit that head must hold by itself: 'p99<50ms', 'throughput>1000/s' (repeatable)")
        ->allow_extra_args(false)
        ->type_name("LIMIT");
    app.add_option("--looks", options.looks, "Pairs of trials after which to judge (20,40,80)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("LIST");
    app.add_option("--alpha", options.alpha, "Chance of a false FAIL in all (0.01)")->type_name("P");
    app.add_flag("--no-confirm", options.no_confirm, "A FAIL counts without being measured again");
    app.add_flag("--strict", options.strict, "Status 3 where the gate is INCONCLUSIVE");
    app.add_option("--config", options.config,
                   fmt::format("Rules and scenario from a JSON file (./{} where it is there)", config_name))
        ->type_name("FILE");
}

/// `name=text` of --metric.
void apply_metric(GateRules& rules, const std::string& flag) {
    const auto equals = flag.find('=');
    if (equals == std::string::npos) {
        throw UsageError(
            fmt::format("--metric {0} says no tolerance; write it like {0}=5% or {0}=5%,10%.", flag));
    }
    set_rule(rules, flag.substr(0, equals), flag.substr(equals + 1));
}

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

void GateOptions::add_to(CLI::App& app) {
    app.add_option("--base", base, "Command of the program as it was; speaks the trial protocol")
        ->type_name("CMD");
    app.add_option("--head", head, "Command of the program as it is now")->type_name("CMD");
    app.add_option("files", files, "Two results to compare instead, base first")->type_name("FILE");
    app.add_option("--baseline", baseline, "A result to compare a fresh run of its scenario with")
        ->type_name("FILE");
    app.add_flag("--different-machine", different_machine,
                 "Compare results although they come from two machines");
    app.add_option("--base-target", base_target,
                   "Command of your server as it was, which listens on {port}; this program loads it")
        ->type_name("CMD");
    app.add_option("--head-target", head_target, "Command of your server as it is now")->type_name("CMD");
    app.add_option("--base-url", base_url,
                   "Server as it was, which runs already; `load`'s generator sends requests to both in turns")
        ->type_name("URL");
    app.add_option("--head-url", head_url, "Server as it is now, which runs beside it")->type_name("URL");
    app.add_option("--health", health_path,
                   "What the servers answer with success when they are ready (the first --path)")
        ->type_name("PATH");
    app.add_flag("--https", https, "The servers speak TLS; see -k and --cacert");
    app.add_option("--start-timeout", start_timeout, "How long a server may take until then (10s)")
        ->type_name("T");
    app.add_flag("--self-test", self_test,
                 "Compare nothing: say how often changes of known sizes are found on this machine");
    app.add_option("--suites", suites, "Gates for each of them (5)")->type_name("N");
    app.add_option("--inject", injections, "Their sizes (5%,10%,20%)")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("LIST");
    app.add_flag("--only-latency", only_latency, "Not in the client's CPU work: half the time");
    scenario.add_to_gate(app);
    app.add_option("--patience", patience, "How much longer than its work a trial may take (10s)")
        ->type_name("T");
    add_rules_to(app, *this);
    output.add_to(app);
    app.add_flag("--quiet", quiet, "No progress");
}

std::vector<std::string> GateOptions::inputs() const {
    std::vector<std::string> inputs = files;
    inputs.insert(inputs.end(), {baseline, config.empty() ? config_name : config, scenario.file()});
    return inputs;
}

GateConfig GateOptions::from_file() const {
    GateConfig defaults;
    defaults.scenario = default_gate_scenario();
    const bool found = config.empty() && std::filesystem::exists(config_name);
    if (config.empty() && !found) return defaults;
    const std::string path = found ? config_name : config;
    const auto text = read_whole_file(path);
    if (!text) {
        throw UsageError(fmt::format(
            "The gate's configuration {} cannot be read; check that it exists and is readable.", path));
    }
    if (found) put_on_stderr(fmt::format("Rules are taken from ./{}; flags go before them.\n", config_name));
    return gate_config_from_json(*text, path, defaults);
}

void GateOptions::apply_rules(GateRules& rules) const {
    for (const std::string& flag : metrics) apply_metric(rules, flag);
    for (const std::string& name : information) set_rule(rules, name, "information");
    for (const std::string& name : ignored) set_rule(rules, name, "ignore");
    for (const std::string& text : budgets) rules.budgets.push_back(parse_budget(text));
    if (!looks.empty()) {
        rules.looks.pairs.clear();
        for (const std::string& text : looks) rules.looks.pairs.push_back(parse_count(text));
    }
    if (!alpha.empty()) rules.looks.alpha = parse_share(alpha, "alpha");
    if (no_confirm) rules.confirm = false;
    check(rules);
}

void GateOptions::require_one_shape() const {
    const int shapes = (!base.empty() || !head.empty() || compares_servers() ? 1 : 0) +
                       (compares_running_servers() ? 1 : 0) + (baseline.empty() ? 0 : 1) +
                       (files.empty() ? 0 : 1);
    if (shapes > 1) {
        throw UsageError(
            "gate compares two programs (--base, --head), or two servers (--base-target, --head-target, or "
            "--base-url, --head-url), or a fresh run with --baseline, or two files; give one of these.");
    }
    if (!files.empty() && (scenario.says_anything() || !patience.empty())) {
        throw UsageError(
            "Two files were measured already: flags that say what to measure (-s, -c, -n, --latency, "
            "--patience, ...) do not go with them.");
    }
    if ((!files.empty() || !baseline.empty()) && (!looks.empty() || no_confirm)) {
        throw UsageError(
            "--looks and --no-confirm are for pairs of trials: two files, and --baseline, are judged once, "
            "and nothing is measured again. Leave them out.");
    }
    if (different_machine && baseline.empty() && files.empty()) {
        throw UsageError("--different-machine goes with --baseline or two files: programs run on this one.");
    }
}

void GateOptions::require_self_test() const {
    if (self_test) {
        const bool compares = !base.empty() || !head.empty() || compares_servers() ||
                              compares_running_servers() || !baseline.empty() || !files.empty();
        if (compares) throw UsageError("--self-test compares this program with itself; give it no other.");
        output.require_forms_of_self_test();
    } else if (!suites.empty() || !injections.empty() || only_latency) {
        throw UsageError("--suites, --inject and --only-latency belong to --self-test; give that too.");
    }
}

/// Load for servers whose answers are not ours to say.
void GateOptions::apply_servers(GateConfig& settings) const {
    if (!compares_servers()) {
        for (const auto& [flag, is_given] : {std::pair{"--health", !health_path.empty()},
                                             {"--https", https},
                                             {"--start-timeout", !start_timeout.empty()}}) {
            if (!is_given) continue;
            throw UsageError(fmt::format("{} belongs to --base-target and --head-target; give these.", flag));
        }
        return;
    }
    if (base_target.empty() || head_target.empty()) {
        throw UsageError(fmt::format("gate compares two servers, and {} is missing; give its command.",
                                     base_target.empty() ? "--base-target" : "--head-target"));
    }
    if (!base.empty() || !head.empty()) {
        throw UsageError(
            "Servers are loaded by this program, in both arms alike: --base and --head do not go with "
            "--base-target and --head-target.");
    }
    if (!https && (scenario.has("insecure") || scenario.has("cacert") || scenario.has("cert"))) {
        throw UsageError(
            "-k, --cacert and --cert are for servers that speak TLS; say that these do with --https.");
    }
    settings.scenario.target = SecretText::url(https ? "https://127.0.0.1/" : "http://127.0.0.1/");
}

void GateOptions::require_running_servers() const {
    if (!compares_running_servers()) return;
    if (base_url.empty() || head_url.empty()) {
        throw UsageError(fmt::format("gate compares two running servers, and {} is missing; give its URL.",
                                     base_url.empty() ? "--base-url" : "--head-url"));
    }
    for (const std::string& url : {base_url, head_url}) {
        Scenario its;
        its.target = SecretText::url(url);
        if (has_foreign_target(its)) continue;
        throw UsageError(
            fmt::format("'{}' is no URL of an HTTP server; write it like http://localhost:8080/path.",
                        its.target.shown()));
    }
    if (scenario.has("target") || !scenario.file().empty()) {
        throw UsageError(
            "--target and --scenario do not go with --base-url and --head-url, which are the targets.");
    }
    if (scenario.has("strategies")) {
        throw UsageError(
            "Running servers are loaded by the generator of `asyncbench load`, which has no strategies; "
            "leave "
            "-s out.");
    }
}

/// Instead of strategies there is the load generator, for each number of connections.
void GateOptions::load_running_servers(GateConfig& settings) const {
    if (!compares_running_servers()) return;
    settings.scenario.strategies = {StrategySpec::parse("native")};
    settings.scenario.load.emplace();
    settings.rules = rules_of_running_servers(std::move(settings.rules));
}

GateConfig GateOptions::settings() const {
    require_one_shape();
    require_self_test();
    require_running_servers();
    GateConfig settings = from_file();
    apply_servers(settings);
    if (compares_running_servers()) settings.scenario.target = SecretText::url(base_url);
    const SecretText target = settings.scenario.target;
    settings.scenario = scenario.scenario_over(settings.scenario, ScenarioOptions::Batch::as_before);
    if (compares_servers() && !target.reveal().starts_with(settings.scenario.target.reveal())) {
        throw UsageError("--target does not go with --base-target and --head-target, which are the targets.");
    }
    if (compares_servers() && !settings.scenario.resolve.empty())
        throw UsageError("--resolve is of --target URL; servers that are started here need no lookup.");
    apply_rules(settings.rules);
    if (compares_servers()) settings.rules = rules_of_servers(std::move(settings.rules));
    load_running_servers(settings);
    settings.strict = settings.strict || strict;
    for (const StrategySpec& strategy : settings.scenario.strategies) {
        if (strategy.name != "exec") continue;
        throw UsageError(fmt::format(
            "The cell '{}' would run the same program in both arms; give programs with --base and --head.",
            strategy.text()));
    }
    return settings;
}

}  // namespace asyncbench
