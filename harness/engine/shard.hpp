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
#include "harness/engine/channels.hpp"
#include "harness/engine/connection_schedule.hpp"
#include "harness/engine/load_measurement.hpp"
#include "harness/engine/load_spec.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/request_source.hpp"
#include "harness/engine/seconds.hpp"
#include "harness/engine/shard_recorder.hpp"

namespace asyncbench {

/// One thread of the load generator, with connections, schedule and records of its own: threads share nothing
/// while they measure but a queue that each uses once a second. All calls from that thread.
class Shard final : private ChannelHandler {
  public:
    /// `share` says which of the threads it is, and `channels` are its own. `spec`, `interrupted` and
    /// `seconds` outlive it.
    Shard(const LoadSpec& spec, Pacer::Share share, std::unique_ptr<Channels> channels,
          const std::atomic<bool>* interrupted, Seconds* seconds);

    /// Opens the connections. One that cannot be opened is tried again when a request wants it.
    void open_connections();

    /// Warms up from `start`, measures, waits for the requests that are open at the end, and returns what it
    /// saw.
    LoadMeasurement run(TimePoint start);

  private:
    enum class State {
        away,  ///< its connection has no turn now (ConnectionSchedule)
        idle,
        opening,
        busy,
        resting
    };

    struct Channel : detail::RingLink {
        explicit Channel(ChannelId number) : id(number) {}

        ChannelId id;
        State state = State::away;
        bool fresh = false;                      ///< opened for the request that it carries
        bool carried = false;                    ///< a whole response, since it was opened
        std::uint8_t attempts = 0;               ///< how often the request was sent again
        bool streams = false;                    ///< its response is a stream
        std::optional<Arrival> last_event = {};  ///< of that
        TimePoint resting = {};                  ///< since when
        const OutgoingRequest* request = nullptr;
        RequestTimes times;
    };

    void connection_opened(Nanoseconds connect, Nanoseconds tls) override;
    void opened(ChannelId id, const Opened& how) override;
    void received(std::size_t bytes) override;
    void response_began(ChannelId id, TimePoint arrival) override;
    void stream_began(ChannelId id) override;
    void events_came(ChannelId id, std::uint32_t events, const Arrival& arrival) override;
    void responded(ChannelId id, const ResponseSummary& response, const Arrival& arrival) override;
    void refused(ChannelId id, std::string_view words) override;
    void failed(ChannelId id, ErrorClass error, std::string_view words) override;

    void open(Channel& channel);
    void cross_boundaries(TimePoint now);
    /// Sets which connections have a turn from now on.
    void take_turns(TimePoint now);
    bool has_turn(const Channel& channel) const { return channel.id % connections_ < turns_; }
    /// The channel carries nothing: it waits for a request, or for its turn.
    void put_back(Channel& channel, TimePoint now);
    void start_requests(TimePoint now);
    void start_due_requests(TimePoint now);
    void start(Channel& channel, TimePoint intended, bool punctual);
    void send(Channel& channel);
    void ask_again(Channel& channel);
    void fail(Channel& channel, ErrorClass error, std::string_view words);
    void free(Channel& channel);
    void give_up_late(TimePoint now);
    void end_rests(TimePoint now);
    void end_streams(TimePoint now);
    bool in_measured_time(TimePoint when) const { return when >= begin_ && when < end_; }
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
    std::deque<Channel> channels_;    // which stay where they are
    std::unique_ptr<Channels> http_;  // after the channels, into which it writes the times of sends
    RequestSource source_;
    Pacer pacer_;
    ConnectionSchedule schedule_;
    std::uint32_t connections_;  ///< of this thread
    std::uint32_t turns_ = 0;    ///< so many of them have a turn, the first ones
    TimePoint next_turns_{};     ///< when that may be another number
    ShardRecorder recorder_;

    TimePoint begin_;    ///< of the measured time
    TimePoint end_;      ///< of the measured time, as soon as it is known
    TimePoint give_up_;  ///< no request is waited for any longer
    bool measuring_ = false;
    std::uint64_t left_;            ///< of a closed loop: how many measured requests may start
    std::optional<TimePoint> due_;  ///< of an open loop: the next request
    TimePoint starved_until_{};     ///< of an open loop: no connection was free then
    std::vector<Channel*> idle_;
    TimePoint ignored_;               ///< the time of a send that nobody asks for
    detail::RingLink open_requests_;  ///< channels that carry one, in the order in which they time out
    detail::RingLink streams_;  ///< channels whose stream is to be ended, in the order in which that is due
    detail::RingLink resting_;  ///< channels that could not be opened, in the order in which they may again
    std::uint32_t in_flight_ = 0;
    Nanoseconds patience_{0};  ///< of coalescing
    TimePoint next_estimate_{};
};

}  // namespace asyncbench
