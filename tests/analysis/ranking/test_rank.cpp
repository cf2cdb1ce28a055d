#include "analysis/ranking/rank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/ranking/looks.hpp"
#include "tests/support/runs/made_run.hpp"

namespace asyncbench::rank_tests {

using test::judged;
using test::Measured;
using test::order_of;
using test::run_of;
using test::scenario_of;
using testing::ElementsAre;

const std::vector<std::string> two{"callback", "coroutine"};

/// The order of two strategies whose trials `measure` makes up; base is 0, head is 1.
Order order_of_two(std::uint32_t blocks, const test::Measure& measure, double alpha = 0.05) {
    return order_of(judged(run_of(two, blocks, measure), alpha), two[0], two[1]);
}

/// Head is `times` as fast as base in each block but the first `against` ones, where it is as much slower.
test::Measure head_is_faster(double times, std::uint32_t against = 0) {
    return [=](std::size_t strategy, std::uint32_t block) {
        Measured measured;
        if (strategy == 1) measured.speed *= block < against ? 1 / times : times;
        return measured;
    };
}

double agreeing(std::uint32_t blocks) {
    return std::pow(2.0, 1.0 - blocks);
}

TEST(Order, IsShownByBlocksThatAllAgree) {
    const Order order = order_of_two(10, head_is_faster(1.5));
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_DOUBLE_EQ(order.ratio.value, 1.5);
    EXPECT_DOUBLE_EQ(order.p_value, 3 * agreeing(10)) << "of three questions";
}

TEST(Order, IsTheSameWhicheverStrategyIsTheBase) {
    const Order order = order_of_two(10, head_is_faster(1 / 1.5));
    EXPECT_EQ(order.verdict, OrderVerdict::base_better);
    EXPECT_DOUBLE_EQ(order.p_value, 3 * agreeing(10));
}

TEST(Order, NeedsEnoughBlocks) {
    EXPECT_EQ(order_of_two(6, head_is_faster(1.5)).verdict, OrderVerdict::open);         // 3 / 32
    EXPECT_EQ(order_of_two(7, head_is_faster(1.5)).verdict, OrderVerdict::head_better);  // 3 / 64
}

TEST(Order, IsOfWhatTheLookMaySpend) {
    EXPECT_EQ(order_of_two(7, head_is_faster(1.5), 0.03).verdict, OrderVerdict::open);
    EXPECT_EQ(order_of_two(8, head_is_faster(1.5), 0.03).verdict, OrderVerdict::head_better);
    EXPECT_EQ(order_of_two(8, head_is_faster(1.5), 0.01).verdict, OrderVerdict::open);
}

TEST(Order, HasThePValueOfTheTwoSidedSignTest) {
    // R: binom.test(14, 16)$p.value is 0.004180908; three questions, of which Holm takes the least first.
    const Order order = order_of_two(16, head_is_faster(1.5, 2));
    EXPECT_NEAR(order.p_value, 3 * 0.004180908203125, 1e-12);
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    // R: binom.test(8, 10)$p.value is 0.109375.
    EXPECT_NEAR(order_of_two(10, head_is_faster(1.5, 2)).p_value, 3 * 0.109375, 1e-12);
}

TEST(Order, CountsATieAgainstItself) {
    const auto with_ties = [](std::uint32_t ties) {
        return [ties](std::size_t strategy, std::uint32_t block) {
            Measured measured;
            if (strategy == 1 && block >= ties) measured.speed = 150;
            return measured;
        };
    };
    EXPECT_NEAR(order_of_two(10, with_ties(1)).p_value, 3 * 2 * 11.0 / 1024, 1e-12)
        << "9 of 10, and not of 9";
    EXPECT_EQ(order_of_two(10, with_ties(10)).p_value, 1);
}

TEST(Order, IsNoneBelowTwoPercent) {
    EXPECT_FALSE(order_of_two(20, head_is_faster(1.019)).is_ordered());
    EXPECT_TRUE(order_of_two(20, head_is_faster(1.021)).is_ordered());
    EXPECT_FALSE(order_of_two(20, head_is_faster(1 / 1.019)).is_ordered());
}

TEST(Order, IsNoneBelowTwoPercentWithTheLatenessTakenOut) {
    const auto punctual = [](double ratio) {
        return [ratio](std::size_t strategy, std::uint32_t) {
            return strategy == 0 ? Measured{.speed = 100, .punctual = 100}
                                 : Measured{.speed = 150, .punctual = 100 * ratio};
        };
    };
    EXPECT_FALSE(order_of_two(20, punctual(1.019)).is_ordered());
    EXPECT_TRUE(order_of_two(20, punctual(1.021)).is_ordered());
}

/// Head is half as fast again in each block; in how many it is so, too, with the target's lateness taken out.
test::Measure punctual_in(std::uint32_t blocks) {
    return [=](std::size_t strategy, std::uint32_t block) {
        if (strategy == 0) return Measured{.speed = 100, .punctual = 100};
        return Measured{.speed = 150, .punctual = block < blocks ? 140.0 : 90.0};
    };
}

/// The same, in blocks of which the first `disturbed` are.
test::Measure on_busy_machine(double times, std::uint32_t disturbed) {
    return [=](std::size_t strategy, std::uint32_t block) {
        Measured measured = head_is_faster(times)(strategy, block);
        measured.disturbed = block < disturbed;
        return measured;
    };
}

TEST(Order, OnABusyMachineNeedsEightPercentWhereNoWaitIsKnown) {
    EXPECT_EQ(order_of_two(12, on_busy_machine(1.07, 12)).verdict, OrderVerdict::alike);
    EXPECT_EQ(order_of_two(12, on_busy_machine(1 / 1.07, 12)).verdict, OrderVerdict::alike);
    EXPECT_EQ(order_of_two(12, on_busy_machine(1.09, 12)).verdict, OrderVerdict::head_better);
}

TEST(Order, OnABusyMachineNeedsEightPercentWithTheLatenessTakenOutWhereNoWaitIsKnown) {
    const auto late = [](std::size_t strategy, std::uint32_t block) {
        Measured measured = on_busy_machine(1.2, 12)(strategy, block);
        measured.punctual = strategy == 1 ? 107 : 100;
        return measured;
    };
    EXPECT_EQ(order_of_two(12, late).verdict, OrderVerdict::through_target);
}

TEST(Order, NeedsNoMoreWhereAQuarterOfTheBlocksIsDisturbed) {
    EXPECT_EQ(order_of_two(12, on_busy_machine(1.05, 3)).verdict, OrderVerdict::head_better);
    EXPECT_EQ(order_of_two(12, on_busy_machine(1.05, 4)).verdict, OrderVerdict::alike);
}

/// Head is `times` as fast; base's threads wait for a CPU in `base` of their time, head's in `head`.
test::Measure waiting(double times, double base, double head, bool disturbed = true) {
    return [=](std::size_t strategy, std::uint32_t block) {
        Measured measured = head_is_faster(times)(strategy, block);
        measured.disturbed = disturbed;
        measured.cpu_wait_share = strategy == 0 ? base : head;
        return measured;
    };
}

TEST(Order, HoldsOnlyWithTheWaitsForACpuGivenBack) {
    const Order taken_away = order_of_two(12, waiting(1.2, 0.3, 0.01));
    EXPECT_EQ(taken_away.verdict, OrderVerdict::open);
    ASSERT_TRUE(taken_away.unwaiting_ratio);
    EXPECT_NEAR(taken_away.unwaiting_ratio->value, 1.2 * 0.7 / 0.99, 1e-12);
    EXPECT_EQ(order_of_two(12, waiting(1.05, 0.3, 0.01)).verdict, OrderVerdict::alike)
        << "within 10 % as measured";
    EXPECT_EQ(order_of_two(12, waiting(1.5, 0.3, 0.01)).verdict, OrderVerdict::head_better);
    EXPECT_EQ(order_of_two(12, waiting(1.05, 0.3, 0.3)).verdict, OrderVerdict::head_better)
        << "both waited as much";
    EXPECT_EQ(order_of_two(12, waiting(1 / 1.2, 0.01, 0.3)).verdict, OrderVerdict::open)
        << "the other way round";
}

TEST(Order, OfTimesHoldsOnlyWithTheWaitsForACpuGivenBack) {
    const auto verdict_with = [](double wait) {
        Scenario scenario = scenario_of(two);
        scenario.plan.kind = PlanKind::open;
        RunResult run = test::run_in(scenario, 12, waiting(1, 0.01, wait));
        for (Trial& trial : run.trials) {
            const double time_ns = trial.spec.strategy.name == two[0] ? 1e6 : 1.2e6;
            trial.metrics["response_p99_ns"] = trial.metrics["punctual_response_p99_ns"] = {time_ns, {}};
        }
        test::sum_up(run);
        return order_of(judged(run), two[0], two[1]).verdict;
    };
    EXPECT_EQ(verdict_with(0.01), OrderVerdict::base_better);
    EXPECT_EQ(verdict_with(0.3), OrderVerdict::open);
}

TEST(Order, GivesNoWaitsBackWhereNothingElseRan) {
    // There a strategy's threads wait for one another.
    const Order order = order_of_two(12, waiting(1.2, 0.3, 0.01, false));
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_FALSE(order.unwaiting_ratio);
}

TEST(Order, OfMemoryNeedsNoMoreOnABusyMachine) {
    const auto less_memory = [](std::size_t strategy, std::uint32_t) {
        Measured measured;
        measured.disturbed = true;
        if (strategy == 1) measured.rss_bytes *= 1.05;
        return measured;
    };
    const Ranking ranking = judged(run_of(two, 12, less_memory));
    EXPECT_EQ(order_of(ranking, two[0], two[1], "peak_rss_bytes").verdict, OrderVerdict::base_better);
}

TEST(Order, NeedsBothTheRatiosAsMeasuredAndThePunctualOnes) {
    const Order both = order_of_two(10, punctual_in(10));
    EXPECT_EQ(both.verdict, OrderVerdict::head_better);
    ASSERT_TRUE(both.punctual_ratio);
    EXPECT_DOUBLE_EQ(both.punctual_ratio->value, 1.4);

    const Order doubtful = order_of_two(10, punctual_in(8));
    EXPECT_NEAR(doubtful.p_value, 3 * 0.109375, 1e-12) << "the larger of the two";
    EXPECT_EQ(doubtful.verdict, OrderVerdict::open);
}

TEST(Order, OfAForeignTargetRestsOnTheRatiosAsMeasured) {
    RunResult run = run_of(two, 10, head_is_faster(1.5));
    for (Trial& trial : run.trials) trial.metrics.erase("punctual_rps");
    const Order order = order_of(judged(run), two[0], two[1]);
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_FALSE(order.punctual_ratio);
}

TEST(Order, OfATargetWhoseLatenessIsKnownInFewBlocksIsNotShown) {
    RunResult run = run_of(two, 10, head_is_faster(1.5));
    for (Trial& trial : run.trials)
        if (trial.repetition > 4) trial.metrics["punctual_rps"] = MetricValue::unknown("not told");
    const Order order = order_of(judged(run), two[0], two[1]);
    EXPECT_FALSE(order.is_ordered());
    EXPECT_DOUBLE_EQ(order.p_value, 3 * agreeing(5));
}

TEST(Order, OfTwoThatDifferThroughTheTargetAloneIsSaidToBeSo) {
    const auto late = [](double punctual) {
        return [=](std::size_t strategy, std::uint32_t) {
            return strategy == 0 ? Measured{.speed = 100, .punctual = 150}
                                 : Measured{.speed = 150, .punctual = 150 * punctual};
        };
    };
    EXPECT_EQ(order_of_two(10, late(1.0)).verdict, OrderVerdict::through_target);
    EXPECT_EQ(order_of_two(10, late(1.015)).verdict, OrderVerdict::through_target);
    EXPECT_EQ(order_of_two(10, late(0.7)).verdict, OrderVerdict::through_target) << "the opposite";
    EXPECT_EQ(order_of_two(5, late(1.0)).verdict, OrderVerdict::open) << "so few show no difference";
    EXPECT_EQ(order_of_two(10, late(1.2)).verdict, OrderVerdict::head_better);
}

/// Which of base and head are limited while head is measured as `speed` to 100.
test::Measure limited(bool base, bool head, double speed) {
    return [=](std::size_t strategy, std::uint32_t) {
        return strategy == 0 ? Measured{.speed = 100, .limited = base}
                             : Measured{.speed = speed, .limited = head};
    };
}

TEST(ALimitedStrategy, MayWin) {
    EXPECT_EQ(order_of_two(10, limited(false, true, 150)).verdict, OrderVerdict::head_better);
    EXPECT_EQ(order_of_two(10, limited(true, false, 60)).verdict, OrderVerdict::base_better);
}

TEST(ALimitedStrategy, NeverLoses) {
    EXPECT_EQ(order_of_two(10, limited(true, false, 150)).verdict, OrderVerdict::open);
    EXPECT_EQ(order_of_two(10, limited(false, true, 60)).verdict, OrderVerdict::open);
}

TEST(ALimitedStrategy, HasNoOrderWithAnother) {
    EXPECT_EQ(order_of_two(20, limited(true, true, 150)).verdict, OrderVerdict::open);
    EXPECT_EQ(order_of_two(20, limited(true, true, 60)).verdict, OrderVerdict::open);
}

TEST(ALimitedStrategy, IsNotCalledAlikeAsItsValueIsABound) {
    EXPECT_EQ(order_of_two(10, limited(false, false, 101)).verdict, OrderVerdict::alike);
    EXPECT_EQ(order_of_two(10, limited(true, false, 101)).verdict, OrderVerdict::open);
    EXPECT_EQ(order_of_two(10, limited(false, true, 101)).verdict, OrderVerdict::open);
    EXPECT_EQ(order_of_two(10, limited(true, true, 101)).verdict, OrderVerdict::open);
}

TEST(ALimitedStrategy, CountsAgainstAnOrderInTheBlocksWhereItIsLimited) {
    const auto base_is_limited_in = [](std::uint32_t blocks) {
        return [=](std::size_t strategy, std::uint32_t block) {
            return strategy == 0 ? Measured{.speed = 100, .limited = block < blocks} : Measured{.speed = 150};
        };
    };
    const Order order = order_of_two(16, base_is_limited_in(2));
    EXPECT_NEAR(order.p_value, 3 * 0.004180908203125, 1e-12) << "14 of 16";
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_EQ(order_of_two(16, base_is_limited_in(8)).verdict, OrderVerdict::open);
}

TEST(ALimitedStrategy, LosesNothingByCpuAndMemoryEither) {
    const auto verdict = [](bool better_is_limited, bool worse_is_limited) {
        const RunResult run = run_of(two, 10, [&](std::size_t strategy, std::uint32_t) {
            return Measured{.cpu_us = strategy == 0 ? 10.0 : 20.0,
                            .limited = strategy == 0 ? better_is_limited : worse_is_limited};
        });
        return order_of(judged(run), two[0], two[1], "cpu_us_per_request").verdict;
    };
    EXPECT_EQ(verdict(false, false), OrderVerdict::base_better);
    EXPECT_EQ(verdict(true, false), OrderVerdict::base_better);
    EXPECT_EQ(verdict(false, true), OrderVerdict::open);
    EXPECT_EQ(verdict(true, true), OrderVerdict::open);
}

TEST(Alike, IsWithinTheReachOfTheWiderInterval) {
    const auto scattered = [](std::size_t strategy, std::uint32_t block) {
        if (strategy == 0) return Measured{};
        const double ratio = std::array{1.0, 1.03, 0.98, 1.01, 0.99}[block % 5];
        return Measured{.speed = 100 * ratio, .punctual = 100 * (1 + 2 * (ratio - 1))};
    };
    const Order order = order_of_two(10, scattered);
    EXPECT_EQ(order.verdict, OrderVerdict::alike);
    ASSERT_TRUE(order.punctual_ratio);
    EXPECT_NEAR(order.alike_within, 0.06, 1e-9) << "1 + 2 * 0.03 is further from 1 than 1 - 2 * 0.02";
}

TEST(Alike, IsNotSaidOfMoreThanTenPercent) {
    const auto scattered = [](double most) {
        return [most](std::size_t strategy, std::uint32_t block) {
            Measured measured;
            if (strategy == 1 && block % 3 == 0) measured.speed *= most;
            if (strategy == 1 && block % 3 == 1) measured.speed /= most;
            return measured;
        };
    };
    EXPECT_EQ(order_of_two(12, scattered(1.09)).verdict, OrderVerdict::alike);
    EXPECT_EQ(order_of_two(12, scattered(1.11)).verdict, OrderVerdict::open);
}

TEST(Alike, NeedsEnoughBlocksForAnInterval) {
    const auto same = [](std::size_t, std::uint32_t) { return Measured{}; };
    EXPECT_EQ(order_of_two(4, same).verdict, OrderVerdict::open);  // [min, max] of four has 87.5 %
    EXPECT_EQ(order_of_two(5, same).verdict, OrderVerdict::alike);
}

TEST(Alike, NeedsThePunctualRatiosToBeKnownAsWell) {
    RunResult run = run_of(two, 10, [](std::size_t, std::uint32_t) { return Measured{}; });
    for (Trial& trial : run.trials)
        if (trial.repetition > 1) trial.metrics["punctual_rps"] = MetricValue::unknown("not told");
    EXPECT_EQ(order_of(judged(run), two[0], two[1]).verdict, OrderVerdict::open);
}

TEST(Ranking, AdjustsByHolmOverAllQuestions) {
    // Three strategies, nine questions. By speed c beats a in 15 of 15 blocks and b in 14; a and b are the
    // same.
    const std::vector<std::string> three{"a", "b", "c"};
    const Ranking ranking = judged(run_of(three, 15, [](std::size_t strategy, std::uint32_t block) {
        if (strategy == 2) return Measured{.speed = 150};
        return Measured{.speed = strategy == 1 && block == 0 ? 160.0 : 100.0};
    }));
    ASSERT_EQ(ranking.orders.size(), 9U);
    // R: p.adjust(c(2^-14, 2 * 16 / 2^15, rep(1, 7)), "holm")
    EXPECT_NEAR(order_of(ranking, "a", "c").p_value, 0.00054931640625, 1e-12);
    EXPECT_NEAR(order_of(ranking, "b", "c").p_value, 0.0078125, 1e-12);
    EXPECT_EQ(order_of(ranking, "a", "b").p_value, 1);
    EXPECT_TRUE(ranking.shows(StrategySpec::parse("c"), StrategySpec::parse("b"), "throughput_rps"));
    EXPECT_FALSE(ranking.shows(StrategySpec::parse("b"), StrategySpec::parse("c"), "throughput_rps"));
}

TEST(Ranking, AsksForCpuAndMemoryOfThoseWithSeveralRequestsInFlight) {
    const Ranking ranking =
        judged(run_of({"sequential", "callback", "coroutine"}, 12, [](std::size_t strategy, std::uint32_t) {
            return Measured{.cpu_us = strategy == 1 ? 10.0 : 20.0, .rss_bytes = strategy == 1 ? 2e6 : 1e6};
        }));
    EXPECT_EQ(ranking.find(StrategySpec::parse("sequential"), StrategySpec::parse("callback"),
                           "cpu_us_per_request"),
              nullptr);
    EXPECT_EQ(order_of(ranking, "callback", "coroutine", "cpu_us_per_request").verdict,
              OrderVerdict::base_better);
    EXPECT_EQ(order_of(ranking, "callback", "coroutine", "peak_rss_bytes").verdict,
              OrderVerdict::head_better);
}

TEST(Ranking, LeavesAWrongCellOutAndRanksTheOthers) {
    for (const bool is_lost : {false, true}) {
        const RunResult run = run_of({"a", "b", "c"}, 12, [&](std::size_t strategy, std::uint32_t block) {
            Measured measured{.speed = 100.0 + 50.0 * static_cast<double>(strategy)};
            if (strategy == 1 && is_lost && block < 2) measured.failure = "It died.";
            if (strategy == 1 && !is_lost && block == 3) measured.wrong = "work-mismatch";
            return measured;
        });
        const Ranking ranking = judged(run);
        EXPECT_EQ(order_of(ranking, "a", "c").verdict, OrderVerdict::head_better);
        EXPECT_EQ(order_of(ranking, "a", "b").verdict, OrderVerdict::open);
        EXPECT_EQ(order_of(ranking, "a", "b").ratio, Estimate{});
        EXPECT_EQ(order_of(ranking, "b", "c").p_value, 1);
        EXPECT_EQ(ranking.open(), 0U) << "no more blocks can rank b";
    }
}

TEST(Ranking, PairsWhatALostTrialLeaves) {
    const RunResult run = run_of(two, 11, [](std::size_t strategy, std::uint32_t block) {
        Measured measured{.speed = strategy == 0 ? 100.0 : 150.0};
        if (strategy == 0 && block == 4) measured.failure = "It died.";
        return measured;
    });
    const Order& order = order_of(judged(run), two[0], two[1]);
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_DOUBLE_EQ(order.p_value, 3 * agreeing(10));
}

TEST(Ranking, IsOfTheJudgedBlocksAlone) {
    const RunResult run = run_of(two, 20, head_is_faster(1.5, 10));
    const Ranking ranking = rank(run, {{10, 11, 12, 13, 14, 15, 16, 17}, 0.03, 1});
    const Order& order = order_of(ranking, two[0], two[1]);
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_DOUBLE_EQ(order.p_value, 3 * agreeing(8));
    EXPECT_EQ(ranking.look, 1U);
    EXPECT_EQ(ranking.alpha, 0.03);
    EXPECT_THAT(ranking.blocks, ElementsAre(10, 11, 12, 13, 14, 15, 16, 17));
}

TEST(JudgedAgain, IsTheSameLookWithoutACellThatBecameWrongSince) {
    RunResult run = run_of({"a", "b", "c"}, 12, [](std::size_t strategy, std::uint32_t block) {
        Measured measured{.speed = 100.0 + 50.0 * static_cast<double>(strategy)};
        if (strategy == 1 && block == 11) measured.wrong = "work-mismatch";
        return measured;
    });
    RunResult at_the_look = run;
    std::erase_if(at_the_look.trials, [](const Trial& trial) { return trial.repetition >= 11; });
    test::sum_up(at_the_look);
    run.ranking = rank(at_the_look, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.05, 1});
    ASSERT_EQ(order_of(*run.ranking, "a", "b").verdict, OrderVerdict::head_better);

    const Ranking again = judged_again(run);
    EXPECT_EQ(order_of(again, "a", "b").verdict, OrderVerdict::open);
    EXPECT_EQ(order_of(again, "a", "c").verdict, OrderVerdict::head_better);
    EXPECT_EQ(again.blocks, run.ranking->blocks);
    EXPECT_EQ(again.look, 1U);
}

TEST(Ranking, IsOfTheHighestConcurrency) {
    Scenario scenario = scenario_of(two);
    scenario.concurrency = {100, 50};
    RunResult run = test::run_in(scenario, 10, head_is_faster(1.5));
    const std::size_t trials = run.trials.size();
    for (std::size_t i = 0; i < trials; ++i) {
        Trial trial = run.trials[i];
        trial.spec.plan.concurrency = 50;
        trial.metrics["throughput_rps"] = {50 / *value_of(trial.metrics, "throughput_rps"), {}};
        run.trials.push_back(trial);
    }
    test::sum_up(run);
    const Ranking ranking = judged(run);
    EXPECT_EQ(ranking.concurrency, 100U);
    EXPECT_EQ(order_of(ranking, two[0], two[1]).verdict, OrderVerdict::head_better);
}

TEST(Ranking, PairsAStrategyThatIsMeasuredOnceABlock) {
    RunResult run = run_of({"sequential", "callback"}, 8, head_is_faster(100));
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() != "sequential") continue;
        trial.spec.plan.concurrency = 1;
        trial.every_level = true;
    }
    test::sum_up(run);
    const Order& order = order_of(judged(run), "sequential", "callback");
    EXPECT_EQ(order.verdict, OrderVerdict::head_better);
    EXPECT_DOUBLE_EQ(order.p_value, agreeing(8)) << "the only question";
}

TEST(Ranking, OfAnOpenLoopIsByTheResponseTime) {
    Scenario scenario = scenario_of(two);
    scenario.plan.kind = PlanKind::open;
    EXPECT_EQ(ranking_metric(scenario), "response_p99_ns");
    RunResult run = test::run_in(scenario, 10, [](std::size_t, std::uint32_t) { return Measured{}; });
    const auto set_times = [&](double base, double head) {
        for (Trial& trial : run.trials) {
            const double time = trial.strategy_name() == two[0] ? base : head;
            trial.metrics["response_p99_ns"] = {time, {}};
            trial.metrics["punctual_response_p99_ns"] = {time, {}};
        }
        return order_of(judged(run), two[0], two[1]);
    };
    const Order shorter = set_times(2e6, 1e6);
    EXPECT_EQ(shorter.verdict, OrderVerdict::head_better);
    EXPECT_DOUBLE_EQ(shorter.ratio.value, 0.5) << "head over base, whatever is better";
    EXPECT_EQ(set_times(1e6, 2e6).verdict, OrderVerdict::base_better);

    // A limited trial's time is "at most".
    for (Trial& trial : run.trials)
        if (trial.strategy_name() == two[1])
            trial.warnings.push_back({"generator-late", "It was late.", WarningKind::limited});
    test::sum_up(run);
    EXPECT_EQ(set_times(1e6, 2e6).verdict, OrderVerdict::open);
    EXPECT_EQ(set_times(2e6, 1e6).verdict, OrderVerdict::head_better);
}

TEST(Ranking, CountsItsOpenQuestionsOfSpeed) {
    const Ranking ranking = judged(run_of({"a", "b", "c"}, 12, [](std::size_t strategy, std::uint32_t block) {
        // c beats both; a and b take turns.
        if (strategy == 2) return Measured{.speed = 900};
        return Measured{.speed = block % 2 == strategy ? 100.0 : 300.0};
    }));
    EXPECT_EQ(ranking.open(), 1U);
}

TEST(Ranking, OfOneStrategyAsksNothing) {
    const Ranking ranking =
        judged(run_of({"callback"}, 8, [](std::size_t, std::uint32_t) { return Measured{}; }));
    EXPECT_TRUE(ranking.orders.empty());
    EXPECT_EQ(ranking.open(), 0U);
}

}  // namespace asyncbench::rank_tests
