#pragma once

#include <functional>

namespace asyncbench {

class Loop;

/// Watches one descriptor and calls a function in steps of the loop for as long as the descriptor is readable
/// (level-triggered: data left unread calls again). The descriptor is lent: it stays open when the watch
/// ends, and must stay open until then. Made and destroyed on the loop thread, or while the loop does not
/// run; also from within `on_readable`. Asio makes the descriptor non-blocking.
class Readable {
  public:
    /// Throws Error where the descriptor cannot be watched (closed, watched already by this loop, a plain
    /// file).
    Readable(Loop& loop, int descriptor, std::function<void()> on_readable);
    ~Readable();  ///< on_readable is not called any more
    Readable(const Readable&) = delete;
    Readable& operator=(const Readable&) = delete;

  private:
    class State;
    State* state_;
};

}  // namespace asyncbench
