#include "harness/trial/trial_process.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "async/detect/finding.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "cli/commands.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {

namespace {

/// The wrong ways are there to do what detectors find, thousands of times, and are not to fill the terminal.
/// A trial that is diagnosed has a receiver of its own.
class DropFindings final : public FindingSink {
  public:
    void found(const Finding&) noexcept override {}

  private:
    ReceiveFindings receive_{*this};
};

}  // namespace

void add_trial_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "trial", "Do one trial by the trial protocol on stdin and stdout (what `run` starts)");
    struct Options {
        std::optional<std::string> strategy;
        bool diagnose = false;
        bool of_pitfalls = false;
        std::string extra_compute;
        std::string extra_delay;
    };
    auto options = std::make_shared<Options>();
    command->add_option("--as", options->strategy, "Use this strategy, whatever the spec says")
        ->type_name("STRATEGY");
    command->add_flag("--diagnose", options->diagnose, "With every detector on, whatever the spec says");
    command
        ->add_option("--extra-compute", options->extra_compute,
                     "CPU work on each response besides the spec's: a regression for a gate to find")
        ->type_name("T");
    command
        ->add_option("--extra-delay", options->extra_delay,
                     "Wait before each request is sent: a slower strategy for a ranking to find")
        ->type_name("T");
    command->add_flag("--pitfalls", options->of_pitfalls,
                      "The strategies are the ways of the pitfalls (what `pitfalls` starts)");
    command->footer(
        "Another build beside this one, in the same blocks of trials:\n"
        "  asyncbench run -s coroutine,'exec:other/asyncbench trial --as coroutine'");
    command->callback([options, &context] {
        std::optional<DropFindings> expected;
        if (options->of_pitfalls) expected.emplace();
        const StrategyRegistry strategies = options->of_pitfalls ? pitfall_strategies() : context.strategies;
        TrialOverrides overrides;
        overrides.diagnose = options->diagnose;
        if (!options->extra_compute.empty()) overrides.extra_compute = parse_duration(options->extra_compute);
        if (!options->extra_delay.empty()) overrides.extra_delay = parse_duration(options->extra_delay);
        if (options->strategy) {
            overrides.strategy = StrategySpec::parse(*options->strategy);
            strategies.require(overrides.strategy->name, overrides.strategy->options);
        }
        context.status =
            static_cast<ExitStatus>(run_trial_process(std::cin, std::cout, strategies, overrides));
    });
}

}  // namespace asyncbench
