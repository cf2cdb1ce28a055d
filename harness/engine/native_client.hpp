#pragma once

#include <cstdint>
#include <memory>

#include "harness/work/service.hpp"

namespace asyncbench {

/// Sends what the service's own clients send by libcurl, over connections of the load engine: HTTP/1.1 on
/// io_uring, or epoll where that is refused. At most `users` requests at once. For the thread that made it.
/// Throws Unavailable where the service is not HTTP.
std::unique_ptr<PollingClient> make_native_client(const Service& service, std::uint32_t users);

}  // namespace asyncbench
