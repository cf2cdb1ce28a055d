#pragma once

#include <cstddef>

namespace asyncbench {

/// Bytes of "0\r\n\r\n", the shortest end of a chunked body. Beast 1.81 asserts that it is given as many
/// where it has seen the first three of them, so that fewer have to wait for the others.
inline constexpr std::size_t least_last_chunk_bytes = 5;

}  // namespace asyncbench
