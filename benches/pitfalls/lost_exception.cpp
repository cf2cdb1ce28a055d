// An exception lost in a detached task: the task runs on by itself, and what it
// throws has nobody to go to. The caller has long been told that all is well.

#include <fmt/format.h>

#include <utility>

#include "async/create_task.hpp"
#include "async/gather.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "benches/pitfalls/pitfalls.hpp"

namespace asyncbench {
namespace {

Task<> save(PitfallTrial& trial, Ticket order, Site /*site*/ = Site::here()) {
    const Response response = co_await trial.fetch(order);
    if (!response.ok())
        throw Error(fmt::format("The order was not saved: status {}.",
                                response.status));
}

namespace wrong {

Task<std::string> take_order(PitfallTrial& trial, Ticket order) {
    // Runs on by itself: nobody takes what it throws.
    create_task(save(trial, order));
    co_return "saved";
}

}  // namespace wrong

namespace right {

Task<std::string> take_order(PitfallTrial& trial, Ticket order) {
    std::string answer = "saved";
    try {
        co_await save(trial, order);
    } catch (const Error& error) {
        // The customer is told, and may try again.
        answer = error.what();
    }
    co_return answer;
}

}  // namespace right

using TakeOrder = Task<std::string> (*)(PitfallTrial&, Ticket);

struct Answers {
    std::uint64_t saved = 0;
    std::uint64_t failed = 0;
};

Task<> customer(PitfallTrial& trial, TakeOrder take_order, Answers& answers) {
    while (auto order = trial.plan.next()) {
        co_await resume_on(trial.loop);
        const std::string answer = co_await take_order(trial, *order);
        ++(answer == "saved" ? answers.saved : answers.failed);
    }
}

Task<> all_customers(PitfallTrial& trial, TakeOrder take_order) {
    Answers answers;
    std::vector<Task<>> customers;
    customers.reserve(trial.plan.concurrency());
    for (std::uint32_t i = 0; i < trial.plan.concurrency(); ++i) {
        customers.push_back(customer(trial, take_order, answers));
    }
    co_await gather(std::move(customers));
    const std::uint64_t orders = trial.plan.handed_out();
    // The loop of a server goes on: what was detached comes to its end.
    while (trial.ended < orders)
        co_await sleep_for(std::chrono::milliseconds{1});

    const std::uint64_t failed =
        trial.recorder.measurement(trial.plan.started()).errors.total();
    trial.outcomes.add("exceptions-lost",
                       fmt::format("{{}} of {} orders failed, nobody took "
                                   "the exception, and the customer was "
                                   "told \"saved\".",
                                   orders),
                       failed - answers.failed);
    trial.outcomes.add(
        "failures-told",
        fmt::format("{{}} of {} orders failed, and each customer was told so.",
                    orders),
        answers.failed);
}

Work work_wrong(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_customers(trial, wrong::take_order);
    };
}

Work work_right(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_customers(trial, right::take_order);
    };
}

}  // namespace

PitfallBench lost_exception() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "lost-exception";
    pitfall.title = "An exception lost in a detached task";
    pitfall.source = "lost_exception.cpp";
    pitfall.harms = {"lost exception", "lost work"};
    pitfall.harm =
        "Orders fail and nobody learns of it. Answering before the work is "
        "done also looks fast: what is "
        "measured here is the work.";
    pitfall.advice =
        "Await what you start, or keep it in a TaskGroup, whose join() throws "
        "what its tasks threw.";
    pitfall.scenario = batch("20ms", 16, 100);
    pitfall.scenario.profile.error_rate = 0.2;
    pitfall.scenario.warmup =
        Nanoseconds{0};  // detached, without a bound, would send many thousands
    bench.ways = {
        {{"wrong",
          "The task is detached, and the customer answered at once.",
          {}},
         work_wrong},
        {{"right", "The task is awaited, and its exception answered.", {}},
         work_right}};
    return bench;
}

}  // namespace asyncbench
