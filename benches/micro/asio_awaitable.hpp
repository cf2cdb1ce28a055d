#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace asyncbench {

// Asio's coroutines at their best: with the default executor, any_io_executor, a hop takes several times as
// long.
using AsioContext = boost::asio::io_context;
template <class T>
using AsioTask = boost::asio::awaitable<T, AsioContext::executor_type>;
using AsioToken = boost::asio::use_awaitable_t<AsioContext::executor_type>;

/// Runs `awaitable` on a context of its own until it is done.
inline void run_in_asio(AsioTask<void> awaitable) {
    AsioContext context(1);
    boost::asio::co_spawn(context, std::move(awaitable), boost::asio::detached);
    context.run();
}

}  // namespace asyncbench
