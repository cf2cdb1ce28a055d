#include "harness/engine/uring_io.hpp"

#include <liburing.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "harness/engine/send_pace.hpp"
#include "harness/engine/tcp_socket.hpp"
#include "harness/engine/uring.hpp"

namespace asyncbench {
namespace {

/// What a completion is of.
enum class Operation : std::uint8_t { connect, receive, send, send_copy, respond, accept, cancel };

struct Token {
    Operation operation;
    std::uint32_t generation;  ///< 24 bits: a completion may be of the connection that had the id before
    ConnectionId id;

    static constexpr std::uint32_t generation_mask = 0xffffff;

    std::uint64_t packed() const {
        return std::uint64_t{static_cast<std::uint8_t>(operation)} << 56 |
               std::uint64_t{generation & generation_mask} << 32 | id;
    }
    static Token of(std::uint64_t packed) {
        return {static_cast<Operation>(packed >> 56),
                static_cast<std::uint32_t>(packed >> 32) & generation_mask,
                static_cast<ConnectionId>(packed)};
    }
};

class UringIo final : public ServerIo {
  public:
    explicit UringIo(std::uint32_t connections)
        : ring_(std::clamp(std::bit_ceil(connections), 64U, 4096U)),
          buffers_(ring_),
          connections_(connections) {
        ring_.register_files(std::max(connections, 1U));
        message_.msg_controllen = stamp_control_bytes;
    }
    UringIo(const UringIo&) = delete;
    UringIo& operator=(const UringIo&) = delete;
    ~UringIo() override {
        for (const Connection& connection : connections_) {
            if (connection.descriptor >= 0) ::close(connection.descriptor);
        }
    }

    void connect(ConnectionId id, const SocketAddress& address) override {
        Connection& connection = connections_[id];
        ++connection.generation;
        int error = 0;
        connection.descriptor = begin_connect(address, error);
        connection.connecting = true;
        if (connection.descriptor < 0) {
            failed_.emplace_back(id, error);
            return;
        }
        io_uring_sqe* request = ring_.request();
        io_uring_prep_poll_add(request, connection.descriptor, POLLOUT);
        io_uring_sqe_set_data64(request, token(Operation::connect, id));
    }

    void send(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        submit_send(id, bytes, Operation::send, IOSQE_CQE_SKIP_SUCCESS);
        unstamped_.push_back(&sent);
        sent = steady_now();
    }

    void send_copy(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        Connection& connection = connections_[id];
        if (!connection.sending.empty()) {
            connection.queued += bytes;
            sent = steady_now();
            return;
        }
        connection.sending = bytes;
        submit_copy(id);
        unstamped_.push_back(&sent);
        sent = steady_now();
    }

    void accept_from(int listening, ServerIoHandler& handler) override {
        server_ = &handler;
        listening_ = listening;
        io_uring_sqe* request = ring_.request();
        io_uring_prep_multishot_accept(request, listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        io_uring_sqe_set_data64(request, Token{Operation::accept, 0, 0}.packed());
    }

    void adopt(ConnectionId id, int descriptor) override {
        Connection& connection = connections_[id];
        ++connection.generation;
        connection.descriptor = descriptor;
        connection.connecting = false;
        connection.paused = false;
        io_uring_register_files_update(ring_.get(), id, &connection.descriptor, 1);
        receive(id);
    }

    bool respond(ConnectionId id, std::string_view bytes, Bytes kind) override {
        std::string& sending = connections_[id].sending;
        if (kind == Bytes::copied) sending = bytes;
        submit_send(id, kind == Bytes::copied ? sending : bytes, Operation::respond);
        // The last bytes of a response are no news. More that follows is to be sent soon.
        if (kind == Bytes::copied) ++copies_;
        // The first of many waits for the call that hands them over.
        constexpr unsigned most_held_back = 16;
        if (io_uring_sq_ready(ring_.get()) >= most_held_back) io_uring_submit(ring_.get());
        return false;
    }

    void end_sending(ConnectionId id) override { ::shutdown(connections_[id].descriptor, SHUT_WR); }

    void pause(ConnectionId id) override {
        if (std::exchange(connections_[id].paused, true) || !connections_[id].receives) return;
        io_uring_sqe* request = ring_.request();
        io_uring_prep_cancel64(request, token(Operation::receive, id), 0);
        io_uring_sqe_set_data64(request, token(Operation::cancel, id));
    }

    void resume(ConnectionId id) override {
        if (std::exchange(connections_[id].paused, false) && !connections_[id].receives) receive(id);
    }

    void flush() override {
        if (unstamped_.empty()) {
            io_uring_submit(ring_.get());
            return;
        }
        // One call hands over all of them, one after another: each is taken to have left after its share.
        const TimePoint begun = steady_now();
        io_uring_submit(ring_.get());
        const Nanoseconds step = pace_.step(steady_now() - begun, unstamped_.size());
        Nanoseconds after{0};
        for (TimePoint* sent : unstamped_) {
            *sent = begun + after;
            after += step;
        }
        unstamped_.clear();
    }

    void close(ConnectionId id) override {
        std::erase_if(failed_, [id](const auto& failure) { return failure.first == id; });
        Connection& connection = connections_[id];
        if (connection.descriptor < 0) return;
        forget_copies(id);
        ++connection.generation;
        // The receive that is under way holds the socket open until it ends, which this makes it do.
        ::shutdown(connection.descriptor, SHUT_RDWR);
        if (!connection.connecting) {
            const int none = -1;
            io_uring_register_files_update(ring_.get(), id, &none, 1);
        }
        ::close(std::exchange(connection.descriptor, -1));
    }

    unsigned wait(const IoWait& how, IoHandler& handler) override {
        enter(how);
        const ClockPair now = ClockPair::now();
        unsigned receives = 0;
        unsigned completions = 0;
        unsigned head = 0;
        io_uring_cqe* completion = nullptr;
        io_uring_for_each_cqe(ring_.get(), head, completion) {
            ++completions;
            receives += dispatch(*completion, now, handler);
        }
        io_uring_cq_advance(ring_.get(), completions);
        buffers_.publish();
        for (const auto& [id, error] : std::exchange(failed_, {})) handler.connected(id, {.error = error});
        return receives;
    }

  private:
    struct Connection {
        std::uint32_t generation = 0;
        int descriptor = -1;
        bool connecting = false;
        bool receives = false;     ///< a receive is under way
        bool paused = false;       ///< none is to be
        std::string sending = {};  ///< a copy: the kernel reads it until the send is done
        std::string queued = {};   ///< is sent after it
    };

    std::uint64_t token(Operation operation, ConnectionId id) const {
        return Token{operation, connections_[id].generation, id}.packed();
    }

    void enter(const IoWait& how) {
        // Few sends: one call hands them over and waits. The time that passes before they leave is that of
        // the call.
        constexpr std::size_t few = 2;
        const TimePoint now = steady_now();
        const bool only_looks = how.until <= now || !failed_.empty();
        if (unstamped_.size() > few || only_looks || how.enough > 1) {
            flush();
        } else {
            for (TimePoint* sent : unstamped_) *sent = now;
            unstamped_.clear();
        }
        if (only_looks) {
            copies_ = 0;
            io_uring_get_events(ring_.get());
            return;
        }
        if (how.enough > 1) {
            const unsigned copies = std::exchange(copies_, 0);
            wait_for(how.enough + copies, std::min<Nanoseconds>(how.patience, how.until - now));
            if (io_uring_cq_ready(ring_.get()) > copies) return;
        }
        // A send that finds no room does not complete at once. What comes meanwhile waits for no other event
        // for long.
        constexpr std::chrono::milliseconds at_most{1};
        const unsigned copies = std::exchange(copies_, 0);
        wait_for(1 + copies, copies > 0 ? std::min<Nanoseconds>(at_most, how.until - now) : how.until - now);
    }

    void wait_for(unsigned completions, Nanoseconds at_most) {
        // A wait without a time is the cheapest. An hour is never meant.
        if (at_most > std::chrono::hours{1}) {
            io_uring_submit_and_wait(ring_.get(), completions);
            return;
        }
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
        __kernel_timespec time{seconds.count(), (at_most - seconds).count()};
        io_uring_cqe* first = nullptr;
        io_uring_submit_and_wait_timeout(ring_.get(), &first, completions, &time, nullptr);
    }

    unsigned dispatch(const io_uring_cqe& came, const ClockPair& now, IoHandler& handler) {
        const Token token = Token::of(came.user_data);
        if (token.operation == Operation::accept) {
            accepted(came);
            return 0;
        }
        const bool has_buffer = (came.flags & IORING_CQE_F_BUFFER) != 0;
        const unsigned buffer = came.flags >> IORING_CQE_BUFFER_SHIFT;
        const bool current = (connections_[token.id].generation & Token::generation_mask) == token.generation;
        unsigned receives = 0;
        if (current) {
            switch (token.operation) {
                case Operation::connect:
                    connected(token.id, handler);
                    break;
                case Operation::send:  // only failures are told
                    if (came.res < 0) handler.ended(token.id, -came.res);
                    break;
                case Operation::send_copy:
                    sent_copy(token.id, came.res, handler);
                    break;
                case Operation::respond:
                    responded(token.id, came.res, handler);
                    break;
                case Operation::accept:
                case Operation::cancel:
                    break;
                case Operation::receive:
                    receives =
                        received(token, came, has_buffer ? buffers_.at(buffer) : nullptr, now, handler);
                    break;
            }
        }
        if (!current) orphans_.erase(came.user_data);
        if (has_buffer) buffers_.give_back(buffer);
        return receives;
    }

    void accepted(const io_uring_cqe& came) {
        const bool was_given_up = came.res == -ECONNABORTED || came.res == -EINTR;
        const bool goes_on = (came.flags & IORING_CQE_F_MORE) != 0;
        if (!goes_on && (came.res >= 0 || was_given_up)) accept_from(listening_, *server_);
        if (!was_given_up) server_->accepted(std::max(came.res, -1), std::max(-came.res, 0));
    }

    void submit_send(ConnectionId id, std::string_view bytes, Operation operation, unsigned flags = 0) {
        io_uring_sqe* request = ring_.request();
        io_uring_prep_send(request, static_cast<int>(id), bytes.data(), bytes.size(),
                           MSG_NOSIGNAL | MSG_WAITALL);
        request->flags |= IOSQE_FIXED_FILE | flags;
        io_uring_sqe_set_data64(request, token(operation, id));
    }

    void submit_copy(ConnectionId id) {
        submit_send(id, connections_[id].sending, Operation::send_copy);
        ++copies_;
    }

    void responded(ConnectionId id, int result, IoHandler& handler) {
        connections_[id].sending.clear();
        if (result < 0) return handler.ended(id, -result);
        server_->sent(id);
    }

    void sent_copy(ConnectionId id, int result, IoHandler& handler) {
        Connection& connection = connections_[id];
        connection.sending.clear();
        if (copies_ > 0) --copies_;
        if (result < 0) return handler.ended(id, -result);
        if (connection.queued.empty()) return;
        connection.sending.swap(connection.queued);
        submit_copy(id);
    }

    /// A send that is under way reads its bytes until it ends, which the close makes it do.
    void forget_copies(ConnectionId id) {
        Connection& connection = connections_[id];
        if (!connection.sending.empty()) {
            const Operation operation = server_ != nullptr ? Operation::respond : Operation::send_copy;
            orphans_.emplace(token(operation, id), std::move(connection.sending));
        }
        connection.sending.clear();
        connection.queued.clear();
    }

    void connected(ConnectionId id, IoHandler& handler) {
        Connection& connection = connections_[id];
        const int error = connect_result(connection.descriptor);
        if (error != 0) return handler.connected(id, {.error = error});
        connection.connecting = false;
        connection.paused = false;
        io_uring_register_files_update(ring_.get(), id, &connection.descriptor, 1);
        receive(id);
        handler.connected(id, {});
    }

    void receive(ConnectionId id) {
        connections_[id].receives = true;
        io_uring_sqe* request = ring_.request();
        io_uring_prep_recvmsg_multishot(request, static_cast<int>(id), &message_, 0);
        request->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
        request->buf_group = ReceiveBuffers::group;
        io_uring_sqe_set_data64(request, token(Operation::receive, id));
    }

    unsigned received(const Token& token, const io_uring_cqe& came, char* buffer, const ClockPair& now,
                      IoHandler& handler) {
        Connection& connection = connections_[token.id];
        const bool goes_on = (came.flags & IORING_CQE_F_MORE) != 0;
        connection.receives = goes_on;
        if (came.res < 0) {
            if (came.res == -ENOBUFS || came.res == -EINTR || came.res == -ECANCELED) {
                // All buffers were in use: those that are looked at now come back. Or it was paused.
                buffers_.publish();
                if (!connection.paused) receive(token.id);
            } else {
                handler.ended(token.id, -came.res);
            }
            return 0;
        }
        if (buffer == nullptr) {
            handler.ended(token.id, 0);
            return 0;
        }
        io_uring_recvmsg_out* out = io_uring_recvmsg_validate(buffer, came.res, &message_);
        const unsigned length =
            out == nullptr ? 0 : io_uring_recvmsg_payload_length(out, came.res, &message_);
        if (length == 0) {
            handler.ended(token.id, 0);
            return 0;
        }
        msghdr control{};
        control.msg_control = io_uring_recvmsg_name(out);
        control.msg_controllen = out->controllen;
        const Arrival arrival = arrival_of(stamp_in(control), now);
        const char* const payload = static_cast<const char*>(io_uring_recvmsg_payload(out, &message_));
        if (!goes_on && !connection.paused) receive(token.id);
        handler.received(token.id, {payload, length}, arrival);
        return 1;
    }

    Uring ring_;
    ReceiveBuffers buffers_;
    std::vector<Connection> connections_;
    msghdr message_{};
    std::vector<TimePoint*> unstamped_;  ///< of sends that the kernel does not know of
    SendPace pace_;
    std::vector<std::pair<ConnectionId, int>> failed_;
    ServerIoHandler* server_ = nullptr;
    int listening_ = -1;
    unsigned copies_ =
        0;  ///< sends of copies since the last wait that did not complete: each brings an event
    std::unordered_map<std::uint64_t, std::string> orphans_;  ///< what closed connections were sending
};

}  // namespace

std::unique_ptr<ServerIo> make_uring_io(std::uint32_t connections) {
    return std::make_unique<UringIo>(connections);
}

std::string why_no_uring() {
    try {
        // All that make_uring_io() asks for, of the least size: its buffers alone are 4 MiB.
        Uring ring(1);
        const ReceiveBuffers buffers(ring, 1);
        ring.register_files(1);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

IoKind best_io() {
    return why_no_uring().empty() ? IoKind::uring : IoKind::epoll;
}

}  // namespace asyncbench
