// Awaiting one after another: every single await is right, and together they
// take the sum of all waits instead of the longest. What does not depend on
// each other can be awaited together.

#include <utility>

#include "async/gather.hpp"
#include "async/schedule.hpp"
#include "benches/pitfalls/pitfalls.hpp"

namespace asyncbench {
namespace {

constexpr std::uint32_t parts_of_a_page = 8;

namespace wrong {

Task<> load_page(PitfallTrial& trial, std::vector<Ticket> parts) {
    for (Ticket& part : parts) {
        // The next one starts when this one is answered.
        co_await trial.fetch(part);
    }
}

}  // namespace wrong

namespace right {

Task<> load_page(PitfallTrial& trial, std::vector<Ticket> parts) {
    std::vector<Task<Response>> fetches;
    fetches.reserve(parts.size());
    for (Ticket& part : parts) {
        fetches.push_back(trial.fetch(part));
    }
    // All are on their way at once.
    co_await gather(std::move(fetches));
}

}  // namespace right

using LoadPage = Task<> (*)(PitfallTrial&, std::vector<Ticket>);

Task<> reader(PitfallTrial& trial, LoadPage load_page) {
    while (true) {
        std::vector<Ticket> parts = trial.take(parts_of_a_page);
        if (parts.empty()) co_return;
        co_await resume_on(trial.loop);
        co_await load_page(trial, std::move(parts));
    }
}

Task<> all_readers(PitfallTrial& trial, LoadPage load_page) {
    std::vector<Task<>> readers;
    for (std::uint32_t i = 0; i < trial.plan.concurrency();
         i += parts_of_a_page) {
        readers.push_back(reader(trial, load_page));
    }
    co_await gather(std::move(readers));
}

Work work_wrong(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_readers(trial, wrong::load_page);
    };
}

Work work_right(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return all_readers(trial, right::load_page);
    };
}

}  // namespace

PitfallBench sequential_await() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "sequential-await";
    pitfall.title = "Independent calls awaited one after another";
    pitfall.source = "sequential_await.cpp";
    pitfall.harms = {"speed"};
    pitfall.harm =
        "A page of eight calls takes the sum of their delays; the loop idles, "
        "and nothing looks wrong.";
    pitfall.advice =
        "Gather what does not depend on each other: co_await gather(...).";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = closed_loop("10ms", 4 * parts_of_a_page);
    bench.ways = {
        {{"wrong", "Eight calls of a page, each awaited before the next.", {}},
         work_wrong},
        {{"right", "The eight are gathered.", {}}, work_right}};
    return bench;
}

}  // namespace asyncbench
