#include "cli/before_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "analysis/ranking/block_schedule.hpp"
#include "analysis/ranking/looks.hpp"
#include "async/errors.hpp"
#include "cli/run_scenario.hpp"
#include "cli/tell.hpp"
#include "cli/time_left.hpp"
#include "harness/measure/system_usage.hpp"
#include "harness/trial/experiment.hpp"

namespace asyncbench {
namespace {

bool answers_yes() {
    std::string answer;
    return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

std::string text_of_blocks(const Scenario& scenario) {
    const std::size_t trials = plan_block(scenario, 0).size();
    const std::uint32_t blocks = least_blocks(scenario);
    return fmt::format("{} block{} of {} trial{}", blocks, blocks == 1 ? "" : "s", trials,
                       trials == 1 ? "" : "s");
}

}  // namespace

RunTime expected_time(const Scenario& scenario) {
    const Nanoseconds least = expected_block_time(scenario) * least_blocks(scenario);
    return {least, scenario.repetitions > 0 ? least : std::max(least, scenario.budget)};
}

std::string why_too_long(const Scenario& scenario) {
    const RunTime time = expected_time(scenario);
    if (scenario.repetitions > 0) {
        constexpr std::chrono::minutes long_run{10};
        if (time.least <= long_run) return {};
        return fmt::format("{} take about {}.", text_of_blocks(scenario), in_words(time.least));
    }
    if (time.least <= 2 * scenario.budget) return {};
    return fmt::format("{} take about {}, and the budget is {}.", text_of_blocks(scenario),
                       in_words(time.least), in_words(scenario.budget));
}

void require_meant(const Scenario& scenario) {
    const std::string why = why_too_long(scenario);
    if (why.empty()) return;
    if (isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0) {
        put_on_stderr(why + " Go on all the same? [y/N] ");
        if (answers_yes()) return;
    } else if (scenario.repetitions > 0) {
        return;
    }
    const std::string more = scenario.repetitions > 0 ? std::string("Ask for fewer blocks (-r)")
                                                      : fmt::format("Give it that time (--budget {})",
                                                                    in_words(expected_time(scenario).least));
    throw UsageError(
        fmt::format("{} {}, or lower --latency, -d, -c or the number of strategies.", why, more));
}

MachineLoad look_at_machine() {
    constexpr std::chrono::milliseconds period{300};
    const SystemUsage before = read_system_usage();
    const auto began = Clock::now();
    std::this_thread::sleep_for(period);
    const SystemUsage after = read_system_usage();
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return {busy_seconds(before, after) / seconds, steal_share(before, after)};
}

std::string busy_notice(const MachineLoad& load, unsigned cpus) {
    if (!load.is_busy()) return {};
    const bool steal = load.steal_share && *load.steal_share > DisturbanceLimits{}.steal_share;
    const std::string who = steal ? fmt::format("its hypervisor gives {:.0f} % of its CPU time to others",
                                                *load.steal_share * 100)
                                  : fmt::format("other programs use {:.1f} of its {} CPUs",
                                                load.other_load_cores.value_or(0), cpus);
    return fmt::format(
        "This machine is busy: {}. The answer will hold all the same, with wider intervals; "
        "`asyncbench doctor` says more.",
        who);
}

void announce_machine() {
    const std::string busy =
        busy_notice(look_at_machine(), std::max(1U, std::thread::hardware_concurrency()));
    if (!busy.empty()) tell(busy);
}

void announce_run(const Scenario& scenario) {
    const RunTime time = expected_time(scenario);
    std::string text = fmt::format("Measuring {}: about {}", text_of_blocks(scenario), in_words(time.least));
    const std::uint32_t enough = blocks_of_first_look(questions_of(scenario));
    if (scenario.repetitions == 0 && least_blocks(scenario) < enough) {
        text += fmt::format(". So few can show no order; {} blocks can (--budget {})", enough,
                            in_words(expected_block_time(scenario) * enough));
    } else if (scenario.repetitions == 0 && time.most > time.least) {
        text += fmt::format(", at most {} where the order is not clear by then", in_words(time.most));
    }
    tell(text + ".");
    announce_machine();
}

}  // namespace asyncbench
