#include "analysis/ranking/choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/support/runs/made_run.hpp"

namespace asyncbench::choice_tests {

using test::Measured;
using test::run_of;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const Group& group) {
    std::vector<std::string> names;
    for (const Cell* cell : group) names.push_back(cell->strategy.name);
    return names;
}

std::vector<Choice::By> steps_of(const Choice& choice) {
    std::vector<Choice::By> steps;
    for (const Choice::Step& step : choice.steps) steps.push_back(step.by);
    return steps;
}

std::vector<std::vector<std::string>> groups_of(const RunResult& run) {
    std::vector<std::vector<std::string>> groups;
    for (const Group& group : ranked_groups(run)) groups.push_back(names(group));
    return groups;
}

/// Of strategies a, b, c, ... with these trials, the same in each of 16 blocks.
RunResult run_with(const std::vector<Measured>& trials) {
    std::vector<std::string> strategies;
    for (std::size_t i = 0; i < trials.size(); ++i)
        strategies.push_back(std::string(1, static_cast<char>('a' + i)));
    RunResult run =
        run_of(strategies, 16, [&](std::size_t strategy, std::uint32_t) { return trials[strategy]; });
    run.ranking = test::judged(run);
    return run;
}

TEST(Groups, AreBoundedWhereEverybodyAboveBeatsEverybodyBelow) {
    EXPECT_THAT(groups_of(run_with({{.speed = 100}, {.speed = 201}, {.speed = 200}, {.speed = 300}})),
                ElementsAre(ElementsAre("d"), ElementsAre("b", "c"), ElementsAre("a")));
}

TEST(Groups, JoinThoseThatOneBetweenThemDoesNotTellApart) {
    // a beats c, and b is told from neither.
    RunResult run = run_of({"a", "b", "c"}, 16, [](std::size_t strategy, std::uint32_t block) {
        return Measured{.speed = std::array{120.0, block % 2 == 0 ? 130.0 : 90.0, 100.0}[strategy]};
    });
    run.ranking = test::judged(run);
    ASSERT_TRUE(run.ranking->shows(StrategySpec::parse("a"), StrategySpec::parse("c"), "throughput_rps"));
    EXPECT_THAT(groups_of(run), ElementsAre(testing::UnorderedElementsAre("a", "b", "c")));
    EXPECT_THAT(names(choose(run).fastest), testing::UnorderedElementsAre("a", "b")) << "c is beaten";
}

TEST(Groups, LeaveAWrongCellOut) {
    EXPECT_THAT(
        groups_of(run_with({{.speed = 100}, {.speed = 900, .wrong = "work-mismatch"}, {.speed = 200}})),
        ElementsAre(ElementsAre("c"), ElementsAre("a")));
}

TEST(Groups, AreNoneBeforeAJudgement) {
    RunResult run = run_with({{.speed = 100}, {.speed = 200}});
    run.ranking.reset();
    EXPECT_THAT(groups_of(run), IsEmpty());
    EXPECT_THAT(choose(run).chosen, IsEmpty());
}

TEST(Choice, IsTheFastest) {
    const RunResult run = run_with({{.speed = 100, .cpu_us = 1}, {.speed = 200, .cpu_us = 90}});
    const Choice choice = choose(run);
    EXPECT_THAT(names(choice.chosen), ElementsAre("b"));
    EXPECT_THAT(choice.steps, IsEmpty());
}

TEST(Choice, IsByCpuAmongThoseAsFast) {
    const RunResult run = run_with(
        {{.cpu_us = 20, .rss_bytes = 1e6}, {.cpu_us = 10, .rss_bytes = 9e6}, {.speed = 50, .cpu_us = 1}});
    const Choice choice = choose(run);
    EXPECT_THAT(names(choice.fastest), testing::UnorderedElementsAre("a", "b"));
    EXPECT_THAT(names(choice.chosen), ElementsAre("b"));
    EXPECT_THAT(steps_of(choice), ElementsAre(Choice::By::cpu));
}

TEST(Choice, IsByMemoryWhereCpuIsTheSame) {
    const RunResult run = run_with({{.rss_bytes = 2e6}, {.rss_bytes = 1e6}});
    const Choice choice = choose(run);
    EXPECT_THAT(names(choice.chosen), ElementsAre("b"));
    EXPECT_THAT(steps_of(choice), ElementsAre(Choice::By::memory));
}

TEST(Choice, IsByLinesOfCodeAtTheEnd) {
    RunResult run = run_with({{}, {}, {}});
    run.code_lines = {{"a", 70}, {"b", 40}, {"c", 40}};
    const Choice choice = choose(run);
    EXPECT_THAT(names(choice.chosen), ElementsAre("b", "c"));
    EXPECT_THAT(steps_of(choice), ElementsAre(Choice::By::code));
    run.code_lines.erase("a");
    EXPECT_THAT(names(choose(run).chosen), ElementsAre("a", "b", "c")) << "of a nothing is known";
    EXPECT_THAT(choose(run).steps, IsEmpty());
}

TEST(Choice, NamesWhatLeftEachOneOut) {
    RunResult run = run_with({{.cpu_us = 30}, {}, {}});
    run.code_lines = {{"a", 30}, {"b", 64}, {"c", 40}};
    const Choice choice = choose(run);
    EXPECT_THAT(steps_of(choice), ElementsAre(Choice::By::cpu, Choice::By::code));
    EXPECT_THAT(names(choice.steps.front().left), ElementsAre("b", "c")) << "a has the least code of all";
    EXPECT_THAT(names(choice.chosen), ElementsAre("c"));
}

TEST(Choice, IsNoneWhereNothingTellsThemApart) {
    const Choice choice = choose(run_with({{}, {}}));
    EXPECT_EQ(choice.chosen.size(), 2U);
    EXPECT_THAT(choice.steps, IsEmpty());
}

TEST(Choice, IsNotTakenFromThoseThatAreSlower) {
    RunResult run = run_with({{.speed = 100}, {.speed = 200}});
    run.code_lines = {{"a", 5}, {"b", 500}};
    EXPECT_THAT(names(choose(run).chosen), ElementsAre("b"));
}

TEST(Choice, TakesThoseForCloseThatOnlyWaitedForACpu) {
    const auto run_waiting = [](double wait) {
        RunResult run = run_with({{.speed = 100, .disturbed = true, .cpu_wait_share = wait},
                                  {.speed = 120, .disturbed = true, .cpu_wait_share = 0.01}});
        run.code_lines = {{"a", 40}, {"b", 70}};
        return run;
    };
    const RunResult turned = run_waiting(0.3);
    EXPECT_THAT(names(choose(turned).close), ElementsAre("b", "a")) << "a may be ahead without its waits";
    EXPECT_THAT(names(choose(turned).chosen), ElementsAre("a"));
    EXPECT_THAT(steps_of(choose(turned)), ElementsAre(Choice::By::code));
    const RunResult ahead = run_waiting(0.05);
    EXPECT_THAT(names(choose(ahead).close), ElementsAre("b")) << "1.15 times without the waits";
}

Cell cell_of(double low, double median, double ideal) {
    Cell cell;
    cell.metrics["throughput_rps"] = {median, low, median + 1, 0.95};
    cell.metrics["ideal_rps"] = {ideal, ideal, ideal, 0.95};
    return cell;
}

TEST(UndisturbedBounds, LieBetweenTheSlowestSeenAndTheIdeal) {
    const Cell base = cell_of(8, 9, 10);
    const Cell head = cell_of(1500, 1700, 2000);
    const auto bounds = undisturbed_bounds(test::scenario_of({"a", "b"}), base, head);
    ASSERT_TRUE(bounds);
    EXPECT_DOUBLE_EQ(bounds->low, 150) << "head at its slowest, base at its ideal";
    EXPECT_DOUBLE_EQ(bounds->high, 250) << "head at its ideal, base at its slowest";
}

TEST(UndisturbedBounds, AreNoneWhereNoIdealIsKnown) {
    Scenario scenario = test::scenario_of({"a", "b"});
    Cell base = cell_of(8, 9, 10);
    const Cell head = cell_of(1500, 1700, 2000);
    scenario.plan.kind = PlanKind::open;
    EXPECT_FALSE(undisturbed_bounds(scenario, base, head));
    scenario.plan.kind = PlanKind::closed;
    base.metrics.erase("ideal_rps");
    EXPECT_FALSE(undisturbed_bounds(scenario, base, head)) << "a foreign target";
    EXPECT_FALSE(undisturbed_bounds(scenario, head, base));
    EXPECT_FALSE(undisturbed_bounds(scenario, cell_of(0, 9, 10), head)) << "nothing came through";
}

}  // namespace asyncbench::choice_tests
