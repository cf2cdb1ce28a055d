#pragma once

#include <cstdint>
#include <string>

namespace asyncbench {

/// Seeded bytes that no good client sends: random ones, broken and oversized requests, mutations of good
/// ones.
class HostileBytes {
  public:
    explicit HostileBytes(std::uint64_t seed) : seed_(seed) {}

    std::string next();

    /// A number below `limit`, of the same sequence.
    std::uint64_t below(std::uint64_t limit);

  private:
    std::string random_bytes(std::uint64_t most);
    std::string good_request();
    std::string oversized();
    std::string broken_framing();
    std::string mutated(std::string text);

    std::uint64_t seed_;
    std::uint64_t drawn_ = 0;
};

}  // namespace asyncbench
