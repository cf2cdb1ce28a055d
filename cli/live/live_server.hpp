#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "cli/live/live_board.hpp"
#include "targets/blocking/connection_server.hpp"

namespace asyncbench {

/// Serves the live page on 127.0.0.1: `/`, the style sheets and scripts in `/assets/`, and
/// `/state?after=VERSION&article=VERSION`, which answers once there is news. One request a connection, a few
/// connections at once, each with a deadline, in threads that take no signals: whatever clients do, the run
/// does not meet it. Requests whose Host is another name are refused, so that no page of the web that lets
/// its own name point here (DNS rebinding) can read a run; and what another page had its browser ask for gets
/// nothing but the page, so that it counts as nobody watching.
class LiveServer : private blocking::ConnectionServer {
  public:
    /// Listens and serves. Throws Error where it cannot. `board` must live longer.
    LiveServer(std::uint16_t port, LiveBoard& board, std::string page);
    ~LiveServer() override { end(); }

    std::string url() const;
    /// Whether somebody has asked for the state.
    bool was_watched() const;

    /// After the board's end: gives those who watch some time to hear of it; at most `patience`, and none
    /// where nobody has asked for a while.
    void linger(Nanoseconds patience);

  private:
    void converse(blocking::Connection& connection) override;
    void answer(const httplib::Request& request, httplib::Response& response);
    void answer_state(const httplib::Request& request, httplib::Response& response);
    void note_asked();
    bool is_for_us(const httplib::Request& request) const;

    LiveBoard& board_;
    const std::string page_;

    mutable std::mutex mutex_;
    std::condition_variable answered_;
    std::optional<TimePoint> last_asked_;  ///< for the state
    int answering_ = 0;
    bool end_was_told_ = false;
};

}  // namespace asyncbench
