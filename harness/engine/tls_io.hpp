#pragma once

#include <cstdint>
#include <memory>

#include "harness/engine/io.hpp"
#include "harness/engine/tls_context.hpp"

namespace asyncbench {

/// Connections of `io` with TLS in between: who uses them sends and hears text, a connection is open when the
/// handshake is done, and an arrival is that of the last bytes on the wire. `connections` is how many there
/// can be at once. Throws Error where a file of the options cannot be used.
std::unique_ptr<Io> make_tls_io(std::unique_ptr<Io> io, TlsContext::Options options,
                                std::uint32_t connections);

}  // namespace asyncbench
