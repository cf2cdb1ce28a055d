#include "harness/http/async_session.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <utility>

#include "async/errors.hpp"
#include "async/readable.hpp"
#include "async/timer.hpp"

namespace asyncbench {
namespace {

/// How many transfers one multi handle drives. libcurl looks for an idle connection by walking through all
/// connections to the host, so that the cost of a request grows with those in flight; several small handles
/// keep the walk short. Handles of 128 take 6 % more instructions a request at 128 in flight, those of 16
/// take 1 % fewer and twice the descriptors.
constexpr std::size_t transfers_per_shard = 32;

/// After how long a step leaves the sockets that are still ready to the next one. libcurl reads a socket
/// until it is empty, more than a megabyte at a time: a batch of large bodies would keep the loop from
/// everything else.
constexpr std::chrono::milliseconds step_budget{5};

}  // namespace

/// The descriptors of all shards in one level-triggered epoll set, which the loop sees as a single
/// descriptor. Handing each socket to Asio instead costs an epoll_ctl for every wait (its reactor is
/// edge-triggered) and an object for every connection; and Asio would close what is libcurl's to close.
class AsyncSession::Sockets {
  public:
    explicit Sockets(Loop& loop) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) {
            throw Error(std::string("No descriptor is left to watch sockets with: ") + std::strerror(errno) +
                        ". Raise the limit (ulimit -n).");
        }
        readable_ = std::make_unique<Readable>(loop, epoll_, [this] { dispatch(); });
    }
    ~Sockets() {
        readable_.reset();
        close(epoll_);
    }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;

    void watch(curl_socket_t socket, int what, Shard& shard, bool known) const {
        epoll_event event{};
        event.events =
            ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
        event.data.u64 = pack(shard, socket);
        epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    }
    void forget(curl_socket_t socket) const {
        // Fails where the socket is closed already, which took it out of the set: libcurl may tell late.
        epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
    }
    void add(Shard& shard) { shards_.push_back(&shard); }

  private:
    std::uint64_t pack(const Shard& shard, curl_socket_t socket) const;
    void dispatch();

    int epoll_;
    /// One batch of ready sockets, of which those from `next_` on are not acted on yet. A socket that is
    /// closed meanwhile does no harm: libcurl finds nothing to do for it.
    std::array<epoll_event, 128> ready_;
    std::size_t next_ = 0;
    std::size_t ready_count_ = 0;
    std::unique_ptr<Readable> readable_;
    std::vector<Shard*> shards_;
};

/// One multi handle with its timer.
class AsyncSession::Shard {
  public:
    Shard(Loop& loop, Sockets& sockets, const SessionOptions& options, std::uint32_t index)
        : index_(index), loop_(loop), sockets_(sockets), timer_(loop), multi_(options) {
        CURLM* handle = multi_.handle();
        curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, &Shard::on_socket);
        curl_multi_setopt(handle, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, &Shard::on_timer_change);
        curl_multi_setopt(handle, CURLMOPT_TIMERDATA, this);
        sockets_.add(*this);
    }

    ~Shard() { *alive_ = false; }
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    /// Lets libcurl work on `socket`, or on what is due by time (CURL_SOCKET_TIMEOUT).
    void act(curl_socket_t socket, int events) {
        int running = 0;
        const CURLMcode code = curl_multi_socket_action(multi_.handle(), socket, events, &running);
        if (code != CURLM_OK)
            throw Error(std::string("libcurl cannot go on: ") + curl_multi_strerror(code) + ".");
        try {
            multi_.complete_finished();
        } catch (...) {
            act_soon();  // a completion threw; nothing else would come for those behind it
            throw;
        }
    }

    Multi& multi() { return multi_; }
    std::uint32_t index() const { return index_; }

  private:
    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
        auto& shard = *static_cast<Shard*>(self);
        if (what == CURL_POLL_REMOVE) {
            shard.sockets_.forget(socket);
            return 0;
        }
        shard.sockets_.watch(socket, what, shard, known != nullptr);
        // The first call for a socket knows nothing of it; any pointer marks it as seen.
        if (known == nullptr) curl_multi_assign(shard.multi_.handle(), socket, &shard);
        return 0;
    }

    static int on_timer_change(CURLM*, long timeout_ms, void* self) {
        auto& shard = *static_cast<Shard*>(self);
        if (timeout_ms < 0) {
            shard.deadline_ = TimePoint::max();
        } else if (timeout_ms == 0) {
            shard.deadline_ = TimePoint::max();
            shard.act_soon();
        } else {
            shard.deadline_ = Clock::now() + std::chrono::milliseconds(timeout_ms);
            shard.arm();
        }
        return 0;
    }

    /// libcurl wants to be called at once, but must not be called from inside its own callback.
    void act_soon() {
        if (soon_) return;
        soon_ = true;
        loop_.post([this, alive = alive_] {
            if (!*alive) return;
            soon_ = false;
            act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    /// libcurl moves its deadline with nearly every request. A timer that is already set to an earlier time
    /// stays, finds nothing due and sets itself again: once in a timeout instead of twice in a request.
    void arm() {
        if (armed_for_ <= deadline_) return;
        armed_for_ = deadline_;
        timer_.at(armed_for_, [this] {
            armed_for_ = TimePoint::max();
            if (deadline_ == TimePoint::max()) return;
            if (deadline_ > Clock::now()) return arm();
            deadline_ = TimePoint::max();
            act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    std::uint32_t index_;
    Loop& loop_;
    Sockets& sockets_;
    Timer timer_;
    TimePoint deadline_ = TimePoint::max();
    TimePoint armed_for_ = TimePoint::max();
    bool soon_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    Multi multi_;  // last: its destruction calls back into everything above
};

std::uint64_t AsyncSession::Sockets::pack(const Shard& shard, curl_socket_t socket) const {
    return (std::uint64_t{shard.index()} << 32) | static_cast<std::uint32_t>(socket);
}

void AsyncSession::Sockets::dispatch() {
    // At most one batch a step, and not all of it if it takes long: what is still ready makes the set
    // readable again, after others on the loop had their turn. The rest of a batch comes before new events,
    // so that the first sockets of the set cannot starve the last.
    if (next_ == ready_count_) {
        const int count = epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), 0);
        ready_count_ = count > 0 ? static_cast<std::size_t>(count) : 0;
        next_ = 0;
    }
    const TimePoint enough = Clock::now() + step_budget;
    while (next_ < ready_count_) {
        const epoll_event event = ready_[next_++];
        const int action = ((event.events & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
                           ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                           ((event.events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);
        const auto socket = static_cast<curl_socket_t>(event.data.u64 & 0xffffffff);
        shards_[event.data.u64 >> 32]->act(socket, action);
        if (Clock::now() >= enough) return;
    }
}

AsyncSession::AsyncSession(Loop& loop, const SessionOptions& options)
    : loop_(loop), options_(options), sockets_(std::make_unique<Sockets>(loop)) {}

AsyncSession::~AsyncSession() {
    while (waiting_.linked()) {
        Fetch& fetch = static_cast<Fetch&>(waiting_.next());
        Transfer* const transfer = fetch.transfer_;
        fetch.session_ends();
        cancel(transfer);
    }
}

AsyncSession::Shard& AsyncSession::shard_with_room() {
    for (const auto& shard : shards_) {
        if (shard->multi().active() < transfers_per_shard) return *shard;
    }
    SessionOptions options = options_;
    options.max_connections = transfers_per_shard;
    shards_.push_back(
        std::make_unique<Shard>(loop_, *sockets_, options, static_cast<std::uint32_t>(shards_.size())));
    return *shards_.back();
}

Transfer* AsyncSession::send(const HttpRequest& request, Completion done) {
    return shard_with_room().multi().start(request, std::move(done));
}

}  // namespace asyncbench
