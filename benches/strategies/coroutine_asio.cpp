// The coroutine strategy with Boost.Asio's own coroutines, on the same loop and the same client: what a
// widely used library's awaitable costs beside this project's Task.

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "async/asio.hpp"
#include "benches/strategies/loop_group.hpp"
#include "benches/strategies/strategies.hpp"

namespace asyncbench {
namespace {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
/// Typed on the executor: the default, any_io_executor, costs two to three times as much for each hop.
template <typename T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> use_awaitable{};

Awaitable<Response> request(LoopClient& client, const Ticket& ticket) {
    auto start = [&client, &ticket](auto handler) {
        // A completion must be copyable, which an awaitable's handler is not.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        client.request(ticket, [shared](Response response) { std::move (*shared)(std::move(response)); });
    };
    return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Response)>(start, use_awaitable);
}

Awaitable<void> user(asio::io_context& context, LoopClient& client, Plan& plan, Recorder& recorder) {
    asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> timer(context.get_executor());
    while (const auto ticket = plan.next()) {
        if (ticket->early) {
            timer.expires_at(ticket->intended_start);
            co_await timer.async_wait(use_awaitable);
        }
        const auto exchange = recorder.begin(*ticket);
        const Response response = co_await request(client, *ticket);
        recorder.end(exchange, response);
    }
}

class CoroutineAsio final : public Strategy {
  public:
    explicit CoroutineAsio(const StrategyOptions& options) : loops_(options) {}

    void run(Plan& plan, Recorder& recorder) override {
        loops_.run([&](LoopGroup::Worker& worker) {
            asio::io_context& context = io_context(worker.loop);
            std::uint32_t working = worker.users;
            std::exception_ptr failure;
            const auto on_done = [&](const std::exception_ptr& error) {
                if (error) failure = error;
                if (--working == 0) worker.loop.stop();
            };
            for (std::uint32_t i = 0; i < worker.users; ++i) {
                asio::co_spawn(context.get_executor(), user(context, *worker.client, plan, recorder),
                               on_done);
            }
            worker.loop.run();
            if (failure) std::rethrow_exception(failure);
        });
    }

    StrategyStats stats() const override { return loops_.stats(); }

  private:
    LoopGroup loops_;
};

}  // namespace

std::unique_ptr<Strategy> make_coroutine_asio(const StrategyOptions& options) {
    return std::make_unique<CoroutineAsio>(options);
}

}  // namespace asyncbench
