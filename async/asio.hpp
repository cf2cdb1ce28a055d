#pragma once

#include <boost/asio/io_context.hpp>

namespace asyncbench {

class Loop;

/// The Asio context under a loop, for code that speaks Asio itself. Only Loop::run() may run it. A handler
/// that wants its time counted in the loop's utilization calls Loop::begin_step() first.
boost::asio::io_context& io_context(Loop& loop);

}  // namespace asyncbench
