#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cli/live/live_board.hpp"
#include "targets/blocking/connection_server.hpp"

namespace asyncbench {

/// Serves the live page on 127.0.0.1: `/`, the style sheets and scripts in `/assets/`, and
/// `/state?after=VERSION&article=VERSION&page=ID`, which answers once there is news; a page calls itself by a
/// number of its own, so that each can be waited for at the end. One request a connection, a few
/// connections at once, each with a deadline, in threads that take no signals: whatever clients do, the run
/// does not meet it. Requests whose Host is another name are refused, so that no page of the web that lets
/// its own name point here (DNS rebinding) can read a run; and what another page had its browser ask for gets
/// nothing but the page, so that it counts as nobody watching.
class LiveServer {
  public:
    /// Listens and serves. Throws Error where it cannot. `board` must live longer.
    LiveServer(std::uint16_t port, LiveBoard& board, std::string page);

    std::string url() const;
    /// Whether somebody has asked for the state.
    bool was_watched() const;

    /// After the board's end: gives every page that watches some time to hear of it; at most `patience`, and
    /// none where nobody has asked for a while. Returns whether all of them have heard of it.
    bool linger(Nanoseconds patience);

  private:
    void converse(blocking::Connection& connection);
    void answer(const httplib::Request& request, httplib::Response& response);
    void answer_state(const httplib::Request& request, httplib::Response& response);
    void note_asked(std::uint64_t page);
    void note_told(std::uint64_t page);
    /// Whether somebody asked lately who does not know of the end. Under the mutex.
    bool someone_waits(TimePoint now) const;
    bool is_for_us(const httplib::Request& request) const;

    LiveBoard& board_;
    const std::string page_;

    mutable std::mutex mutex_;
    std::condition_variable answered_;
    struct Watcher {
        TimePoint last_asked;  ///< for the state
        bool knows_of_end = false;
    };
    std::map<std::uint64_t, Watcher> watchers_;  ///< by the page's number; those that give none are one
    int answering_ = 0;
    blocking::ConnectionServer server_;
};

}  // namespace asyncbench
