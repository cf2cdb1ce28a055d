#pragma once

#include <httplib.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench::blocking {

/// One client's connection as cpp-httplib sees it. Its own socket stream stops at descriptor 1023 (select)
/// and knows no limit on a whole request's time or header. Used by one thread; interrupt() by any.
class Connection : public httplib::Stream {
  public:
    static constexpr std::size_t header_limit_bytes = 8192;  ///< request line and fields together

    /// Owns `descriptor`.
    Connection(int descriptor, Nanoseconds request_timeout, Nanoseconds idle_timeout);
    ~Connection() override;

    /// Waits for the next request's first byte. False when there will be none.
    bool wait_for_request();
    /// The header has been read: what follows is no longer counted against its limit.
    void header_is_read() { header_bytes_left_ = SIZE_MAX; }
    /// Sleeps. False when it was interrupted.
    bool sleep_until(TimePoint time);
    /// Returns when the peer has closed its sending side, or when interrupted.
    void wait_for_end_of_input();
    /// Writes only half of the next write's bytes, or none, and then fails.
    void cut_next_write(bool half);
    /// Of the bytes read last; once the request has been read, of its last ones.
    const Arrival& arrival() const { return arrival_; }
    /// Writes into the next write, which is a response's head, how long its request was held until then.
    void tell_held_in_next_write() { telling_held_ = true; }
    /// As told for the last request; none where nothing was.
    std::optional<Nanoseconds> held() const { return held_; }
    /// Ends sending and reads for a moment what still comes: unread input would make close(2) send a reset,
    /// which destroys the response on its way.
    void finish();
    /// Whether a write has failed; cpp-httplib does not look at what became of a response's head.
    bool has_failed() const { return failed_; }
    /// Ends every wait, now and later.
    void interrupt();

    bool is_readable() const override;
    bool is_writable() const override { return true; }
    ssize_t read(char* data, size_t size) override;
    ssize_t write(const char* data, size_t size) override;
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    /// None: cpp-httplib refuses what it could not select(2) on, and uses it for nothing else.
    socket_t socket() const override { return INVALID_SOCKET; }

  private:
    enum class Cut { none, half, all };

    bool wait_for(short events, TimePoint deadline) const;
    ssize_t fail_request(int status);
    bool send_all(std::string_view data);
    ssize_t fail_write();
    std::string with_held(std::string_view head);

    int descriptor_;
    Nanoseconds request_timeout_;
    Nanoseconds idle_timeout_;

    std::array<char, 4096> buffer_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t header_bytes_left_ = header_limit_bytes;
    TimePoint deadline_{};
    Cut cut_ = Cut::none;
    Arrival arrival_;
    bool telling_held_ = false;
    std::optional<Nanoseconds> held_;
    bool failed_ = false;
    std::string refusal_;  ///< written in place of what cpp-httplib says of the broken request

    std::mutex mutex_;
    std::condition_variable interruption_;
    bool interrupted_ = false;
};

}  // namespace asyncbench::blocking
