#include "harness/engine/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace asyncbench {
namespace {

/// A connection that could not be opened is left alone so long.
constexpr std::chrono::milliseconds rest{100};
/// So often a request that a server refuses to process is sent again.
constexpr std::uint8_t most_refusals = 5;
/// How long an interruption may go unseen.
constexpr std::chrono::milliseconds longest_unseen{100};
/// Connections that are being opened at once before the start: a listening socket has a short queue.
constexpr std::uint32_t most_opening = 64;
/// A wake-up takes this long, so that a thread that must be punctual is awake before; by measurement of the
/// lateness of sends at 1,000 and 10,000 a second.
constexpr std::chrono::microseconds wakeup{150};
/// So long before a send is due nothing else is begun.
constexpr std::chrono::microseconds read_takes{8};

/// What is worth waiting for, in responses and as a part of the median latency: from measurements of CPU time
/// a request. Below so many requests in flight there is nothing to gain.
constexpr unsigned most_coalesced = 32;
constexpr std::uint32_t least_in_flight = 16;
constexpr std::chrono::microseconds longest_patience{100};
constexpr int patience_of_median = 8;

/// The course of an open loop from the start of the warm-up, which has the rate that the measured time begins
/// with.
std::vector<LoadStage> with_warmup(const LoadSpec& spec) {
    std::vector<LoadStage> stages = spec.stages;
    if (stages.empty() || spec.warmup.count() == 0) return stages;
    const double rate = stages.front().from;
    stages.insert(stages.begin(), {rate, rate, spec.warmup});
    return stages;
}

}  // namespace

Shard::Shard(const LoadSpec& spec, Pacer::Share share, std::unique_ptr<Channels> channels,
             const std::atomic<bool>* interrupted, Seconds* seconds)
    : spec_(spec),
      share_(share),
      interrupted_(interrupted),
      http_(std::move(channels)),
      source_(spec, share, http_->count()),
      pacer_(with_warmup(spec), spec.arrivals, spec.seed, share),
      schedule_(spec.connection_stages, spec.connections),
      connections_(static_cast<std::uint32_t>(share_of(spec.connections, share))),
      recorder_({.thread = share.index,
                 .open_loop = !spec.stages.empty(),
                 .requests = spec.targets.size(),
                 .seconds = seconds}),
      left_(share_of(spec.requests, share)) {
    idle_.reserve(http_->count());
    for (ChannelId id = 0; id < http_->count(); ++id) channels_.emplace_back(id);
    take_turns(begin_);
}

void Shard::open_connections() {
    if (!spec_.keep_alive) return;
    const TimePoint give_up = http_->now() + spec_.timeout;
    std::size_t begun = 0;
    std::uint32_t opening = 0;
    // They stay in idle_.
    while (begun < idle_.size() || opening > 0) {
        for (; begun < idle_.size() && opening < most_opening; ++begun, ++opening) {
            idle_[begun]->state = State::opening;
            open(*idle_[begun]);
        }
        const TimePoint now = http_->now();
        if (now >= give_up || *interrupted_) break;
        http_->wait({.until = std::min(give_up, now + longest_unseen)}, *this);
        opening = static_cast<std::uint32_t>(
            std::count_if(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(begun),
                          [](const Channel* each) { return each->state == State::opening; }));
    }
    for (Channel* channel : idle_) {
        if (channel->state == State::opening) http_->close(channel->id);
        channel->state = State::idle;
    }
    recorder_.connections_at_start(http_->open_connections());
}

LoadMeasurement Shard::run(TimePoint start) {
    begin_ = start + spec_.warmup;
    end_ = spec_.requests > 0 ? TimePoint::max() : begin_ + spec_.duration;
    give_up_ = TimePoint::max();
    take_turns(start);
    // What starts before the time would be warm-up.
    while (http_->now() < start) http_->wait({.until = start}, *this);
    while (true) {
        const TimePoint now = http_->now();
        cross_boundaries(now);
        if (finished(now)) break;
        if (now >= next_turns_) take_turns(now);
        end_rests(now);
        give_up_late(now);
        if (streams_.linked()) end_streams(now);
        start_requests(now);
        if (measuring_ && now >= end_) continue;
        if (const auto how = next_wait(now)) {
            http_->wait(*how, *this);
            recorder_.woke_up();
        }
    }
    count_unsent();
    count_unfinished();
    return recorder_.finish();
}

void Shard::cross_boundaries(TimePoint now) {
    if (*interrupted_ && give_up_ == TimePoint::max()) {
        end_ = std::min(end_, now);
        give_up_ = now + std::min(spec_.drain, spec_.timeout);
    }
    if (now >= end_ && give_up_ == TimePoint::max()) give_up_ = end_ + spec_.timeout;
    if (!measuring_ && now >= begin_ && now < end_ && recorder_.so_far().elapsed.count() == 0) {
        measuring_ = true;
        recorder_.measured_time_begins(begin_);
    }
    if (measuring_ && now < end_ && now >= recorder_.end_of_second()) recorder_.second_ends(now);
    if (measuring_ && now >= end_) {
        measuring_ = false;
        recorder_.measured_time_ends(end_);
    }
    if (now >= next_estimate_) {
        const Histogram& seen = recorder_.so_far().service_time_ns;
        patience_ = std::min<Nanoseconds>(longest_patience,
                                          Nanoseconds{seen.value_at_percentile(50) / patience_of_median});
        next_estimate_ = now + std::chrono::seconds{1};
    }
}

void Shard::take_turns(TimePoint now) {
    const Nanoseconds passed = now - begin_;
    const std::uint32_t before = turns_;
    turns_ = static_cast<std::uint32_t>(share_of(schedule_.at(passed), share_));
    const Nanoseconds next = schedule_.next_change(passed);
    next_turns_ = next == Nanoseconds::max() ? TimePoint::max() : begin_ + next;
    const auto leaves = [this](const Channel* channel) { return !has_turn(*channel); };
    for (Channel* channel : idle_) {
        if (!leaves(channel)) continue;
        channel->state = State::away;
        http_->close(channel->id);
    }
    std::erase_if(idle_, leaves);
    for (std::uint32_t connection = before; connection < turns_; ++connection) {
        for (ChannelId id = connection; id < channels_.size(); id += connections_)
            if (channels_[id].state == State::away) put_back(channels_[id], now);
    }
}

void Shard::put_back(Channel& channel, TimePoint now) {
    if (!has_turn(channel)) {
        channel.state = State::away;
        http_->close(channel.id);
        return;
    }
    channel.state = State::idle;
    if (idle_.empty()) starved_until_ = now;
    idle_.push_back(&channel);
}

bool Shard::may_start(TimePoint now) const {
    if (now >= end_) return false;
    return spec_.requests == 0 || now < begin_ || left_ > 0;
}

void Shard::start_requests(TimePoint now) {
    if (!spec_.stages.empty()) return start_due_requests(now);
    while (!idle_.empty() && may_start(now)) {
        Channel& channel = *idle_.back();
        idle_.pop_back();
        start(channel, now, true);
    }
    // Of a number of requests the measured time ends with the last answer.
    const bool all_done = spec_.requests > 0 && left_ == 0 && in_flight_ == 0 && now >= begin_;
    if (all_done && end_ > now) end_ = now;
}

void Shard::start(Channel& channel, TimePoint intended, bool punctual) {
    channel.times = {.intended = intended,
                     .began = intended,
                     .first_byte = {},
                     .measured = intended >= begin_ && intended < end_,
                     .punctual = punctual};
    if (channel.times.measured && spec_.requests > 0) --left_;
    ++in_flight_;
    channel.link_before(open_requests_);
    recorder_.started(channel.times);
    channel.fresh = !http_->is_open(channel.id);
    channel.attempts = 0;
    channel.streams = false;
    channel.request = &source_.next(channel.id);
    channel.times.number = channel.request->number;
    if (!channel.fresh) return send(channel);
    channel.times.began = http_->now();
    channel.state = State::opening;
    open(channel);
}

void Shard::open(Channel& channel) {
    channel.carried = false;
    http_->open(channel.id);
}

void Shard::send(Channel& channel) {
    channel.state = State::busy;
    // Of a connection for this request alone the time counts from its opening.
    http_->send(channel.id, *channel.request, channel.fresh ? ignored_ : channel.times.began);
    if (channel.fresh) http_->flush();
}

void Shard::ask_again(Channel& channel) {
    ++channel.attempts;
    channel.fresh = true;  // its time counts from the first send
    if (http_->is_open(channel.id)) return send(channel);
    channel.state = State::opening;
    open(channel);
}

void Shard::connection_opened(Nanoseconds connect, Nanoseconds tls) {
    recorder_.connection_opened(connect, tls);
}

void Shard::opened(ChannelId id, const Opened& how) {
    Channel& channel = channels_[id];
    if (channel.state != State::opening) return;
    const bool carries = channel.linked();
    if (!how.ok() && carries) return fail(channel, ErrorClass::connect, how.words());
    if (carries) return send(channel);
    if (how.ok()) {
        channel.state = State::idle;
        return;
    }
    http_->close(id);
    // Before the start there is time until the server of a Unix socket has accepted others.
    if (how.error == EAGAIN) return open(channel);
    channel.state = State::idle;
}

void Shard::received(std::size_t bytes) {
    recorder_.received(bytes);
}

void Shard::response_began(ChannelId id, TimePoint arrival) {
    channels_[id].times.first_byte = arrival;
}

void Shard::stream_began(ChannelId id) {
    Channel& channel = channels_[id];
    channel.streams = true;
    channel.last_event.reset();
    recorder_.stream_began(channel.times);
    if (spec_.stream_for.count() == 0) return;
    channel.unlink();
    channel.link_before(streams_);
}

void Shard::events_came(ChannelId id, std::uint32_t events, const Arrival& arrival) {
    Channel& channel = channels_[id];
    std::optional<TimePoint> before;
    if (channel.last_event) before = channel.last_event->time;
    recorder_.events_came(channel.times, events, before, arrival.time);
    channel.last_event = arrival;
}

/// Those whose time is over, and all where the warm-up or the measured time ends.
void Shard::end_streams(TimePoint now) {
    while (streams_.linked()) {
        auto& oldest = static_cast<Channel&>(streams_.next());
        const bool is_of_before = measuring_ && !oldest.times.measured;
        if (oldest.times.first_byte + spec_.stream_for > now && now < end_ && !is_of_before) return;
        const ResponseSummary response = http_->end_response(oldest.id);
        const Arrival last = oldest.last_event.value_or(Arrival{oldest.times.first_byte, false});
        recorder_.stream_ended(oldest.times, response, last,
                               source_.judge(oldest.id, *oldest.request, response),
                               in_measured_time(last.time));
        free(oldest);
    }
}

void Shard::responded(ChannelId id, const ResponseSummary& response, const Arrival& arrival) {
    Channel& channel = channels_[id];
    recorder_.answered(channel.times, response, arrival, source_.judge(id, *channel.request, response),
                       in_measured_time(arrival.time));
    channel.carried = true;
    free(channel);
}

void Shard::refused(ChannelId id, std::string_view words) {
    Channel& channel = channels_[id];
    if (channel.state != State::busy) return;
    if (channel.attempts < most_refusals) return ask_again(channel);
    fail(channel, ErrorClass::closed, words);
}

void Shard::failed(ChannelId id, ErrorClass error, std::string_view words) {
    Channel& channel = channels_[id];
    if (channel.state != State::busy) return;  // nothing is lost with an idle one
    // The server may have closed a connection that was idle just before this request: no failure of it, as
    // for browsers. The time of both counts.
    const bool was_idle = channel.carried && channel.times.first_byte == TimePoint{};
    if (error == ErrorClass::closed && was_idle && channel.attempts == 0) return ask_again(channel);
    fail(channel, error, words);
}

void Shard::fail(Channel& channel, ErrorClass error, std::string_view words) {
    const TimePoint now = http_->now();
    recorder_.failed(channel.times, error, words, now);
    source_.failed(channel.id);
    http_->close(channel.id);
    if (error != ErrorClass::connect) return free(channel);
    --in_flight_;
    channel.unlink();
    channel.resting = now;
    channel.state = State::resting;
    channel.link_before(resting_);
}

void Shard::free(Channel& channel) {
    --in_flight_;
    channel.unlink();
    put_back(channel, http_->now());
}

void Shard::give_up_late(TimePoint now) {
    while (open_requests_.linked()) {
        auto& oldest = static_cast<Channel&>(open_requests_.next());
        if (oldest.times.began + spec_.timeout > now) return;
        fail(oldest, ErrorClass::timeout,
             oldest.streams ? "the stream did not end within the timeout"
                            : "no whole response within the timeout");
    }
}

void Shard::end_rests(TimePoint now) {
    while (resting_.linked()) {
        auto& oldest = static_cast<Channel&>(resting_.next());
        if (oldest.resting + rest > now) return;
        oldest.unlink();
        put_back(oldest, now);
    }
}

void Shard::start_due_requests(TimePoint now) {
    const TimePoint start = begin_ - spec_.warmup;
    bool started = false;
    while (true) {
        if (!due_) {
            const auto next = pacer_.next();
            if (!next) break;
            due_ = start + *next;
        }
        if (*due_ > now || idle_.empty() || *due_ >= end_) break;
        Channel& channel = *idle_.back();
        idle_.pop_back();
        this->start(channel, *due_, *due_ > starved_until_);
        due_.reset();
        started = true;
        now = http_->now();
    }
    if (started) http_->flush();
}

bool Shard::finished(TimePoint now) const {
    if (now < end_ || measuring_) return false;
    const bool backlog = due_ && *due_ < end_ && !*interrupted_;
    return (in_flight_ == 0 && !backlog) || now >= give_up_;
}

void Shard::count_unsent() {
    std::uint64_t count = 0;
    const TimePoint start = begin_ - spec_.warmup;
    while (due_ && *due_ < end_) {
        ++count;
        const auto next = pacer_.next();
        due_.reset();
        if (next) due_ = start + *next;
    }
    recorder_.not_sent(count);
}

void Shard::count_unfinished() {
    while (open_requests_.linked()) {
        auto& channel = static_cast<Channel&>(open_requests_.next());
        recorder_.unfinished(channel.times);
        channel.unlink();
    }
}

unsigned Shard::responses_worth_a_wakeup() const {
    if (!spec_.coalesce || in_flight_ < least_in_flight || patience_.count() == 0) return 1;
    return std::min(most_coalesced, in_flight_ / 2);
}

TimePoint Shard::next_event(TimePoint now) const {
    TimePoint next = now + longest_unseen;
    if (now < begin_) next = std::min(next, begin_);
    next = std::min(next, now < end_ ? end_ : give_up_);
    next = std::min({next, recorder_.end_of_second(), next_turns_});
    if (open_requests_.linked()) {
        next = std::min(next, static_cast<const Channel&>(open_requests_.next()).times.began + spec_.timeout);
    }
    if (streams_.linked()) {
        const auto& oldest = static_cast<const Channel&>(streams_.next());
        next = std::min(next, oldest.times.first_byte + spec_.stream_for);
    }
    if (resting_.linked()) {
        next = std::min(next, static_cast<const Channel&>(resting_.next()).resting + rest);
    }
    return next;
}

std::optional<IoWait> Shard::next_wait(TimePoint now) const {
    IoWait how{.until = next_event(now), .enough = responses_worth_a_wakeup(), .patience = patience_};
    const bool is_next = due_ && *due_ < end_ && !idle_.empty();
    if (!is_next) return how;
    const Nanoseconds left = *due_ - http_->now();
    if (left <= read_takes) return std::nullopt;  // awake until it is due
    how.until = std::min(how.until, left <= wakeup ? now : *due_ - wakeup);
    return how;
}

}  // namespace asyncbench
