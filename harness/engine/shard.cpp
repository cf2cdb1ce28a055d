#include "harness/engine/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace asyncbench {
namespace {

/// A connection that could not be opened is left alone so long.
constexpr std::chrono::milliseconds rest{100};
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

std::uint64_t share_of(std::uint64_t whole, Pacer::Share share) {
    return whole / share.count + (share.index < whole % share.count ? 1 : 0);
}

/// The course of an open loop from the start of the warm-up, which has the rate that the measured time begins
/// with.
std::vector<RateStage> with_warmup(const LoadSpec& spec) {
    std::vector<RateStage> stages = spec.stages;
    if (stages.empty() || spec.warmup.count() == 0) return stages;
    const double rate = stages.front().from_rps;
    stages.insert(stages.begin(), {rate, rate, spec.warmup});
    return stages;
}

}  // namespace

Shard::Shard(const LoadSpec& spec, Pacer::Share share, const std::atomic<bool>* interrupted, Seconds* seconds)
    : spec_(spec),
      share_(share),
      interrupted_(interrupted),
      pacer_(with_warmup(spec), spec.arrivals, spec.seed, share),
      recorder_({.thread = share.index,
                 .open_loop = !spec.stages.empty(),
                 .expected = &spec.expected,
                 .seconds = seconds}),
      left_(share_of(spec.requests, share)) {
    const auto count = static_cast<std::uint32_t>(share_of(spec.connections, share));
    for (ConnectionId id = 0; id < count; ++id) {
        connections_.emplace_back(id, learned_, spec.to_head);
        idle_.push_back(&connections_.back());
    }
    io_ = make_io(spec.io, count);
}

void Shard::open_connections() {
    if (!spec_.keep_alive) return;
    const TimePoint give_up = steady_now() + spec_.timeout;
    std::size_t begun = 0;
    std::uint32_t opening = 0;
    // idle_ holds those that are not being opened.
    while (begun < connections_.size() || opening > 0) {
        for (; begun < connections_.size() && opening < most_opening; ++begun, ++opening) {
            Connection& connection = connections_[begun];
            connection.state = State::connecting;
            connect(connection);
        }
        const TimePoint now = steady_now();
        if (now >= give_up || *interrupted_) break;
        io_->wait({.until = std::min(give_up, now + longest_unseen)}, *this);
        opening = static_cast<std::uint32_t>(
            std::count_if(connections_.begin(), connections_.begin() + static_cast<std::ptrdiff_t>(begun),
                          [](const Connection& each) { return each.state == State::connecting; }));
    }
    for (Connection& connection : connections_) {
        if (connection.state == State::connecting) close(connection);
        connection.state = State::idle;
    }
    recorder_.connections_at_start(static_cast<std::uint64_t>(std::count_if(
        connections_.begin(), connections_.end(), [](const Connection& each) { return each.open; })));
}

LoadMeasurement Shard::run(TimePoint start) {
    begin_ = start + spec_.warmup;
    end_ = spec_.requests > 0 ? TimePoint::max() : begin_ + spec_.duration;
    give_up_ = TimePoint::max();
    // What starts before the time would be warm-up.
    std::this_thread::sleep_until(start);
    while (true) {
        const TimePoint now = steady_now();
        cross_boundaries(now);
        if (finished(now)) break;
        end_rests(now);
        give_up_late(now);
        start_requests(now);
        if (measuring_ && now >= end_) continue;
        if (const auto how = next_wait(now)) {
            io_->wait(*how, *this);
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

bool Shard::may_start(TimePoint now) const {
    if (now >= end_) return false;
    return spec_.requests == 0 || now < begin_ || left_ > 0;
}

void Shard::start_requests(TimePoint now) {
    if (!spec_.stages.empty()) return start_due_requests(now);
    while (!idle_.empty() && may_start(now)) {
        Connection& connection = *idle_.back();
        idle_.pop_back();
        start(connection, now, true);
    }
    // Of a number of requests the measured time ends with the last answer.
    const bool all_done = spec_.requests > 0 && left_ == 0 && in_flight_ == 0 && now >= begin_;
    if (all_done && end_ > now) end_ = now;
}

void Shard::start(Connection& connection, TimePoint intended, bool punctual) {
    connection.times = {.intended = intended,
                        .began = intended,
                        .first_byte = {},
                        .measured = intended >= begin_ && intended < end_,
                        .punctual = punctual};
    if (connection.times.measured && spec_.requests > 0) --left_;
    ++in_flight_;
    connection.link_before(open_requests_);
    recorder_.started(connection.times);
    connection.fresh = !connection.open;
    connection.again = false;
    if (connection.open) return send(connection);
    connection.times.began = steady_now();
    connection.state = State::connecting;
    connect(connection);
}

void Shard::connect(Connection& connection) {
    connection.connecting = steady_now();
    connection.carried = false;
    const std::size_t turn = std::size_t{connection.id} * share_.count + share_.index;
    io_->connect(connection.id, spec_.addresses[turn % spec_.addresses.size()]);
}

void Shard::send(Connection& connection) {
    connection.state = State::busy;
    if (connection.fresh) {
        TimePoint ignored;  // the time counts from the opening
        io_->send(connection.id, spec_.request, ignored);
        io_->flush();
    } else {
        io_->send(connection.id, spec_.request, connection.times.began);
    }
}

void Shard::ask_again(Connection& connection) {
    close(connection);
    connection.again = true;
    connection.fresh = true;
    connection.state = State::connecting;
    connect(connection);
}

void Shard::connected(ConnectionId id, int error) {
    Connection& connection = connections_[id];
    if (connection.state != State::connecting) return;
    if (error != 0) {
        if (connection.linked()) {
            fail(connection, ErrorClass::connect, std::strerror(error));
        } else {
            connection.state = State::idle;
            close(connection);
        }
        return;
    }
    connection.open = true;
    recorder_.connection_opened(steady_now() - connection.connecting);
    if (connection.linked()) return send(connection);
    connection.state = State::idle;
}

void Shard::received(ConnectionId id, std::string_view bytes, const Arrival& arrival) {
    Connection& connection = connections_[id];
    recorder_.received(bytes.size());
    if (connection.state != State::busy) {  // nobody asked for it
        close(connection);
        return;
    }
    if (connection.times.first_byte == TimePoint{}) connection.times.first_byte = arrival.time;
    read(connection, connection.reader.take(bytes), arrival);
}

void Shard::ended(ConnectionId id, int error) {
    Connection& connection = connections_[id];
    if (connection.state != State::busy) {
        close(connection);
        return;
    }
    // The server may have closed a connection that was idle just before this request: no failure of it, as
    // for browsers. The time of both counts.
    const bool was_idle = connection.carried && connection.times.first_byte == TimePoint{};
    if (was_idle && !connection.again) return ask_again(connection);
    if (error != 0) return fail(connection, ErrorClass::closed, std::strerror(error));
    read(connection, connection.reader.take_end(), {steady_now(), false});
}

void Shard::read(Connection& connection, ResponseReader::Result result, const Arrival& arrival) {
    if (result == ResponseReader::Result::more) return;
    if (result == ResponseReader::Result::invalid) {
        const bool cut_off = connection.reader.problem().starts_with("the connection");
        return fail(connection, cut_off ? ErrorClass::closed : ErrorClass::other,
                    connection.reader.problem());
    }
    const ResponseSummary& response = connection.reader.summary();
    recorder_.answered(connection.times, response, arrival, arrival.time >= begin_ && arrival.time < end_);
    connection.carried = true;
    if (!spec_.keep_alive || !response.keep_alive) close(connection);
    free(connection);
}

void Shard::fail(Connection& connection, ErrorClass error, std::string_view words) {
    const TimePoint now = steady_now();
    recorder_.failed(connection.times, error, words, now);
    close(connection);
    if (error != ErrorClass::connect) return free(connection);
    --in_flight_;
    connection.unlink();
    connection.connecting = now;
    connection.state = State::resting;
    connection.link_before(resting_);
}

void Shard::free(Connection& connection) {
    --in_flight_;
    connection.unlink();
    connection.state = State::idle;
    if (idle_.empty()) starved_until_ = steady_now();
    idle_.push_back(&connection);
}

void Shard::close(Connection& connection) {
    connection.open = false;
    connection.reader.reset();
    io_->close(connection.id);
}

void Shard::give_up_late(TimePoint now) {
    while (open_requests_.linked()) {
        auto& oldest = static_cast<Connection&>(open_requests_.next());
        if (oldest.times.began + spec_.timeout > now) return;
        fail(oldest, ErrorClass::timeout, "no whole response within the timeout");
    }
}

void Shard::end_rests(TimePoint now) {
    while (resting_.linked()) {
        auto& oldest = static_cast<Connection&>(resting_.next());
        if (oldest.connecting + rest > now) return;
        oldest.unlink();
        oldest.state = State::idle;
        if (idle_.empty()) starved_until_ = now;
        idle_.push_back(&oldest);
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
        Connection& connection = *idle_.back();
        idle_.pop_back();
        this->start(connection, *due_, *due_ > starved_until_);
        due_.reset();
        started = true;
        now = steady_now();
    }
    if (started) io_->flush();
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
        auto& connection = static_cast<Connection&>(open_requests_.next());
        recorder_.unfinished(connection.times);
        connection.unlink();
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
    next = std::min(next, recorder_.end_of_second());
    if (open_requests_.linked()) {
        next =
            std::min(next, static_cast<const Connection&>(open_requests_.next()).times.began + spec_.timeout);
    }
    if (resting_.linked()) {
        next = std::min(next, static_cast<const Connection&>(resting_.next()).connecting + rest);
    }
    return next;
}

std::optional<IoWait> Shard::next_wait(TimePoint now) const {
    IoWait how{.until = next_event(now), .enough = responses_worth_a_wakeup(), .patience = patience_};
    const bool is_next = due_ && *due_ < end_ && !idle_.empty();
    if (!is_next) return how;
    const Nanoseconds left = *due_ - steady_now();
    if (left <= read_takes) return std::nullopt;  // awake until it is due
    how.until = std::min(how.until, left <= wakeup ? now : *due_ - wakeup);
    return how;
}

}  // namespace asyncbench
