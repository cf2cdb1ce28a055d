#include "reports/text/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/ranking/looks.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/support/runs/made_run.hpp"

namespace asyncbench::answer_tests {

using test::Measure;
using test::Measured;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

constexpr std::uint32_t usual_blocks = 12;

/// A little up in one block and down in the next, so that no two trials are equal.
double wobble(std::uint32_t block) {
    return block % 2 == 0 ? 1.004 : 0.997;
}

/// Of each strategy what it measures in any block, but for the wobble of its speed.
Measure steady(std::vector<Measured> all) {
    return [all = std::move(all)](std::size_t strategy, std::uint32_t block) {
        Measured measured = all.at(strategy);
        // Those that are equal are ahead of each other in turn.
        measured.speed *= 1 + 0.001 * ((block + strategy) % 2 == 0 ? 1 : -1);
        measured.speed *= wobble(block);
        return measured;
    };
}

void judge(RunResult& run) {
    test::sum_up(run);
    run.comparisons = compare_with_first(run.summary, run.trials);
    run.ranking = test::judged(run);
}

RunResult judged_run(const std::vector<std::string>& strategies, const Measure& measure,
                     std::uint32_t blocks = usual_blocks) {
    RunResult run = test::run_of(strategies, blocks, measure);
    judge(run);
    return run;
}

/// What most runs find: one request in flight, and three that are as fast and differ in what they cost.
RunResult usual_run() {
    return judged_run({"sequential", "thread-pool", "callback", "coroutine"},
                      steady({{.speed = 49},
                              {.speed = 12'400, .cpu_us = 60, .rss_bytes = 20e6},
                              {.speed = 12'400, .cpu_us = 40, .rss_bytes = 15e6},
                              {.speed = 12'400, .cpu_us = 40, .rss_bytes = 20e6}}));
}

TEST(Answer, SaysFirstWhatToChooseAndHowFastEverybodyIs) {
    EXPECT_THAT(
        answer(usual_run()).front(),
        AllOf(StartsWith("Choose callback: at 100 concurrent requests"),
              HasSubstr("serve about 12,400/s each, of which thread-pool needs more CPU time and coroutine "
                        "more memory; sequential 49."),
              EndsWith("(it has one request in flight, so that the other 99 callers wait).")));
}

TEST(Answer, SaysThenWhatDiffersBesideSpeed) {
    RunResult run = usual_run();
    run.code_lines = {{"thread-pool", 20}, {"callback", 90}, {"coroutine", 40}, {"sequential", 10}};
    const std::string sentence = answer(run)[1];
    EXPECT_THAT(sentence, StartsWith("At that speed callback needs "));
    EXPECT_THAT(sentence, HasSubstr("33 % [33–33] less CPU time a request and 25 % [25–25] less memory than "
                                    "thread-pool"));
    EXPECT_THAT(sentence, HasSubstr("25 % [25–25] less memory than coroutine"));
    EXPECT_THAT(sentence, HasSubstr("lines of code: "));
    EXPECT_THAT(sentence, HasSubstr("callback 90"));
}

TEST(Answer, SaysWhoNeedsLessThanThoseThatACostLeftOut) {
    // The chosen coroutine is not shown to need less CPU time than the thread pool; callback is.
    RunResult run =
        judged_run({"thread-pool", "callback", "coroutine"}, [](std::size_t strategy, std::uint32_t block) {
            return Measured{.speed = 100 * (1 + 0.001 * ((block + strategy) % 2 == 0 ? 1 : -1)),
                            .cpu_us = strategy == 0    ? 60.0
                                      : strategy == 1  ? 40.0
                                      : block % 2 == 0 ? 30.0
                                                       : 70.0};
        });
    run.code_lines = {{"thread-pool", 20}, {"callback", 90}, {"coroutine", 40}};
    EXPECT_THAT(answer(run).front(),
                HasSubstr("of which thread-pool needs more CPU time and callback more code"));
    EXPECT_THAT(answer(run)[1],
                AllOf(HasSubstr("callback needs 33 % [33–33] less CPU time a request than thread-pool"),
                      HasSubstr("no difference in memory is shown")));
}

TEST(Answer, SaysWhereTheSlowestRequestsOfTheChosenTakeLonger) {
    const auto run_with = [](double p99_ns) {
        RunResult run = judged_run({"thread-pool", "coroutine"}, steady({{.cpu_us = 60}, {.cpu_us = 40}}));
        for (Trial& trial : run.trials) {
            const bool chosen = trial.spec.strategy.name == "coroutine";
            trial.metrics["service_p99_ns"] = {chosen ? p99_ns : 20e6, {}};
        }
        judge(run);
        return answer(run)[1];
    };
    EXPECT_THAT(run_with(26e6),
                HasSubstr("the p99 latency of coroutine is 1.30× [1.30–1.30] that of thread-pool"));
    EXPECT_THAT(run_with(21e6), Not(HasSubstr("p99"))) << "less than a tenth";
}

TEST(Answer, ChoosesByLinesOfCodeWhereNothingElseIsShown) {
    RunResult run = judged_run({"callback", "coroutine"}, steady({{.speed = 100}, {.speed = 100}}));
    EXPECT_THAT(answer(run).front(), StartsWith("Choose callback or coroutine: "));
    run.code_lines = {{"callback", 90}, {"coroutine", 40}};
    EXPECT_THAT(answer(run), ElementsAre(StartsWith("Choose coroutine: "),
                                         AllOf(StartsWith("No difference in CPU time or memory is shown"),
                                               HasSubstr("callback 90"), HasSubstr("coroutine 40")),
                                         HasSubstr("alike within")));
}

TEST(Answer, HoldsTheChosenAgainstTheFirst) {
    EXPECT_THAT(answer(usual_run()), Contains(AllOf(StartsWith("Their speed is 253× ["),
                                                    HasSubstr("what sequential does, block by block"))));
    EXPECT_THAT(answer(judged_run({"sequential", "callback"}, steady({{.speed = 50}, {.speed = 100}}))),
                Contains(StartsWith("Its speed is 2.00× [")));
}

TEST(Answer, ClaimsNoOrderThatFewBlocksCannotShow) {
    const auto strategies = std::vector<std::string>{"sequential", "callback"};
    RunResult run = judged_run(strategies, steady({{.speed = 50}, {.speed = 100}}), 3);
    EXPECT_THAT(answer(run), Contains(AllOf(StartsWith("The choice is by medians alone: 3 blocks cannot"),
                                            HasSubstr("raise --budget"))));
    run.scenario.repetitions = 3;
    EXPECT_THAT(answer(run), Contains(HasSubstr("leave out -r")));
    EXPECT_THAT(answer(usual_run()), Not(Contains(HasSubstr("by medians alone"))));
    for (const std::string& sentence : answer(run)) EXPECT_THAT(sentence, Not(HasSubstr("[")));
}

TEST(Answer, SaysWhereTheChoiceIsByMediansAlone) {
    // Ahead by half in two blocks of three, behind in the third.
    const RunResult run =
        judged_run({"callback", "coroutine"}, [](std::size_t strategy, std::uint32_t block) {
            return Measured{.speed = strategy == 0 ? 100.0 : block % 3 == 0 ? 90.0 : 150.0};
        });
    EXPECT_THAT(
        answer(run),
        Contains(AllOf(StartsWith("It is not shown that coroutine is faster than callback (measured 1.50× ["),
                       EndsWith("there the choice is by medians alone."))));
    EXPECT_THAT(answer(usual_run()), Not(Contains(HasSubstr("by medians alone"))));
}

TEST(Answer, SaysWhoWaitedForTheCpuWhereThatMayBeWhyItIsSlower) {
    const auto run_with = [](double wait) {
        return judged_run({"callback", "thread-pool"},
                          steady({{.speed = 100, .disturbed = true, .cpu_wait_share = wait},
                                  {.speed = 150, .disturbed = true, .cpu_wait_share = 0.01}}));
    };
    EXPECT_THAT(
        answer(run_with(0.5)),
        IsSupersetOf({StartsWith("Which of them is faster is not shown (thread-pool to callback 1.50× ["),
                      StartsWith("Other programs had the CPU while callback waited for it")}));
    EXPECT_THAT(answer(run_with(0.1)), Not(Contains(HasSubstr("waited for it"))));
}

TEST(Answer, NamesAStrategyOfOneRequestInFlightAmongManyOthers) {
    std::vector<std::string> names{"callback", "sequential"};
    std::vector<Measured> speeds{{.speed = 900}, {.speed = 9}};
    for (int i = 0; i < 7; ++i) {
        names.push_back("s" + std::to_string(i));
        speeds.push_back({.speed = 100.0 + 50 * i});
    }
    EXPECT_THAT(answer(judged_run(names, steady(speeds), 16)).front(),
                AllOf(HasSubstr("; 7 others 10"), HasSubstr("; sequential 9."),
                      HasSubstr("the other 99 callers wait")));
}

TEST(Answer, SaysNothingOfCostsThatWereNotAsked) {
    const RunResult run = judged_run({"sequential", "callback"}, steady({{.speed = 100}, {.speed = 100}}));
    EXPECT_THAT(answer(run), Not(Contains(HasSubstr("CPU time"))));
}

TEST(Answer, CallsNoTwoAlikeWhoseOrderIsOpen) {
    // Apart by 6 % in the mean, and the other way round in every third block.
    const RunResult run =
        judged_run({"callback", "coroutine"}, [](std::size_t strategy, std::uint32_t block) {
            const double ahead = block % 3 == 0 ? 0.9 : 1.1;
            return Measured{.speed = strategy == 0 ? 100 : 100 * ahead};
        });
    EXPECT_THAT(answer(run),
                Contains(StartsWith("Which of them is faster is not shown (coroutine to callback")));
    EXPECT_THAT(answer(run), Not(Contains(HasSubstr("alike"))));
}

TEST(Answer, GivesAnOrderThroughTheTargetsLatenessToNobody) {
    const RunResult run =
        judged_run({"thread-pool", "callback"}, [](std::size_t strategy, std::uint32_t block) {
            // The pool makes the target late: as fast, but for that.
            return Measured{.speed = (strategy == 0 ? 90 : 100) * wobble(block),
                            .punctual = 100.0 * wobble(block + static_cast<std::uint32_t>(strategy))};
        });
    ASSERT_EQ(test::order_of(*run.ranking, "thread-pool", "callback").verdict, OrderVerdict::through_target);
    EXPECT_THAT(answer(run), Contains(AllOf(HasSubstr("The target answered some later than others"),
                                            HasSubstr("with the target's own lateness taken out"))));
}

TEST(Answer, RanksALimitedCellByItsBound) {
    const RunResult run =
        judged_run({"callback", "coroutine"}, steady({{.speed = 100}, {.speed = 300, .limited = true}}));
    EXPECT_THAT(answer(run),
                AllOf(Contains(AllOf(StartsWith("Choose coroutine: "), HasSubstr("at least 3"))),
                      Contains(AllOf(StartsWith("Limited, so that the true value may be better"),
                                     HasSubstr("coroutine at 100 (the target was saturated)")))));
}

TEST(Answer, LeavesAWrongCellOutAndRanksTheOthers) {
    const RunResult run = judged_run(
        {"sequential", "callback", "coroutine"},
        steady({{.speed = 10}, {.speed = 900, .wrong = "client-target-mismatch"}, {.speed = 100}}));
    const auto sentences = answer(run);
    EXPECT_THAT(sentences.front(), AllOf(StartsWith("Choose coroutine: "), Not(HasSubstr("callback"))));
    EXPECT_THAT(sentences,
                Contains(AllOf(StartsWith("Wrong, and not ranked: "), HasSubstr("callback at 100"))));
}

TEST(Answer, ComparesWithAnotherWhereTheFirstIsWrong) {
    RunResult run = judged_run(
        {"sequential", "callback", "coroutine"},
        steady({{.speed = 10, .wrong = "client-target-mismatch"}, {.speed = 100}, {.speed = 150}}));
    EXPECT_EQ(ratio_heading(run), "to callback");
    EXPECT_EQ(ratio_text(run, run.summary[1]), "1×");
    EXPECT_THAT(ratio_text(run, run.summary[2]), HasSubstr("1.50×"));
    EXPECT_THAT(answer(run),
                Contains(AllOf(StartsWith("Its speed is 1.50× ["), HasSubstr("what callback does"))));
}

TEST(Answer, RanksNothingInARunThatIsWrongAsAWhole) {
    RunResult run = usual_run();
    run.warnings.push_back({"clock-jumped", "The clock jumped.", WarningKind::wrong});
    EXPECT_THAT(answer(run), ElementsAre("Nothing that was measured can be used, so that there is no answer.",
                                         "The run as a whole is wrong (clock jumped): nothing is ranked."));
    EXPECT_THAT(terminal_report(run, {}), Not(HasSubstr("253×")));
}

TEST(Answer, ClaimsNothingWithoutAMeasurement) {
    EXPECT_THAT(answer(RunResult{}), ElementsAre("Nothing was measured, so that there is no answer."));
}

TEST(Answer, CountsWrongCellsWhereTheyAreMany) {
    const Measured wrong{.wrong = "client-target-mismatch"};
    const RunResult run = judged_run({"a", "b", "c", "d", "e"}, steady({wrong, wrong, wrong, wrong, wrong}));
    EXPECT_THAT(answer(run), ElementsAre(StartsWith("Nothing that was measured can be used"),
                                         StartsWith("Wrong, and not ranked: 5 cells (")));
}

/// Disturbs all trials of the first `blocks` blocks by programs that use 1.9 cores.
void disturb(RunResult& run, std::uint32_t blocks) {
    for (Trial& trial : run.trials) {
        if (trial.repetition < blocks) trial.metrics["other_load_cores"] = {1.9, {}};
        trial.metrics["ideal_rps"] = {trial.spec.strategy.name == "sequential" ? 50.0 : 12'800.0, {}};
    }
    judge(run);
}

TEST(Answer, SaysWhatABusyMachineTookAndWhatTheRatioWouldBeWithoutThat) {
    RunResult run = usual_run();
    disturb(run, 8);
    EXPECT_THAT(
        answer(run),
        Contains(AllOf(StartsWith("The machine was busy in 8 of 12 blocks: other programs used 1.9 cores."),
                       HasSubstr("on an idle machine, callback serves 247–262× what "
                                 "sequential does"))));
    disturb(run, 0);
}

TEST(Answer, SaysFromWhichDifferenceOnABusyMachineOrdersSpeeds) {
    RunResult run = usual_run();
    disturb(run, 8);
    EXPECT_THAT(answer(run), Not(Contains(HasSubstr("have no order"))));
    for (Trial& trial : run.trials) {
        if (trial.repetition < 8)
            trial.warnings.push_back({"machine-busy", "The machine was busy.", WarningKind::disturbed});
    }
    EXPECT_THAT(answer(run), Contains(HasSubstr("There, speeds less than 8 % apart have no order.")));
}

TEST(Answer, GivesNoBoundsOfAQuietMachine) {
    RunResult run = usual_run();
    disturb(run, 0);
    EXPECT_THAT(answer(run), Not(Contains(HasSubstr("on an idle machine"))));
}

RunResult open_loop_run(double served, double late_share) {
    Scenario scenario = test::scenario_of({"callback", "coroutine"});
    scenario.plan.kind = PlanKind::open;
    scenario.plan.rate_rps = 1000;
    RunResult run = test::run_in(scenario, usual_blocks, steady({{.speed = served}, {.speed = served}}));
    for (Trial& trial : run.trials) {
        const double p99 = (trial.spec.strategy.name == "callback" ? 80e6 : 40e6) * wobble(trial.repetition);
        trial.metrics["response_p99_ns"] = trial.metrics["punctual_response_p99_ns"] = {p99, {}};
        trial.metrics["sent_late_share"] = {late_share, {}};
        if (late_share > 0) trial.warnings.push_back({"rate-not-held", "Many were late.", WarningKind::note});
    }
    judge(run);
    return run;
}

TEST(Answer, RanksAnOpenLoopByItsResponseTime) {
    EXPECT_THAT(answer(open_loop_run(1000, 0)),
                AllOf(Contains(AllOf(StartsWith("Choose coroutine: at 1,000/s offered"),
                                     HasSubstr("coroutine answers 99 % of the requests within 40."))),
                      Contains(StartsWith("Of 1,000/s offered, coroutine served ")),
                      Not(Contains(HasSubstr("not held")))));
}

TEST(Answer, SaysThatARateWasNotHeld) {
    EXPECT_THAT(answer(open_loop_run(400, 0.9)),
                Contains(AllOf(StartsWith("The rate of 1,000/s was not held: callback served at least 40"),
                               HasSubstr("with 90.0 % of its requests late"))));
}

TEST(Answer, SaysWhatShareOfTheRequestsFailed) {
    RunResult run = usual_run();
    EXPECT_THAT(answer(run), Not(Contains(HasSubstr("Failed"))));
    for (Trial& trial : run.trials)
        if (trial.spec.strategy.name == "coroutine") trial.errors.timeout = trial.client.count / 9;
    EXPECT_THAT(answer(run), Contains(AllOf(StartsWith("Failed requests: coroutine 9."),
                                            EndsWith("of a load that asks for none."))));
    run.scenario.profile.error_rate = 0.1;
    EXPECT_THAT(answer(run), Contains(EndsWith("of a load that asks for failures.")));
}

TEST(Answer, OfOneStrategyIsItsValue) {
    EXPECT_THAT(answer(judged_run({"callback"}, steady({{.speed = 100}}))),
                ElementsAre(AllOf(StartsWith("At 100 concurrent requests"), HasSubstr("callback 100/s ["))));
}

TEST(Answer, OfAnInterruptedRunIsThatOfTheLastLook) {
    RunResult run = usual_run();
    run.interrupted = true;
    EXPECT_THAT(answer(run), AllOf(Contains(StartsWith("Choose callback")),
                                   Contains(EndsWith("the answer is that of the last look before."))));
    run.ranking.reset();
    EXPECT_THAT(answer(run), ElementsAre(StartsWith("At 100 concurrent requests"),
                                         EndsWith("before an order was judged.")));
}

TEST(Answer, SaysOfTheLowestConcurrencyThatTheSimplestCodeWillDo) {
    EXPECT_THAT(answer(sample::clean_run()), Contains(HasSubstr("there the simplest code will do")));
}

TEST(Answer, LeavesTheMiddleOfLongNamesOut) {
    const std::string long_command = "exec:python3 " + std::string(300, 'x');
    const RunResult run = judged_run({long_command + " --number=1", long_command + " --number=2"},
                                     steady({{.speed = 100}, {.speed = 2}}));
    const std::string sentence = answer(run).front();
    EXPECT_LT(sentence.size(), 260U);
    EXPECT_THAT(sentence, AllOf(HasSubstr("exec:python3 xxx"), HasSubstr("--number=1 serves"),
                                HasSubstr("--number=2 2.0")));
    EXPECT_THAT(html_report(run, {}), HasSubstr(long_command)) << "whole in tables";
}

TEST(DescribeMultiplicity, IsOfTheConfidencesThatTheRunHas) {
    RunResult run = usual_run();
    EXPECT_THAT(describe_multiplicity(run), HasSubstr("that differ in nothing"));
    run.comparisons.clear();
    EXPECT_EQ(describe_multiplicity(run), "");
}

TEST(WordsOfCode, AreNoCodes) {
    EXPECT_EQ(words_of_code("target-late"), "the target answered late");
    EXPECT_EQ(words_of_code("clock-jumped"), "clock jumped");
}

TEST(HeadingOf, IsCutWhereTheQuestionIsLong) {
    RunResult run = usual_run();
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
    RunResult run = judged_run({"a"}, steady({{.failure = "It died."}}), 2);
    EXPECT_EQ(errors_of(run, run.summary[0]), "–");
    run.trials[1].failure.clear();
    EXPECT_EQ(errors_of(run, run.summary[0]), "0");
    run.trials[1].errors.timeout = 3;
    run.trials[1].client.count = 21;
    EXPECT_EQ(errors_of(run, run.summary[0]), "3 (12.5 %)");
}

TEST(WarningsByPlace, NameEachSentenceOnce) {
    const auto warnings = warnings_by_place(sample::troubled_run());
    std::vector<std::string> codes;
    for (const PlacedWarning& each : warnings) codes.push_back(each.warning.code);
    EXPECT_THAT(codes, testing::UnorderedElementsAre("interrupted", "steal", "few-samples", "trial-failed",
                                                     "target-saturated"));
    const auto few = std::find(codes.begin(), codes.end(), "few-samples") - codes.begin();
    EXPECT_THAT(warnings[static_cast<std::size_t>(few)].places,
                ElementsAre("exec:python3 examples/client.py at 1", "exec:python3 examples/client.py at 64"));
}

}  // namespace asyncbench::answer_tests
