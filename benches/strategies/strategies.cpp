#include "benches/strategies/strategies.hpp"

namespace asyncbench {

StrategyRegistry builtin_strategies() {
    const ParameterInfo loops{"loops", "1",
                              "event loops, each on a thread of its own; the concurrency is split"};
    // The connection, and the pair of sockets with which libcurl could be woken.
    constexpr std::uint32_t blocking_session_descriptors = 3;
    const ParameterInfo threads{"threads", "the concurrency, at most 1024", "threads in the pool"};

    StrategyRegistry registry;
    registry.add({"sequential",
                  "One request after another on one thread.",
                  "sequential.cpp",
                  {},
                  blocking_session_descriptors,
                  1},
                 make_sequential);
    registry.add({"thread-pool",
                  "A fixed number of threads, each waiting for its own request.",
                  "thread_pool.cpp",
                  {threads},
                  blocking_session_descriptors,
                  1024},
                 make_thread_pool);
    registry.add({"callback",
                  "One thread starts requests and calls your function as each is answered.",
                  "callback.cpp",
                  {loops}},
                 make_callback);
    registry.add(
        {"coroutine", "Coroutines on the same event loop and client as callback.", "coroutine.cpp", {loops}},
        make_coroutine);
    registry.add({"callback-poll",
                  "Callbacks driven by curl_multi_poll, without an event loop.",
                  "callback_poll.cpp",
                  {}},
                 make_callback_poll);
    registry.add({"coroutine-asio",
                  "As coroutine, written with Asio's own coroutine type (asio::awaitable).",
                  "coroutine_asio.cpp",
                  {loops}},
                 make_coroutine_asio);
    registry.add({"thread-per-request",
                  "A new thread for every request.",
                  "thread_per_request.cpp",
                  {},
                  blocking_session_descriptors},
                 make_thread_per_request);
    registry.add({"native",
                  "As callback-poll, on the load generator's own connections in place of libcurl.",
                  "native.cpp",
                  {}},
                 make_native);
    return registry;
}

}  // namespace asyncbench
