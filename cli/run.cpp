#include "cli/run_scenario.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "cli/before_run.hpp"
#include "cli/commands.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/html_options.hpp"
#include "cli/live/live_option.hpp"
#include "cli/live/live_run.hpp"
#include "cli/output_files.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_options.hpp"
#include "cli/shell_quote.hpp"
#include "cli/tell.hpp"
#include "harness/http/transfer.hpp"
#include "harness/load/plan_spec.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

/// Tells several observers, which must live longer, in their order.
class Observers final : public RunObserver {
  public:
    explicit Observers(std::vector<RunObserver*> observers) : observers_(std::move(observers)) {}

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override {
        for (RunObserver* observer : observers_) observer->trial_starts(spec, index, total);
    }
    void trial_ended(const Trial& result, std::size_t index, std::size_t total) override {
        for (RunObserver* observer : observers_) observer->trial_ended(result, index, total);
    }
    void block_ended(const RunResult& run, const RunProgress& progress) override {
        for (RunObserver* observer : observers_) observer->block_ended(run, progress);
    }
    bool wants_run_so_far() override {
        wanting_.clear();
        for (RunObserver* observer : observers_) {
            if (observer->wants_run_so_far()) wanting_.push_back(observer);
        }
        return !wanting_.empty();
    }
    void run_so_far(const RunResult& run) override {
        for (RunObserver* observer : wanting_) observer->run_so_far(run);
    }

  private:
    std::vector<RunObserver*> observers_;
    std::vector<RunObserver*> wanting_;  ///< to be told of the run so far
};

struct RunOptions {
    ScenarioOptions scenario;
    OutputFiles output;
    bool quiet = false;
    bool strict = false;
    LiveOption live;
};

void require_strategies(const Scenario& scenario, const StrategyRegistry& strategies) {
    for (const StrategySpec& spec : scenario.strategies) {
        if (spec.name == "exec") continue;
        strategies.require(spec.name, spec.options);
        // Made once here, so that a wrong value is told before the first trial and not by each of them.
        StrategyOptions options;
        options.parameters = spec.options;
        for (const auto& [parameter, value] : spec.options) options.count(parameter, 1);
    }
}

/// Descriptors that the most demanding trial needs: for its requests in flight, and some for itself.
std::uint64_t descriptors_needed(const Scenario& scenario, const StrategyRegistry& strategies) {
    const std::uint32_t concurrency =
        *std::max_element(scenario.concurrency.begin(), scenario.concurrency.end());
    // Each of the asynchronous session's multi handles, one for 32 requests, holds a pair of sockets.
    const std::uint64_t own_need = 64 + concurrency / 8;
    std::uint64_t most = 0;
    for (const StrategySpec& spec : scenario.strategies) {
        if (spec.name == "exec") {
            most = std::max<std::uint64_t>(most, concurrency);
            continue;
        }
        const StrategyInfo& info = strategies.require(spec.name, spec.options);
        StrategyOptions options;
        options.parameters = spec.options;
        const std::uint64_t in_flight = std::min(concurrency, options.count("threads", info.most_in_flight));
        most = std::max(most, in_flight * info.descriptors_per_request);
    }
    return most + own_need;
}

void require_descriptors(const Scenario& scenario, const StrategyRegistry& strategies) {
    const std::uint64_t limit = raise_descriptor_limit();
    const std::uint64_t needed = descriptors_needed(scenario, strategies);
    if (needed > limit) {
        throw Error(fmt::format(
            "Concurrency {} needs {} descriptors in one process, and this system allows {}. Lower -c, or "
            "raise the limit: `ulimit -Hn {}` as root.",
            *std::max_element(scenario.concurrency.begin(), scenario.concurrency.end()), needed, limit,
            needed));
    }
}

/// Whether the answer is less than a quiet machine and a longer run would give. Disturbed blocks that others
/// stood in for do not count.
bool is_inconclusive(const RunResult& run) {
    if (!run.ranking || run.ranking->open() > 0) return true;
    const Ranking& ranking = *run.ranking;
    const bool limited = std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return cell.concurrency == ranking.concurrency && cell.limited();
    });
    const bool disturbed = std::any_of(run.trials.begin(), run.trials.end(), [&](const Trial& trial) {
        return trial.disturbed() &&
               std::binary_search(ranking.blocks.begin(), ranking.blocks.end(), trial.repetition);
    });
    return limited || disturbed;
}

ExitStatus status_of(const RunResult& run, bool strict) {
    if (run.interrupted) return ExitStatus::interrupted;
    const bool measured = std::any_of(run.trials.begin(), run.trials.end(),
                                      [](const Trial& trial) { return trial.failure.empty(); });
    if (!measured) return ExitStatus::failed;
    if (!run.usable()) return ExitStatus::wrong;
    return strict && is_inconclusive(run) ? ExitStatus::inconclusive : ExitStatus::done;
}

std::vector<std::string> names_of_one_in_flight(const StrategyRegistry& strategies) {
    std::vector<std::string> names;
    for (const StrategyInfo& info : strategies.all())
        if (info.most_in_flight == 1) names.push_back(info.name);
    return names;
}

ExitStatus run(const RunOptions& options, const CommandContext& context) {
    Scenario scenario = options.scenario.scenario();
    scenario.one_in_flight = names_of_one_in_flight(context.strategies);
    require_strategies(scenario, context.strategies);
    if (scenario.plan.kind == PlanKind::open)
        arrival_times(scenario.plan, scenario.seed);  // throws where impossible
    options.output.require_writable({}, {options.scenario.file()});
    require_descriptors(scenario, context.strategies);
    require_meant(scenario);
    initialize_curl();

    const auto live = options.live.start<LiveRun>(scenario, options.output);
    const RunnerOptions runner = runner_options(scenario, {"trial"});
    const auto target = make_target(scenario);
    if (!options.quiet) announce_run(scenario);
    RunResult result;
    {
        Progress progress(progress_style(options.quiet));
        std::vector<RunObserver*> watching{&progress};
        if (live) watching.push_back(live.get());
        Observers observers(std::move(watching));
        result = run_scenario(scenario, *target, runner, observers);
    }
    if (const auto warning = live ? live->page().warning() : std::nullopt)
        result.warnings.push_back(*warning);
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    result.code_lines = code_lines(context.strategies);
    options.output.write(result, html_options(context.strategies));
    if (live) live->page().end(result);
    return status_of(result, options.strict);
}

}  // namespace

void add_run_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Compare strategies: measure each in trials and report");
    options->scenario.add_to(*command);
    command->add_option("-o,--out", options->output.directory, "Directory for result.json and report.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report")->type_name("FILE");
    options->live.add_to(*command, "run");
    command->add_flag("--quiet", options->quiet, "No progress");
    command->add_flag(
        "--strict", options->strict,
        "Status 3 where, at the highest concurrency, an order is open, a cell is limited or a judged "
        "block was disturbed");
    command->footer(
        "Exit status: 0 answered, also on a busy machine; 1 nothing was measured; 3 with --strict, where "
        "the answer is not sharp; 4 a cell is wrong, the others are ranked; 64 wrong usage; 130 "
        "interrupted.");
    command->callback([options, &context] { context.status = run(*options, context); });
}

}  // namespace asyncbench
