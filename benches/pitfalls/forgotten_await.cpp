// A forgotten await: calling a coroutine makes a task, and a task that nobody
// awaits does nothing. Where the result is not used, [[nodiscard]] makes the
// compiler complain; where the task has a name, it is silent.

#include <fmt/format.h>

#include <utility>

#include "async/gather.hpp"
#include "async/schedule.hpp"
#include "benches/pitfalls/pitfalls.hpp"

namespace asyncbench {
namespace {

namespace wrong {

Task<> record_visit(PitfallTrial& trial, Ticket visit) {
    // Made, named, and never awaited.
    const Task<Response> sent = trial.fetch(visit);
    co_return;
}

}  // namespace wrong

namespace right {

Task<> record_visit(PitfallTrial& trial, Ticket visit) {
    const Response sent = co_await trial.fetch(visit);
    if (!sent.ok()) throw Error("The visit was not recorded: " + sent.message);
}

}  // namespace right

using RecordVisit = Task<> (*)(PitfallTrial&, Ticket);

Task<> visitor(PitfallTrial& trial, RecordVisit record_visit) {
    while (auto visit = trial.plan.next()) {
        co_await resume_on(trial.loop);
        co_await record_visit(trial, *visit);
    }
}

Task<> all_visitors(PitfallTrial& trial, RecordVisit record_visit) {
    std::vector<Task<>> visitors;
    visitors.reserve(trial.plan.concurrency());
    for (std::uint32_t i = 0; i < trial.plan.concurrency(); ++i) {
        visitors.push_back(visitor(trial, record_visit));
    }
    co_await gather(std::move(visitors));
    const std::uint64_t asked = trial.plan.handed_out();
    trial.outcomes.add(
        "not-sent", fmt::format("{{}} of {} requests were never sent.", asked),
        asked - trial.ended);
}

Work work_wrong(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_visitors(trial, wrong::record_visit);
    };
}

Work work_right(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_visitors(trial, right::record_visit);
    };
}

}  // namespace

PitfallBench forgotten_await() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "forgotten-await";
    pitfall.title = "A coroutine that is called and never awaited";
    pitfall.source = "forgotten_await.cpp";
    pitfall.harms = {"lost work"};
    pitfall.harm =
        "The call only makes a task; as nobody awaits it, none of its code "
        "runs, and nothing fails.";
    pitfall.advice =
        "Await every task where you make it; let the compiler ([[nodiscard]]) "
        "and the detector tell you of "
        "those you forgot.";
    pitfall.scenario = batch("5ms", 16, 200);
    pitfall.scenario.warmup =
        Nanoseconds{0};  // would forget hundreds of thousands
    bench.ways = {
        {{"wrong", "The task has a name, and is destroyed unawaited.", {}},
         work_wrong},
        {{"right", "The call is awaited, and its failure is seen.", {}},
         work_right}};
    return bench;
}

}  // namespace asyncbench
