#pragma once

#include <cstdint>

namespace asyncbench {

/// Raises this process's soft limit of open descriptors to the hard one, and returns what holds then.
std::uint64_t raise_descriptor_limit();

}  // namespace asyncbench
