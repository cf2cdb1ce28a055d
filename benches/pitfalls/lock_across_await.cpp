// A lock held across an await. The task that holds it waits for the loop; the
// next one blocks the loop's thread in lock(), and so waits for the one thread
// that could ever give the lock back.

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <semaphore>

#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

/// Blocks as std::mutex does, but gives up: so that the deadlock ends and can
/// be counted. (A std::timed_mutex may not be waited for by the thread that
/// holds it.)
class Mutex {
  public:
    static constexpr std::chrono::milliseconds patience{20};

    void lock() {
        if (free_.try_acquire_for(patience)) return;
        throw GaveUp(
            fmt::format("the lock was not free within {} ms, and a mutex would "
                        "have waited for ever.",
                        patience.count()));
    }
    void unlock() { free_.release(); }

  private:
    std::binary_semaphore free_{1};
};

/// What several tasks share.
struct Account {
    Mutex mutex;
    std::uint64_t bytes = 0;
};

namespace wrong {

Task<Response> fetch_data(LoopClient& client, Account& account, Ticket ticket) {
    const std::lock_guard lock(account.mutex);
    // Waits, and keeps the lock meanwhile.
    Response response = co_await client.request(ticket);
    account.bytes += response.body_bytes();
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(LoopClient& client, Account& account, Ticket ticket) {
    Response response = co_await client.request(ticket);
    // For the update alone: nothing is awaited under it.
    const std::lock_guard lock(account.mutex);
    account.bytes += response.body_bytes();
    co_return response;
}

}  // namespace right

Work work_wrong(const StrategyOptions&) {
    auto account = std::make_shared<Account>();
    return [account](PitfallTrial& trial) {
        return serve_users(
            trial, [&client = trial.client, account](Ticket ticket) {
                return wrong::fetch_data(client, *account, ticket);
            });
    };
}

Work work_right(const StrategyOptions&) {
    auto account = std::make_shared<Account>();
    return [account](PitfallTrial& trial) {
        return serve_users(
            trial, [&client = trial.client, account](Ticket ticket) {
                return right::fetch_data(client, *account, ticket);
            });
    };
}

}  // namespace

PitfallBench lock_across_await() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "lock-across-await";
    pitfall.title = "A lock held across an await";
    pitfall.source = "lock_across_await.cpp";
    pitfall.harms = {"deadlock", "neighbours"};
    pitfall.harm =
        "The second task blocks the thread that the first needs to go on and "
        "unlock: the loop stands still, "
        "for ever with a plain mutex.";
    pitfall.advice =
        "Unlock before you await; where the wait itself must be exclusive, use "
        "a Semaphore of one, which "
        "suspends the task instead of the thread.";
    pitfall.scenario = batch("5ms", 4, 40);
    pitfall.scenario.warmup =
        Nanoseconds{0};  // a deadlock is as deep the first time
    bench.ways = {
        {{"wrong", "The lock is held while the answer is awaited.", {}},
         work_wrong},
        {{"right", "The lock is held for the update alone.", {}}, work_right}};
    return bench;
}

}  // namespace asyncbench
