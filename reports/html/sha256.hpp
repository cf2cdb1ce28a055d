#pragma once

#include <string>
#include <string_view>

namespace asyncbench {

/// SHA-256 (FIPS 180-4): 32 bytes. For a Content-Security-Policy, which names scripts by it; nothing secret
/// goes through here.
std::string sha256(std::string_view bytes);

}  // namespace asyncbench
