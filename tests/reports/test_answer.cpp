#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "harness/trial/summary.hpp"
#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "tests/reports/sample_run.hpp"

namespace asyncbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A cell of five trials at 64 with this throughput.
Cell cell(const std::string& strategy, double low, double value, double high) {
    Cell cell;
    cell.strategy = StrategySpec::parse(strategy);
    cell.concurrency = 64;
    cell.trials = cell.valid_trials = 5;
    cell.metrics["throughput_rps"] = {value, low, high, 0.9375};
    return cell;
}

RunResult run_of(std::vector<Cell> cells) {
    RunResult run;
    for (const Cell& each : cells) run.scenario.strategies.push_back(each.strategy);
    run.scenario.plan.duration = std::chrono::seconds{1};
    run.summary = std::move(cells);
    return run;
}

std::vector<std::vector<std::string>> names_of(const std::vector<Group>& groups) {
    std::vector<std::vector<std::string>> names;
    for (const Group& group : groups) {
        names.emplace_back();
        for (const Cell* member : group) names.back().push_back(member->strategy.text());
    }
    return names;
}

TEST(RankedGroups, AreApartWhereIntervalsDoNotOverlap) {
    const RunResult run =
        run_of({cell("slow", 40, 50, 60), cell("fast", 90, 100, 110), cell("also", 95, 99, 120)});
    EXPECT_THAT(names_of(ranked_groups(run, 64)),
                ElementsAre(ElementsAre("fast", "also"), ElementsAre("slow")));
}

TEST(RankedGroups, AChainOfOverlapsIsOneGroup) {
    const RunResult run = run_of({cell("a", 90, 100, 110), cell("b", 80, 90, 95), cell("c", 70, 75, 85)});
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a", "b", "c")));
    EXPECT_THAT(answer(run).front(), HasSubstr("(no clear order)"));
}

TEST(RankedGroups, AWideIntervalJoinsWhatLiesUnderIt) {
    const RunResult run = run_of({cell("a", 10, 100, 190), cell("b", 80, 90, 95), cell("c", 20, 30, 40)});
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a", "b", "c")));
}

TEST(RankedGroups, APairedComparisonOutweighsTheIntervals) {
    RunResult run = run_of({cell("base", 90, 100, 110), cell("head", 95, 105, 115)});
    run.comparisons.push_back({.base = run.summary[0].strategy,
                               .head = run.summary[1].strategy,
                               .concurrency = 64,
                               .metric = "throughput_rps",
                               .ratio = {1.05, 1.03, 1.07, 0.9375},
                               .separated = true});
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("head"), ElementsAre("base")));
    run.comparisons[0].separated = false;
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("head", "base")));
}

TEST(RankedGroups, AnyTwoAreComparedByTheirPairsWhateverTheirOrder) {
    // A drift that all share: intervals overlap, and in each block `fast` is ahead of `slow` all the same.
    RunResult run =
        run_of({cell("first", 10, 20, 30), cell("slow", 90, 100, 110), cell("fast", 91, 101, 111)});
    for (std::uint32_t repetition = 0; repetition < 5; ++repetition) {
        const double drift = 90 + 5 * repetition;
        for (const auto& [strategy, throughput] :
             {std::pair{"first", drift / 5}, {"slow", drift}, {"fast", drift + 1}}) {
            TrialResult& trial = run.trials.emplace_back();
            trial.spec.strategy = StrategySpec::parse(strategy);
            trial.spec.plan.concurrency = 64;
            trial.repetition = repetition;
            trial.metrics["throughput_rps"] = {throughput, {}};
        }
    }
    const auto apart = ElementsAre(ElementsAre("fast"), ElementsAre("slow"), ElementsAre("first"));
    EXPECT_THAT(names_of(ranked_groups(run, 64)), apart);
    std::rotate(run.summary.begin(), run.summary.begin() + 1, run.summary.end());
    EXPECT_THAT(names_of(ranked_groups(run, 64)), apart);
}

TEST(RankedGroups, SayWhetherTrialsWereFewOrNotValid) {
    RunResult run = run_of({cell("a", 100, 100, 100), cell("b", 50, 50, 50)});
    for (Cell& each : run.summary) {
        each.valid_trials = 3;
        each.metrics["throughput_rps"].confidence = 0.75;
    }
    EXPECT_THAT(answer(run).front(),
                HasSubstr("(3 trials, 75.0 % confidence: too few to rank, 3 of 5 trials valid)"));
}

TEST(RankedGroups, LeaveInvalidCellsOut) {
    RunResult run = run_of({cell("good", 90, 100, 110), cell("bad", 190, 200, 210)});
    run.summary[1].valid_trials = 0;
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("good")));
}

TEST(RankedGroups, ASingleTrialRanksNothing) {
    RunResult run = run_of({cell("a", 100, 100, 100), cell("b", 50, 50, 50)});
    run.scenario.repetitions = 1;
    for (Cell& each : run.summary) {
        each.trials = each.valid_trials = 1;
        each.metrics["throughput_rps"].confidence = 0;
    }
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a", "b")));
    EXPECT_THAT(answer(run),
                ElementsAre(HasSubstr(
                    "a serves 100/s and b 50.0/s (one trial, no interval: too few to rank, -r 5 or more).")));
    run.summary.pop_back();
    EXPECT_THAT(answer(run), ElementsAre(HasSubstr("a serves 100/s (one trial, no interval).")));
}

TEST(RankedGroups, NeedIntervalsOfHighConfidence) {
    RunResult run = run_of({cell("a", 99, 100, 101), cell("b", 49, 50, 51)});
    for (Cell& each : run.summary) each.metrics["throughput_rps"].confidence = 0.875;
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a", "b")));
    EXPECT_FALSE(differs_from(run, run.summary[1], run.summary[0].strategy));
    for (Cell& each : run.summary) each.metrics["throughput_rps"].confidence = 0.9;
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a"), ElementsAre("b")));
    EXPECT_TRUE(differs_from(run, run.summary[1], run.summary[0].strategy));
}

/// Six blocks, of which `sequential` lost the first and `thread-pool` the second: five valid trials each, and
/// four pairs.
RunResult run_of_few_pairs(double thread_pool_rps) {
    RunResult run;
    run.scenario.strategies = {StrategySpec::parse("sequential"), StrategySpec::parse("thread-pool")};
    run.scenario.concurrency = {64};
    run.scenario.repetitions = 6;
    run.scenario.plan.duration = std::chrono::seconds{1};
    run.scenario.profile.delay = DelaySpec::parse("20ms");
    for (std::uint32_t repetition = 0; repetition < 6; ++repetition) {
        for (std::uint32_t i = 0; i < 2; ++i) {
            TrialResult& trial = run.trials.emplace_back();
            trial.spec.strategy = run.scenario.strategies[i];
            trial.spec.plan.concurrency = 64;
            trial.repetition = repetition;
            const double rps = i == 0 ? 49 + 0.1 * repetition : thread_pool_rps + repetition;
            trial.metrics["throughput_rps"] = {rps, {}};
            if (repetition == i) trial.failure = "It died.";
        }
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    return run;
}

TEST(RankedGroups, RestOnIntervalsWherePairsAreTooFew) {
    const RunResult run = run_of_few_pairs(3120);
    ASSERT_EQ(run.comparisons.size(), 1U);
    EXPECT_EQ(run.comparisons[0].ratio.confidence, 0.875);
    EXPECT_THAT(answer(run), ElementsAre("At 64 concurrent requests of 20 ms, thread-pool serves 3,123/s "
                                         "[3,120–3,125]; sequential 49.3/s [49.1–49.5]."));
    EXPECT_TRUE(differs_from(run, run.summary[1], run.summary[0].strategy));
    EXPECT_EQ(ratio_text(run, run.summary[1]), "apart, too few pairs");
    EXPECT_EQ(difference_text(run.comparisons[0]), "too few pairs to tell");
    EXPECT_THAT(terminal_report(run, {}), AllOf(HasSubstr("apart, too few pairs"),
                                                HasSubstr("thread-pool serves 3,123/s [3,120–3,125];")));
    EXPECT_THAT(html_report(run, {}), HasSubstr("apart, too few pairs 63."));
}

TEST(RankedGroups, AreOneWherePairsAreTooFewAndIntervalsOverlap) {
    const RunResult run = run_of_few_pairs(45);
    EXPECT_THAT(answer(run).front(), HasSubstr("no difference shown"));
    EXPECT_EQ(ratio_text(run, run.summary[1]), "too few pairs");
}

TEST(RankedGroups, OneCellOfTooFewTrialsLeavesTheOthersRanked) {
    RunResult run = run_of({cell("few", 99, 100, 101), cell("a", 79, 80, 81), cell("b", 49, 50, 51)});
    run.summary[0].metrics["throughput_rps"].confidence = 0.875;
    run.scenario.repetitions = run.summary[0].trials = run.summary[0].valid_trials = 4;
    EXPECT_THAT(names_of(ranked_groups(run, 64)),
                ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("few")));
    EXPECT_THAT(answer(run).front(),
                HasSubstr("; b 50.0/s [49.0–51.0]; besides few 100/s [99.0–101] "
                          "(4 trials, 87.5 % confidence: too few to rank, -r 5 or more)."));
}

TEST(RankedGroups, NoRankIsClaimedBetweenValuesThatPrintAlike) {
    const RunResult run = run_of({cell("a", 1000.2, 1000.3, 1000.4), cell("b", 1000.0, 1000.0, 1000.1)});
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("a", "b")));
}

TEST(RankedGroups, AnOpenLoopIsRankedByItsResponseTime) {
    RunResult run = run_of({cell("slow", 1, 1, 1), cell("fast", 1, 1, 1)});
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 500;
    run.summary[0].metrics["response_p99_ns"] = {90e6, 89e6, 91e6, 0.9375};
    run.summary[1].metrics["response_p99_ns"] = {80e6, 79e6, 81e6, 0.9375};
    EXPECT_THAT(names_of(ranked_groups(run, 64)), ElementsAre(ElementsAre("fast"), ElementsAre("slow")));
    EXPECT_THAT(answer(run).front(),
                AllOf(HasSubstr("500/s offered"), HasSubstr("response time"), HasSubstr("80.0 ms")));
}

TEST(Answer, GivesValuesWithIntervalsAtTheHighestConcurrency) {
    const auto sentences = answer(sample::clean_run());
    ASSERT_GE(sentences.size(), 2U);
    EXPECT_THAT(
        sentences[0],
        AllOf(testing::StartsWith("At 256 concurrent requests with latency lognormal:20ms,80ms, "),
              testing::ContainsRegex("(callback and coroutine|coroutine and callback) serve 10,[0-9]+–10,"
                                     "[0-9]+/s \\[[0-9,]+–[0-9,]+\\], no difference shown; thread-pool"),
              HasSubstr("; sequential 35.")));
    EXPECT_THAT(sentences[1],
                AllOf(testing::StartsWith("Trial by trial, "), HasSubstr("what sequential does; they reach "),
                      HasSubstr("with the target's delays alone.")));
}

TEST(Answer, SaysOnceWhatIsAlike) {
    RunResult run = run_of({cell("coroutine", 12500, 12690, 12800), cell("callback", 12550, 12690.4, 12750),
                            cell("thread-pool", 9050, 9100, 9150)});
    run.scenario.profile.delay = DelaySpec::parse("20ms");
    EXPECT_EQ(answer(run).front(),
              "At 64 concurrent requests of 20 ms, callback and coroutine serve 12,690/s [12,500–12,800], no "
              "difference shown; thread-pool 9,100/s [9,050–9,150].");
}

TEST(Answer, SaysOfNoTwoThatAreApartThatNoDifferenceIsShown) {
    // a and b, and b and c, overlap; a and c do not.
    const auto chain = [](double offset) {
        return run_of({cell("a", 90, 100, 110), cell("b", 80, 90, 95), cell("c", 70, 75, 85),
                       cell("other", offset + 50, offset + 55, offset + 60)});
    };
    for (const double offset : {0.0, 100.0}) {
        const auto sentences = answer(chain(offset));
        EXPECT_THAT(sentences.front(), HasSubstr("100/s [90.0–110], b 90.0/s [80.0–95.0] and c 75.0/s"))
            << "with " << offset;
        EXPECT_THAT(sentences.front(), HasSubstr("(no clear order)"));
        EXPECT_THAT(sentences.front(), Not(HasSubstr("no difference shown")));
    }
}

/// Ten blocks with two disturbed: in the one `thread-per-request` fell behind, in the other `thread-pool` had
/// an easy time. Of ten values the interval leaves out the lowest and the highest, and so one of a kind; both
/// are ratios below 1.
RunResult run_of_disturbed_blocks() {
    RunResult run;
    run.scenario.strategies = {StrategySpec::parse("thread-pool"), StrategySpec::parse("thread-per-request")};
    run.scenario.concurrency = {64};
    run.scenario.repetitions = 10;
    run.scenario.plan.duration = std::chrono::seconds{1};
    run.scenario.profile.delay = DelaySpec::parse("lognormal:20ms,80ms");
    for (std::uint32_t repetition = 0; repetition < 10; ++repetition) {
        for (std::uint32_t i = 0; i < 2; ++i) {
            TrialResult& trial = run.trials.emplace_back();
            trial.spec.strategy = run.scenario.strategies[i];
            trial.spec.plan.concurrency = 64;
            trial.repetition = repetition;
            double rps = i == 0 ? 2360 : 8000;
            if (repetition == 3 && i == 0) rps = 8100;
            if (repetition == 6 && i == 1) rps = 2300;
            trial.metrics["throughput_rps"] = {rps + repetition, {}};
        }
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    return run;
}

TEST(Answer, TellsValuesApartWhosePairsLeaveTheirOrderOpen) {
    const RunResult run = run_of_disturbed_blocks();
    ASSERT_FALSE(run.comparisons.at(0).separated);
    ASSERT_TRUE(can_rank(run.comparisons[0].ratio));
    EXPECT_THAT(names_of(ranked_groups(run, 64)),
                ElementsAre(ElementsAre("thread-per-request", "thread-pool")));
    EXPECT_THAT(answer(run).front(), HasSubstr("thread-per-request serves 8,004/s [8,000–8,008] and "
                                               "thread-pool 2,366/s [2,361–2,369] (no clear order)."));
}

TEST(Answer, SaysThatMoreTrialsAreToCome) {
    RunResult run = run_of({cell("a", 99, 100, 101), cell("b", 49, 50, 51)});
    for (Cell& each : run.summary) {
        each.metrics["throughput_rps"].confidence = 0.5;
        each.trials = each.valid_trials = 2;
    }
    run.scenario.repetitions = 10;
    EXPECT_THAT(answer(run).front(),
                testing::EndsWith(" (2 trials, 50.0 % confidence: too few trials yet, 2 of 10)."));
    run.summary[0].trials = 3;  // one of them not valid
    EXPECT_THAT(answer(run).front(), testing::EndsWith(": too few trials yet, 3 of 10)."));
    run.summary[0].trials = 2;
    run.interrupted = true;
    EXPECT_THAT(answer(run).front(), testing::EndsWith(": too few to rank)."));
    run.interrupted = false;
    run.scenario.repetitions = 4;
    EXPECT_THAT(answer(run).front(), testing::EndsWith(": too few to rank, -r 5 or more)."));
}

/// `sequential` and three that are alike, at 64, with what each reaches.
RunResult run_of_a_tie() {
    RunResult run = run_of({cell("sequential", 49, 49.2, 49.3), cell("thread-pool", 12400, 12500, 12600),
                            cell("callback", 12380, 12480, 12580), cell("coroutine", 12420, 12520, 12620)});
    const double base = run.summary[0].metrics["throughput_rps"].value;
    for (Cell& each : run.summary) {
        const Estimate& throughput = each.metrics["throughput_rps"];
        each.metrics["ideal_rps"] = {12800, 12800, 12800, 0.9375};
        each.metrics["efficiency"] = {throughput.value / 12800, 0.9, 1, 0.9375};
        each.metrics["response_p99_ns"] = {1e9 / throughput.value, 0, 1e9, 0.9375};
        if (&each == run.summary.data()) continue;
        run.comparisons.push_back({.base = run.summary[0].strategy,
                                   .head = each.strategy,
                                   .concurrency = 64,
                                   .metric = "throughput_rps",
                                   .ratio = {throughput.value / base, 250, 260, 0.9375},
                                   .separated = true});
    }
    return run;
}

TEST(Answer, SinglesNobodyOutOfATie) {
    RunResult run = run_of_a_tie();
    EXPECT_THAT(
        answer(run),
        ElementsAre(
            "At 64 concurrent requests, coroutine, thread-pool and callback serve 12,480–12,520/s "
            "[12,380–12,620], no difference shown; sequential 49.2/s [49.0–49.3].",
            "Trial by trial, coroutine, thread-pool and callback serve 254× [250–260] what sequential "
            "does; they reach 97.5–97.8 % of the 12,800/s with the target's delays alone."));
    // What is not shown of each of them would be told of the others alone.
    run.comparisons[1].ratio.confidence = 0.875;
    run.summary[2].metrics.erase("efficiency");
    EXPECT_EQ(answer(run).size(), 1U);
}

TEST(Answer, CountsATieOfMany) {
    RunResult run = run_of_a_tie();
    for (const char* name : {"callback-poll", "coroutine-asio"}) {
        Cell more = run.summary[2];
        more.strategy = StrategySpec::parse(name);
        Comparison comparison = run.comparisons[1];
        comparison.head = more.strategy;
        run.summary.push_back(more);
        run.comparisons.push_back(comparison);
    }
    const auto sentences = answer(run);
    ASSERT_EQ(sentences.size(), 2U);
    EXPECT_EQ(sentences[1],
              "Trial by trial, these 5 serve 254× [250–260] what sequential does; they reach 97.5–97.8 % of "
              "the 12,800/s with the target's delays alone.");
}

TEST(Answer, RanksNothingInARunThatIsInvalidAsAWhole) {
    RunResult run = run_of_a_tie();
    run.warnings.push_back({"clock-jumped", "The clock jumped.", true});
    ASSERT_FALSE(run.valid());
    EXPECT_THAT(answer(run),
                ElementsAre("No measurement is valid, so there is no answer.",
                            "Not ranked, because the measurement is not valid: the run as a whole "
                            "(clock jumped)."));
    EXPECT_EQ(ratio_text(run, run.summary[1]), "not valid");
    EXPECT_THAT(html_report(run, {}), HasSubstr("<strong>Not valid:</strong> the run as a whole. "));
    EXPECT_THAT(terminal_report(run, {}), AllOf(HasSubstr("! coroutine"), Not(HasSubstr("254×"))));
    run.summary[0].valid_trials = 0;
    EXPECT_THAT(html_report(run, {}), HasSubstr("<strong>Not valid:</strong> the run as a whole. "));
}

TEST(DescribeMultiplicity, IsOfTheConfidencesThatTheRunHas) {
    RunResult run = run_of_a_tie();
    EXPECT_EQ(
        describe_multiplicity(run),
        "Nothing is corrected for the number of comparisons: of 16 that differ in nothing, one may seem "
        "to at a confidence of 93.8 %.");
    run.comparisons[0].ratio.confidence = 0.96875;  // six pairs
    run.comparisons[1].ratio.confidence = 0.875;    // which shows nothing
    EXPECT_THAT(describe_multiplicity(run),
                HasSubstr("of 16 to 32 that differ in nothing, one may seem to at "
                          "a confidence of 93.8 % to 96.9 %."));
    EXPECT_THAT(html_report(run, {}), HasSubstr("of 16 to 32 that differ in nothing"));
    run.comparisons.clear();
    EXPECT_EQ(describe_multiplicity(run), "");
}

TEST(Answer, HoldsEachKindOfLoadAgainstWhatItCouldReach) {
    RunResult run = run_of({cell("a", 189, 190, 191)});
    run.summary[0].metrics["response_p99_ns"] = {80e6, 79e6, 81e6, 0.9375};
    run.summary[0].metrics["ideal_rps"] = {197, 197, 197, 0.9375};
    run.summary[0].metrics["efficiency"] = {0.964, 0.964, 0.964, 0.9375};
    EXPECT_EQ(answer(run)[1], "Of the 197/s with the target's delays alone, a reaches 96.4 %.");
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 200;
    EXPECT_EQ(answer(run)[1],
              "Of 200/s offered, a served 190/s [189–191] (95.0 %), 96.4 % of what the schedule and the "
              "target's delays allow.");
    run.scenario.plan.kind = PlanKind::batch;
    run.scenario.plan.requests = 40;
    EXPECT_EQ(
        answer(run)[1],
        "Of the 197/s at which the batch of 40 requests would run with the target's delays alone, a reaches "
        "96.4 %.");
    run.summary[0].metrics["ideal_rps"].value = std::numeric_limits<double>::infinity();
    EXPECT_EQ(answer(run).size(), 1U);
}

TEST(Answer, SaysFirstThatARateWasNotHeld) {
    RunResult run = run_of({cell("callback", 12535, 12552, 12570)});
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 50000;
    auto& metrics = run.summary[0].metrics;
    metrics["response_p99_ns"] = {895e6, 893e6, 896e6, 0.9375};
    metrics["ideal_rps"] = {12680, 12680, 12680, 0.9375};
    metrics["efficiency"] = {0.99, 0.99, 0.99, 0.9375};
    metrics["sent_late_share"] = {0.983, 0.982, 0.984, 0.9375};
    EXPECT_THAT(answer(run),
                ElementsAre("The rate was not held: callback served 12,552/s [12,535–12,570] of 50,000/s "
                            "offered (25.1 %), and 98.3 % of the requests found no free place at their time.",
                            HasSubstr("callback 895 ms [893–896].")));
    metrics["sent_late_share"].value = 0.009;
    EXPECT_THAT(answer(run), ElementsAre(HasSubstr("895 ms"), HasSubstr("99.0 % of what the schedule")));
}

TEST(Answer, SaysWhatShareOfTheRequestsFailed) {
    RunResult run = run_of({cell("coroutine", 266, 282, 318), cell("callback", 270, 275, 285)});
    for (const Cell& each : run.summary) {
        TrialResult& trial = run.trials.emplace_back();
        trial.spec.strategy = each.strategy;
        trial.spec.plan.concurrency = 64;
        trial.client.count = 900;
    }
    EXPECT_THAT(answer(run), Not(testing::Contains(HasSubstr("Failed"))));
    run.trials[0].errors.timeout = 100;
    EXPECT_EQ(answer(run).back(),
              "Failed requests: coroutine 10.0 % (100 of 1,000), of a load that asks for none.");
    run.scenario.profile.error_rate = 0.1;
    EXPECT_THAT(answer(run).back(), HasSubstr("of a load that asks for failures."));
}

TEST(Answer, ComparesWithAnotherWhereTheFirstIsNotValid) {
    RunResult run;
    run.scenario.strategies = {StrategySpec::parse("sequential"), StrategySpec::parse("callback"),
                               StrategySpec::parse("coroutine")};
    run.scenario.concurrency = {4, 64};
    run.scenario.repetitions = 5;
    for (std::uint32_t repetition = 0; repetition < 5; ++repetition) {
        for (const std::uint32_t concurrency : run.scenario.concurrency) {
            for (std::size_t i = 0; i < 3; ++i) {
                TrialResult& trial = run.trials.emplace_back();
                trial.spec.strategy = run.scenario.strategies[i];
                trial.spec.plan.concurrency = concurrency;
                trial.repetition = repetition;
                trial.metrics["throughput_rps"] = {100.0 * static_cast<double>(i + 1) + repetition, {}};
                if (i == 0) trial.warnings.push_back({"too-few-samples", "Only 10.", true});
            }
        }
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    EXPECT_EQ(ratio_heading(run), "to callback");
    EXPECT_EQ(ratio_text(run, run.summary[1]), "1×");
    EXPECT_THAT(ratio_text(run, run.summary[2]), HasSubstr("1.50×"));
    EXPECT_THAT(answer(run)[1], AllOf(testing::StartsWith("Trial by trial, coroutine serves 1.50× ["),
                                      HasSubstr("what callback does (sequential is not valid).")));
    EXPECT_THAT(html_report(run, {}), HasSubstr("Throughput to callback"));
    for (TrialResult& trial : run.trials)
        if (trial.spec.plan.concurrency == 4) trial.warnings.clear();
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_EQ(ratio_heading(run), "to the 1×");  // sequential at 4, callback at 64
}

TEST(Answer, TellsOfManyTheBestAndTheRangeOfTheRest) {
    std::vector<Cell> cells;
    for (int i = 0; i < 12; ++i) {
        const double value = 100 - 5 * i;
        cells.push_back(cell("s" + std::to_string(i), value - 1, value, value + 1));
    }
    EXPECT_EQ(answer(run_of(cells)).front(),
              "At 64 concurrent requests, s0 serves 100/s [99.0–101]; s1 95.0/s [94.0–96.0]; s2 90.0/s "
              "[89.0–91.0]; s3 85.0/s [84.0–86.0]; 8 others 45.0–80.0/s.");
}

TEST(Answer, NamesWhoIsSlowerInALongListWithoutOrder) {
    std::vector<Cell> cells;
    for (int i = 0; i < 8; ++i) {
        const double value = 100 - i;
        cells.push_back(cell("s" + std::to_string(i), value - 3, value, value + 3));
    }
    EXPECT_EQ(answer(run_of(cells)).front(),
              "At 64 concurrent requests, 8 strategies serve 93.0–100/s [90.0–103] (no clear order; s7 is "
              "shown to be slower than others of them).");
}

TEST(Answer, LeavesTheMiddleOfLongNamesOut) {
    const std::string long_command = "exec:python3 " + std::string(300, 'x');
    const RunResult run = run_of(
        {cell(long_command + " --number=1", 99, 100, 101), cell(long_command + " --number=2", 1, 2, 3)});
    const std::string sentence = answer(run).front();
    EXPECT_LT(sentence.size(), 220U);
    EXPECT_THAT(sentence, AllOf(HasSubstr("exec:python3 xxx"), HasSubstr("--number=1 serves 100/s"),
                                HasSubstr("--number=2 2.00/s")));
    EXPECT_THAT(html_report(run, {}), HasSubstr(long_command));  // whole in tables
}

TEST(WordsOfCode, AreNoCodes) {
    EXPECT_EQ(words_of_code("target-late"), "the target answered late");
    EXPECT_EQ(words_of_code("clock-jumped"), "clock jumped");
}

TEST(HeadingOf, IsCutWhereTheQuestionIsLong) {
    RunResult run = run_of_a_tie();
    run.scenario.question = std::string(10'000, 'q');
    EXPECT_EQ(heading_of(run).size(), 159 + std::string("…").size());
    EXPECT_THAT(terminal_report(run, {}), Not(HasSubstr(std::string(160, 'q'))));
    EXPECT_THAT(markdown_report(run), Not(HasSubstr(std::string(160, 'q'))));
    const std::string html = html_report(run, {});
    EXPECT_THAT(html.substr(0, html.find("</h1>")), Not(HasSubstr(std::string(160, 'q'))));
}

TEST(DescribeLoad, ClaimsNothingOfAForeignTargetThatItDoesNotDo) {
    Scenario scenario;
    scenario.plan.duration = std::chrono::seconds{1};
    scenario.profile.error_rate = 0.1;
    scenario.profile.faults = FaultShares::parse("close:0.1");
    EXPECT_THAT(describe_load(scenario),
                AllOf(HasSubstr("latency"), HasSubstr("errors"), HasSubstr("faults")));
    scenario.target = "http://127.0.0.1:8080/";
    EXPECT_EQ(describe_load(scenario), "closed loop for 1s, target http://127.0.0.1:8080/");
}

TEST(ErrorsOf, AreUnknownWhereNothingWasMeasured) {
    RunResult run = run_of({cell("a", 1, 1, 1)});
    run.trials.resize(2);
    for (TrialResult& trial : run.trials) {
        trial.spec.strategy = run.summary[0].strategy;
        trial.spec.plan.concurrency = 64;
        trial.failure = "It died.";
    }
    EXPECT_EQ(errors_of(run, run.summary[0]), "–");
    run.trials[1].failure.clear();
    EXPECT_EQ(errors_of(run, run.summary[0]), "0");
    run.trials[1].errors.timeout = 3;
    run.trials[1].client.count = 21;
    EXPECT_EQ(errors_of(run, run.summary[0]), "3 (12.5 %)");
}

TEST(Answer, SaysWhatIsNotRankedAndWhy) {
    const auto sentences = answer(sample::troubled_run());
    EXPECT_THAT(sentences.front(), Not(HasSubstr("callback")));
    EXPECT_THAT(sentences, testing::Contains(AllOf(HasSubstr("callback at 64 (the target was saturated)"),
                                                   HasSubstr("not valid"))));
    EXPECT_THAT(sentences, testing::Contains(HasSubstr("interrupted after 49 trials")));
}

TEST(Answer, ClaimsNothingWithoutAValidMeasurement) {
    EXPECT_THAT(answer(RunResult{}), ElementsAre("No measurement is valid, so there is no answer."));
}

TEST(Answer, CountsInvalidCellsWhereTheyAreMany) {
    RunResult run = run_of(
        {cell("a", 1, 1, 1), cell("b", 1, 1, 1), cell("c", 1, 1, 1), cell("d", 1, 1, 1), cell("e", 1, 1, 1)});
    for (Cell& each : run.summary) {
        each.valid_trials = 0;
        each.warnings.push_back({"target-late", "Late by 3 ms.", true});
    }
    EXPECT_THAT(
        answer(run),
        ElementsAre("No measurement is valid, so there is no answer.",
                    "Not ranked, because the measurement is not valid: 5 cells (the target answered late)."));
    run.summary[4].warnings[0].message = "Late by 4 ms.";
    const auto warnings = warnings_by_place(run);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(describe_places(warnings[0], 2),
              "a at 64; b at 64; and 3 more; the numbers are the first one's");
}

TEST(WarningsByPlace, NameEachSentenceOnce) {
    const auto warnings = warnings_by_place(sample::troubled_run());
    ASSERT_EQ(warnings.size(), 5U);
    EXPECT_THAT(warnings[0].places, IsEmpty());
    EXPECT_EQ(warnings[2].warning.code, "few-samples");
    EXPECT_THAT(warnings[2].places,
                ElementsAre("exec:python3 examples/client.py at 1", "exec:python3 examples/client.py at 64"));
    EXPECT_THAT(warnings[3].places, ElementsAre("thread-pool:threads=32 at 64, in 1 of 5 trials"));
}

}  // namespace
}  // namespace asyncbench
