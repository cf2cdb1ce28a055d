#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "async/clock.hpp"
#include "harness/engine/io_kind.hpp"
#include "harness/engine/socket_address.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench {

/// Number of a connection, from 0 to the number of connections of its Io.
using ConnectionId = std::uint32_t;

/// How the opening of a connection went.
struct Opened {
    int error = 0;                  ///< errno; 0 where no call of the system failed
    std::string_view problem = {};  ///< in words, where something else failed, such as TLS
    Nanoseconds tls{0};             ///< that the handshake of TLS took
    bool http2 = false;             ///< the server chose HTTP/2 by ALPN

    bool ok() const { return error == 0 && problem.empty(); }
    std::string_view words() const;  ///< of what failed
};

/// Hears what happened to connections. Called from Io::wait() alone. May call every function of the Io but
/// wait().
class IoHandler {
  public:
    /// The connection that was asked for is open, or could not be opened.
    virtual void connected(ConnectionId connection, const Opened& how) = 0;
    /// `bytes` are valid during the call; `arrival` is that of the last of them.
    virtual void received(ConnectionId connection, std::string_view bytes, const Arrival& arrival) = 0;
    /// The peer sends no more (`error` is 0), or the connection failed. It is open until close().
    virtual void ended(ConnectionId connection, int error) = 0;

  protected:
    ~IoHandler() = default;
};

/// How long Io::wait() waits.
struct IoWait {
    TimePoint until =
        TimePoint::max();  ///< it returns then, whatever comes; a time that is past: it only looks
    /// Coalescing: it waits for so many receives, but not longer than `patience` after the first look. With
    /// receive stamps of the kernel that changes no latency that is measured, and spares wake-ups.
    unsigned enough = 1;
    Nanoseconds patience{0};
};

/// Connections of one thread: opens them, sends, and receives with the kernel's stamps. One thread.
class Io {
  public:
    virtual ~Io() = default;

    /// Begins to open a connection, which must be closed or new.
    virtual void connect(ConnectionId connection, const SocketAddress& address) = 0;

    /// Sends all of `bytes`, which stay as they are until connection or Io end, or a response comes. Between
    /// this and the end of the next flush() or wait(), `sent` is set to the time at which they were handed to
    /// the kernel. A failure is reported by ended().
    virtual void send(ConnectionId connection, std::string_view bytes, TimePoint& sent) = 0;

    /// As send(), but keeps a copy of the bytes, which go after all that was sent before. A connection is
    /// used with one of the two alone.
    virtual void send_copy(ConnectionId connection, std::string_view bytes, TimePoint& sent) = 0;

    /// Hands to the kernel what send() was given.
    virtual void flush() = 0;

    /// Nothing more is reported of it.
    virtual void close(ConnectionId connection) = 0;

    /// Flushes, waits until something happened, and tells `handler` of all that did. Returns how many
    /// receives there were. An interruption by a signal returns early.
    virtual unsigned wait(const IoWait& how, IoHandler& handler) = 0;
};

/// `connections` is how many there can be at once. Throws Error where the kernel refuses; io_uring may be
/// forbidden, which why_no_uring() (uring_io.hpp) says before.
std::unique_ptr<Io> make_io(IoKind kind, std::uint32_t connections);

}  // namespace asyncbench
