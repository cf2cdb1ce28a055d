#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "async/clock.hpp"
#include "async/ring.hpp"
#include "harness/engine/io.hpp"
#include "harness/engine/load_measurement.hpp"
#include "harness/engine/load_spec.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/response_reader.hpp"
#include "harness/engine/response_template.hpp"
#include "harness/engine/seconds.hpp"
#include "harness/engine/shard_recorder.hpp"

namespace asyncbench {

/// One thread of the load generator, with connections, schedule and records of its own: threads share nothing
/// while they measure but a queue that each uses once a second. All calls from that thread.
class Shard final : private IoHandler {
  public:
    /// `share` says which of the threads it is. `spec`, `interrupted` and `seconds` outlive it. Throws Error
    /// where the kernel refuses.
    Shard(const LoadSpec& spec, Pacer::Share share, const std::atomic<bool>* interrupted, Seconds* seconds);

    /// Opens the connections. One that cannot be opened is tried again when a request wants it.
    void open_connections();

    /// Warms up from `start`, measures, waits for the requests that are open at the end, and returns what it
    /// saw.
    LoadMeasurement run(TimePoint start);

  private:
    enum class State { idle, connecting, busy, resting };

    struct Connection : detail::RingLink {
        Connection(ConnectionId number, ResponseTemplate& learned, bool to_head)
            : id(number), reader(learned, to_head) {}

        ConnectionId id;
        State state = State::idle;
        bool open = false;
        bool fresh = false;    ///< opened for the request that it carries
        bool carried = false;  ///< a whole response, since it was opened
        bool again = false;    ///< the request was sent before, on a connection that the server had closed
        TimePoint connecting;  ///< since when
        RequestTimes times;
        ResponseReader reader;
    };

    void connected(ConnectionId id, int error) override;
    void received(ConnectionId id, std::string_view bytes, const Arrival& arrival) override;
    void ended(ConnectionId id, int error) override;

    void connect(Connection& connection);
    void cross_boundaries(TimePoint now);
    void start_requests(TimePoint now);
    void start_due_requests(TimePoint now);
    void start(Connection& connection, TimePoint intended, bool punctual);
    void send(Connection& connection);
    void ask_again(Connection& connection);
    void read(Connection& connection, ResponseReader::Result result, const Arrival& arrival);
    void fail(Connection& connection, ErrorClass error, std::string_view words);
    void free(Connection& connection);
    void close(Connection& connection);
    void give_up_late(TimePoint now);
    void end_rests(TimePoint now);
    bool finished(TimePoint now) const;
    bool may_start(TimePoint now) const;
    std::optional<IoWait> next_wait(TimePoint now) const;
    TimePoint next_event(TimePoint now) const;
    unsigned responses_worth_a_wakeup() const;
    void count_unsent();
    void count_unfinished();

    const LoadSpec& spec_;
    Pacer::Share share_;
    const std::atomic<bool>* interrupted_;
    ResponseTemplate learned_;
    std::deque<Connection> connections_;  // which stay where they are
    std::unique_ptr<Io> io_;              // after the connections, into which it writes the times of sends
    Pacer pacer_;
    ShardRecorder recorder_;

    TimePoint begin_;    ///< of the measured time
    TimePoint end_;      ///< of the measured time, as soon as it is known
    TimePoint give_up_;  ///< no request is waited for any longer
    bool measuring_ = false;
    std::uint64_t left_;            ///< of a closed loop: how many measured requests may start
    std::optional<TimePoint> due_;  ///< of an open loop: the next request
    TimePoint starved_until_{};     ///< of an open loop: no connection was free then
    std::vector<Connection*> idle_;
    detail::RingLink open_requests_;  ///< connections that carry one, in the order in which they time out
    detail::RingLink
        resting_;  ///< connections that could not be opened, in the order in which they may again
    std::uint32_t in_flight_ = 0;
    Nanoseconds patience_{0};  ///< of coalescing
    TimePoint next_estimate_{};
};

}  // namespace asyncbench
