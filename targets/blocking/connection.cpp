#include "targets/blocking/connection.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "harness/http/held_field.hpp"
#include "targets/response_text.hpp"

namespace asyncbench::blocking {

Connection::Connection(int descriptor, Nanoseconds request_timeout, Nanoseconds idle_timeout)
    : descriptor_(descriptor), request_timeout_(request_timeout), idle_timeout_(idle_timeout) {}

Connection::~Connection() {
    ::close(descriptor_);
}

bool Connection::wait_for(short events, TimePoint deadline) const {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd watched{descriptor_, events, 0};
        const int ready = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

bool Connection::wait_for_request() {
    header_bytes_left_ = header_limit_bytes;
    cut_ = Cut::none;
    telling_held_ = false;
    held_.reset();
    const bool ready = begin_ < end_ || wait_for(POLLIN, Clock::now() + idle_timeout_);
    deadline_ = Clock::now() + request_timeout_;
    return ready;
}

bool Connection::is_readable() const {
    return begin_ < end_ || wait_for(POLLIN, deadline_);
}

ssize_t Connection::read(char* data, size_t size) {
    if (!refusal_.empty()) return -1;
    if (begin_ == end_) {
        if (!wait_for(POLLIN, deadline_)) return fail_request(408);
        const Receipt receipt = receive_stamped(descriptor_, buffer_);
        if (receipt.bytes <= 0) return receipt.bytes;
        arrival_ = receipt.arrival;
        begin_ = 0;
        end_ = static_cast<std::size_t>(receipt.bytes);
    }
    const std::size_t taken = std::min(size, end_ - begin_);
    if (taken > header_bytes_left_) return fail_request(431);
    if (header_bytes_left_ != SIZE_MAX) header_bytes_left_ -= taken;
    std::memcpy(data, buffer_.data() + begin_, taken);
    begin_ += taken;
    return static_cast<ssize_t>(taken);
}

ssize_t Connection::fail_request(int status) {
    refusal_ = plain_response(status, Persistence::close, true);
    return -1;
}

ssize_t Connection::write(const char* data, size_t size) {
    if (failed_) return -1;
    if (!refusal_.empty()) {
        send_all(refusal_);
        return fail_write();
    }
    std::string_view text(data, size);
    std::string head;
    if (telling_held_) {
        telling_held_ = false;
        text = head = with_held(text);
    }
    if (cut_ != Cut::none) {
        if (cut_ == Cut::half) send_all(text.substr(0, text.size() / 2));
        return fail_write();
    }
    return send_all(text) ? static_cast<ssize_t>(size) : fail_write();
}

/// The head with the field in place of the content type, which cpp-httplib always writes.
std::string Connection::with_held(std::string_view head) {
    constexpr std::string_view line_end = "\r\n";
    std::string text(head);
    if (const auto type = text.find("\r\nContent-Type:"); type != std::string::npos) {
        text.erase(type, text.find(line_end, type + line_end.size()) - type);
    }
    held_ = Clock::now() - arrival_.time;
    std::array<char, held_digits> digits{};
    write_held(*held_, digits);
    text.insert(text.find(line_end),
                fmt::format("\r\n{}: {}", held_field_name, std::string_view(digits.data(), digits.size())));
    return text;
}

ssize_t Connection::fail_write() {
    failed_ = true;
    return -1;
}

bool Connection::send_all(std::string_view data) {
    while (!data.empty()) {
        const ssize_t sent = ::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        data.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Connection::cut_next_write(bool half) {
    cut_ = half ? Cut::half : Cut::all;
}

bool Connection::sleep_until(TimePoint time) {
    std::unique_lock lock(mutex_);
    return !interruption_.wait_until(lock, time, [this] { return interrupted_; });
}

void Connection::wait_for_end_of_input() {
    constexpr std::chrono::hours long_time{24};
    while (!wait_for(POLLRDHUP, Clock::now() + long_time)) {
    }
}

void Connection::finish() {
    ::shutdown(descriptor_, SHUT_WR);
    const TimePoint deadline = Clock::now() + std::chrono::seconds{2};
    while (Clock::now() < deadline && wait_for(POLLIN, deadline)) {
        if (::recv(descriptor_, buffer_.data(), buffer_.size(), 0) <= 0) break;
    }
}

void Connection::interrupt() {
    {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
    }
    interruption_.notify_all();
    ::shutdown(descriptor_, SHUT_RDWR);
}

}  // namespace asyncbench::blocking
