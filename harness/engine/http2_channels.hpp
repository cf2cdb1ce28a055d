#pragma once

#include <memory>

#include "harness/engine/channels.hpp"

namespace asyncbench {

/// Channels that are the streams of connections of HTTP/2: `spec.http2->streams` on each, dealt out in turn.
/// Where the server allows fewer streams, requests wait for one.
std::unique_ptr<Channels> make_http2_channels(const LoadSpec& spec, Pacer::Share share,
                                              std::unique_ptr<Io> io);

}  // namespace asyncbench
