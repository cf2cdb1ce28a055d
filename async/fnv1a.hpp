#pragma once

#include <cstdint>
#include <string_view>

namespace asyncbench {

/// FNV-1a of 64 bits (Fowler, Noll and Vo). No defence against who wants two texts to have one hash.
constexpr std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return hash;
}

}  // namespace asyncbench
