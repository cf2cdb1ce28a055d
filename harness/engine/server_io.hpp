#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "harness/engine/io.hpp"

namespace asyncbench {

/// Hears besides what happens to a server.
class ServerIoHandler : public IoHandler {
  public:
    /// A peer has connected, and the callee owns the descriptor. Or there is none, and `error` is errno:
    /// nothing more is accepted until accept_from() is called again.
    virtual void accepted(int descriptor, int error) = 0;
    /// The kernel has all that respond() was given.
    virtual void sent(ConnectionId connection) = 0;

  protected:
    void connected(ConnectionId /*connection*/, const Opened& /*how*/) final {}
    ~ServerIoHandler() = default;
};

/// Connections of one thread that were accepted. One thread.
class ServerIo : public Io {
  public:
    enum class Bytes {
        copied,  ///< are copied where they are needed after the call
        lasting  ///< stay as they are as long as the Io lives
    };

    /// Accepts what connects to the socket, which listens and does not block, until there is an error.
    /// shutdown(2) of it from any thread is one. `handler` is the one that wait() is called with.
    virtual void accept_from(int listening, ServerIoHandler& handler) = 0;
    /// Owns an accepted descriptor from here on, as a connection that was new or closed.
    virtual void adopt(ConnectionId connection, int descriptor) = 0;

    /// Sends all of `bytes`. True: the kernel has them. False: sent() is called when it has, or ended(). Not
    /// before the last ones are sent.
    virtual bool respond(ConnectionId connection, std::string_view bytes, Bytes kind) = 0;
    /// The peer hears that no more comes.
    virtual void end_sending(ConnectionId connection) = 0;

    /// What comes stays in the kernel, but for what it has handed over already.
    virtual void pause(ConnectionId connection) = 0;
    virtual void resume(ConnectionId connection) = 0;
};

/// Throws Error as make_io() does.
std::unique_ptr<ServerIo> make_server_io(IoKind kind, std::uint32_t connections);

}  // namespace asyncbench
