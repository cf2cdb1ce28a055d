#pragma once

#include <cstdint>

namespace asyncbench {

/// How often this thread has called this program's operator new, which counts.
std::uint64_t thread_allocations() noexcept;

}  // namespace asyncbench
