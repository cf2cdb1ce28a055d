#pragma once

#include <memory>

#include "harness/engine/channels.hpp"

namespace asyncbench {

/// Channels that are connections of HTTP/1.1, each with one request at a time.
std::unique_ptr<Channels> make_http1_channels(const LoadSpec& spec, Pacer::Share share,
                                              std::unique_ptr<Io> io);

}  // namespace asyncbench
