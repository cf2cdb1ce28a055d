#include "harness/engine/epoll_io.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "harness/engine/tcp_socket.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t receive_bytes = 65536;
constexpr std::size_t events_at_once = 256;
/// The longest wait at one go; a time that is further away is waited for in steps.
constexpr std::chrono::seconds longest_wait{1};

timespec timespec_of(Nanoseconds time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    return {seconds.count(), (time - seconds).count()};
}

class EpollIo final : public ServerIo {
  public:
    explicit EpollIo(std::uint32_t connections)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), connections_(connections), buffer_(receive_bytes) {
        if (epoll_ < 0) throw Error(fmt::format("epoll_create1 failed: {}.", std::strerror(errno)));
    }
    EpollIo(const EpollIo&) = delete;
    EpollIo& operator=(const EpollIo&) = delete;
    ~EpollIo() override {
        for (const Connection& connection : connections_) {
            if (connection.descriptor >= 0) ::close(connection.descriptor);
        }
        ::close(epoll_);
    }

    void connect(ConnectionId id, const SocketAddress& address) override {
        Connection& connection = connections_[id];
        int error = 0;
        connection = {.generation = connection.generation + 1, .kept = std::move(connection.kept)};
        connection.descriptor = begin_connect(address, error);
        if (connection.descriptor < 0) {
            failed_.emplace_back(id, error);
            return;
        }
        connection.connecting = true;
        watch(EPOLL_CTL_ADD, id, EPOLLOUT);
    }

    void send(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        sent = steady_now();
        connections_[id].unsent = bytes;
        send_on(id);
    }

    void send_copy(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        sent = steady_now();
        Connection& connection = connections_[id];
        if (!connection.unsent.empty()) {
            connection.kept.erase(0, connection.kept.size() - connection.unsent.size());
            connection.kept += bytes;
            connection.unsent = connection.kept;
            return;
        }
        connection.unsent = bytes;
        send_on(id);
        if (connection.unsent.empty()) return;
        connection.kept = connection.unsent;
        connection.unsent = connection.kept;
    }

    void flush() override {}

    void accept_from(int listening, ServerIoHandler& handler) override {
        listening_ = listening;
        server_ = &handler;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = of_listening;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, listening, &event) != 0) accept_error_ = errno;
    }

    void adopt(ConnectionId id, int descriptor) override {
        Connection& connection = connections_[id];
        connection = {.generation = connection.generation + 1, .kept = std::move(connection.kept)};
        connection.descriptor = descriptor;
        watch(EPOLL_CTL_ADD, id, EPOLLIN);
    }

    bool respond(ConnectionId id, std::string_view bytes, Bytes kind) override {
        Connection& connection = connections_[id];
        connection.unsent = bytes;
        send_on(id);
        if (connection.unsent.empty()) return true;
        connection.tells = true;
        if (kind == Bytes::copied) {
            connection.kept = connection.unsent;
            connection.unsent = connection.kept;
        }
        return false;
    }

    void end_sending(ConnectionId id) override { ::shutdown(connections_[id].descriptor, SHUT_WR); }

    void pause(ConnectionId id) override { set_reading(id, false); }
    void resume(ConnectionId id) override { set_reading(id, true); }

    void close(ConnectionId id) override {
        Connection& connection = connections_[id];
        if (connection.descriptor >= 0) ::close(connection.descriptor);
        connection = {.generation = connection.generation, .kept = std::move(connection.kept)};
        std::erase_if(failed_, [id](const auto& failure) { return failure.first == id; });
    }

    unsigned wait(const IoWait& how, IoHandler& handler) override {
        const bool has_news = !failed_.empty() || accept_error_ != 0;
        if (how.enough > 1 && last_count_ < how.enough && !has_news) let_gather(how);
        const int count = wait_for_events(has_news ? TimePoint{} : how.until);
        unsigned receives = 0;
        for (int i = 0; i < count; ++i) receives += dispatch(events_[static_cast<std::size_t>(i)], handler);
        if (const int error = std::exchange(accept_error_, 0)) server_->accepted(-1, error);
        for (const auto& [id, error] : std::exchange(failed_, {})) report_failure(id, error, handler);
        last_count_ = receives;
        return receives;
    }

  private:
    struct Connection {
        std::uint32_t generation = 0;  ///< how many there were of this id: an event may be of the one before
        int descriptor = -1;
        bool connecting = false;
        bool reads = true;            ///< neither paused nor at the end of what comes
        bool waits_for_room = false;  ///< to send `unsent`
        bool tells = false;           ///< when `unsent` is sent
        std::string_view unsent = {};
        std::string kept = {};  ///< whose end `unsent` is, of send_copy()
    };

    void watch(int operation, ConnectionId id, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = std::uint64_t{connections_[id].generation} << 32 | id;
        if (::epoll_ctl(epoll_, operation, connections_[id].descriptor, &event) != 0) {
            failed_.emplace_back(id, errno);
        }
    }

    void send_on(ConnectionId id) {
        Connection& connection = connections_[id];
        while (!connection.unsent.empty()) {
            const ssize_t sent = ::send(connection.descriptor, connection.unsent.data(),
                                        connection.unsent.size(), MSG_NOSIGNAL);
            if (sent >= 0) {
                connection.unsent.remove_prefix(static_cast<std::size_t>(sent));
                continue;
            }
            if (errno == EINTR) continue;
            if (errno != EAGAIN) failed_.emplace_back(id, errno);
            break;
        }
        const bool waits_for_room = !connection.unsent.empty() && errno == EAGAIN;
        if (waits_for_room == connection.waits_for_room) return;
        connection.waits_for_room = waits_for_room;
        watch_again(id);
    }

    void set_reading(ConnectionId id, bool reads) {
        if (reads == connections_[id].reads) return;
        connections_[id].reads = reads;
        watch_again(id);
    }

    void watch_again(ConnectionId id) {
        const Connection& connection = connections_[id];
        watch(EPOLL_CTL_MOD, id,
              (connection.reads ? EPOLLIN : 0U) | (connection.waits_for_room ? EPOLLOUT : 0U));
    }

    /// Lets responses come for a while, so that one wake-up serves several.
    void let_gather(const IoWait& how) const {
        const Nanoseconds left = std::min(how.patience, Nanoseconds{how.until - steady_now()});
        if (left <= Nanoseconds{0}) return;
        const timespec time = timespec_of(left);
        ::nanosleep(&time, nullptr);
    }

    int wait_for_events(TimePoint until) {
        const Nanoseconds left =
            until == TimePoint::max()
                ? longest_wait
                : std::clamp<Nanoseconds>(until - steady_now(), Nanoseconds{0}, longest_wait);
        const timespec time = timespec_of(left);
        // Of nanoseconds; glibc 2.35 has it as epoll_pwait2(), too.
        const long count =
            ::syscall(SYS_epoll_pwait2, epoll_, events_.data(), events_.size(), &time, nullptr, 0);
        return static_cast<int>(std::max(count, 0L));
    }

    void accept() {
        // Some, so that those who came before are not kept waiting.
        constexpr int at_once = 64;
        for (int i = 0; i < at_once; ++i) {
            const int descriptor = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                server_->accepted(descriptor, 0);
            } else if (errno == EAGAIN) {
                return;
            } else if (errno != ECONNABORTED && errno != EINTR) {
                accept_error_ = errno;
                ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listening_, nullptr);
                return;
            }
        }
    }

    unsigned dispatch(const epoll_event& event, IoHandler& handler) {
        if (event.data.u64 == of_listening) {
            accept();
            return 0;
        }
        const auto id = static_cast<ConnectionId>(event.data.u64);
        Connection& connection = connections_[id];
        if (connection.descriptor < 0 || connection.generation != event.data.u64 >> 32) return 0;
        if (connection.connecting) {
            connection.connecting = false;
            const int error = connect_result(connection.descriptor);
            if (error == 0) watch(EPOLL_CTL_MOD, id, EPOLLIN);
            handler.connected(id, {.error = error});
            return 0;
        }
        if ((event.events & EPOLLOUT) != 0) {
            send_on(id);
            if (connection.unsent.empty() && std::exchange(connection.tells, false)) server_->sent(id);
        }
        const bool is_same = connection.descriptor >= 0 && connection.generation == event.data.u64 >> 32;
        const bool reads = (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0;
        return is_same && reads ? receive(id, handler) : 0;
    }

    unsigned receive(ConnectionId id, IoHandler& handler) {
        const Receipt receipt = receive_stamped(connections_[id].descriptor, buffer_);
        if (receipt.bytes > 0) {
            handler.received(id, {buffer_.data(), static_cast<std::size_t>(receipt.bytes)}, receipt.arrival);
            return 1;
        }
        if (receipt.bytes == 0) {
            if (server_ != nullptr) set_reading(id, false);  // a server may still have something to send
            handler.ended(id, 0);
        } else if (errno != EAGAIN && errno != EINTR) {
            handler.ended(id, errno);
        }
        return 0;
    }

    void report_failure(ConnectionId id, int error, IoHandler& handler) {
        Connection& connection = connections_[id];
        if (connection.descriptor < 0 || connection.connecting) {
            handler.connected(id, {.error = error});
        } else {
            handler.ended(id, error);
        }
    }

    static constexpr std::uint64_t of_listening = ~std::uint64_t{0};

    int epoll_;
    int listening_ = -1;
    int accept_error_ = 0;  ///< to be reported by the next wait()
    ServerIoHandler* server_ = nullptr;
    std::vector<Connection> connections_;
    std::vector<char> buffer_;
    std::array<epoll_event, events_at_once> events_{};
    std::vector<std::pair<ConnectionId, int>> failed_;  ///< to be reported by the next wait()
    unsigned last_count_ = 0;
};

}  // namespace

std::unique_ptr<ServerIo> make_epoll_io(std::uint32_t connections) {
    return std::make_unique<EpollIo>(connections);
}

}  // namespace asyncbench
