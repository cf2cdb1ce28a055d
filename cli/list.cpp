#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "benches/pitfalls/pitfalls.hpp"
#include "cli/commands.hpp"
#include "cli/scenario_options.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/scenario_json.hpp"
#include "reports/text/human.hpp"
#include "reports/text/wrapped.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t list_columns = 80;  // as help has

/// `  NAME  meaning`, the meaning from this column on, on as many lines as it takes.
void print_entry(std::string_view name, std::size_t column, std::string_view meaning) {
    std::string begin = fmt::format("  {}", name);
    if (columns_of(begin) + 1 >= column) {  // too long for the column: the meaning begins below it
        fmt::print("{}\n", begin);
        begin.clear();
    }
    for (const std::string& line : wrapped(meaning, list_columns - column)) {
        fmt::print("{:<{}}{}\n", begin, column, line);
        begin.clear();
    }
}

void list_strategies(const StrategyRegistry& strategies) {
    constexpr std::size_t column = 23;
    fmt::print("Strategies (-s)\n");
    for (const StrategyInfo& info : strategies.all()) {
        print_entry(info.name, column, info.description);
        for (const ParameterInfo& parameter : info.parameters) {
            print_entry("", column,
                        fmt::format(":{}=N  {} (default: {})", parameter.name, parameter.meaning,
                                    parameter.fallback));
        }
    }
    print_entry("exec:COMMAND", column, "A program of your own that speaks the trial protocol.");
}

void list_targets() {
    constexpr std::size_t column = 23;
    fmt::print("Targets (--target)\n");
    for (const OwnTarget& target : own_targets) print_entry(target.name, column, target.meaning);
    print_entry("http://... https://", column,
                "Any server; that the work is the same is then seen on the client's side alone.");
}

void list_latency() {
    fmt::print(
        "Latency (--latency)\n"
        "  20ms, constant:20ms         always the same\n"
        "  uniform:10ms,30ms           evenly between minimum and maximum\n"
        "  exponential:20ms            by its mean\n"
        "  lognormal:20ms,80ms         by its median and 99th percentile\n"
        "  bimodal:5ms,100ms,0.05      fast, slow, share of slow\n");
}

const char* direction(Better better) {
    switch (better) {
        case Better::lower:
            return "lower is better";
        case Better::higher:
            return "higher is better";
        case Better::neither:
            break;
    }
    return "";
}

void list_metrics() {
    fmt::print("Metrics (of every trial; a cell has their medians with intervals)\n");
    for (const MetricInfo& info : metric_catalogue()) {
        fmt::print("  {:<35} {:<21} {}\n", info.name, info.unit, direction(info.better));
        print_entry("", 6, info.meaning);
    }
}

void list_pitfalls() {
    fmt::print("Pitfalls (asyncbench pitfalls NAME)\n");
    for (const Pitfall& pitfall : builtin_pitfalls()) {
        print_entry(pitfall.name, 30, pitfall.title);
    }
}

void list_scenarios() {
    fmt::print("Scenarios (asyncbench run NAME)\n");
    for (const std::string& file : shipped_scenario_files()) {
        std::ifstream stream(file);
        std::ostringstream text;
        text << stream.rdbuf();
        const Scenario scenario = scenario_from_json(text.str(), file);
        print_entry(printable(std::filesystem::path(file).stem().string()), 23, printable(scenario.question));
    }
}

}  // namespace

void add_list_command(CLI::App& app, CommandContext& context) {
    auto what = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand(
        "list", "What there is: strategies, targets, latency, metrics, scenarios, pitfalls");
    command->add_option("what", *what, "One of them; all when left out")
        ->check(CLI::IsMember({"strategies", "targets", "latency", "metrics", "scenarios", "pitfalls"}));
    command->callback([what, &context] {
        const auto wanted = [&](const char* name) { return what->empty() || *what == name; };
        const char* gap = "";
        const auto section = [&](const char* name, const auto& print) {
            if (!wanted(name)) return;
            fmt::print("{}", gap);
            print();
            gap = "\n";
        };
        section("strategies", [&] { list_strategies(context.strategies); });
        section("targets", list_targets);
        section("latency", list_latency);
        section("metrics", list_metrics);
        section("scenarios", list_scenarios);
        section("pitfalls", list_pitfalls);
    });
}

}  // namespace asyncbench
