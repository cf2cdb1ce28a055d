#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// Where a URL says that its server is.
struct Origin {
    std::string host;  ///< as it is looked up: without brackets, of an international name its ASCII form
    std::uint16_t port = 0;
};

/// None where it is no URL with a host.
std::optional<Origin> origin_of(const std::string& url);

/// Whether it is an IPv4 or IPv6 address in digits, which needs no lookup.
bool is_address(std::string_view host);

/// Looks up the addresses of `host`, in the order in which they are to be tried, each once; `localhost` has
/// both loopback addresses, whatever the system says. Gives up at `deadline` and where `interrupted`, which
/// may be null, becomes true; the lookup itself cannot be ended then and goes on in a thread of its own.
/// Throws Error, the reason without a full stop.
std::vector<std::string> look_up(const std::string& host, TimePoint deadline,
                                 const std::atomic<bool>* interrupted);

/// `addresses` in place of a lookup of whatever host, at `port`: for SessionOptions::pinned. What a server is
/// told of its name, by Host and by TLS, stays the URL's.
std::string pinned_to(std::span<const std::string> addresses, std::uint16_t port);

}  // namespace asyncbench
