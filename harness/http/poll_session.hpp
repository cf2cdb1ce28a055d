#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "async/clock.hpp"
#include "harness/http/multi.hpp"

namespace asyncbench {

/// HTTP by callbacks without an event loop of one's own: curl_multi_poll waits, curl_multi_perform works.
/// One thread; callbacks run inside run().
class PollSession {
  public:
    explicit PollSession(const SessionOptions& options) : multi_(options) {}

    /// Starts a request; `done` is called by run().
    void send(const HttpRequest& request, Completion done) { multi_.start(request, std::move(done)); }
    void get(std::string url, Completion done) { send({.url = std::move(url)}, std::move(done)); }

    /// Calls `action` from run() at `when`, never earlier; the last millisecond before it is spun through.
    void at(TimePoint when, std::function<void()> action);

    /// Returns when no request and no timer is left. Throws Error where libcurl fails as a whole.
    void run();

  private:
    struct Timer {
        TimePoint when;
        std::uint64_t order;
        std::function<void()> action;
        bool operator>(const Timer& other) const {
            return when != other.when ? when > other.when : order > other.order;
        }
    };
    void fire_due_timers();
    int wait_ms() const;

    Multi multi_;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
    std::uint64_t timers_made_ = 0;
};

}  // namespace asyncbench
