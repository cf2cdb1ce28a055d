#include "harness/engine/channels.hpp"

#include "harness/engine/http1_channels.hpp"
#include "harness/engine/http2_channels.hpp"
#include "harness/engine/tls_io.hpp"

namespace asyncbench {

std::unique_ptr<Channels> make_channels(const LoadSpec& spec, Pacer::Share share) {
    const auto connections = static_cast<std::uint32_t>(share_of(spec.connections, share));
    std::unique_ptr<Io> io = make_io(spec.io, connections);
    if (spec.tls) io = make_tls_io(std::move(io), *spec.tls, connections);
    if (spec.http2) return make_http2_channels(spec, share, std::move(io));
    return make_http1_channels(spec, share, std::move(io));
}

}  // namespace asyncbench
