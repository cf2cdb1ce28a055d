#include "harness/engine/load_spec.hpp"

#include <cstddef>

namespace asyncbench {

std::uint64_t share_of(std::uint64_t whole, Pacer::Share share) {
    return whole / share.count + (share.index < whole % share.count ? 1 : 0);
}

const SocketAddress& address_for(const LoadSpec& spec, Pacer::Share share, std::uint32_t connection) {
    const std::size_t turn = std::size_t{connection} * share.count + share.index;
    return spec.addresses[turn % spec.addresses.size()];
}

}  // namespace asyncbench
