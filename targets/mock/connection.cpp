#include "targets/mock/connection.hpp"

#include <algorithm>
#include <utility>

#include "targets/mock/server.hpp"

namespace asyncbench::mock {
namespace {

/// Input kept for later while a response is on its way; more stays in the kernel.
constexpr std::size_t most_unparsed_bytes = 16384;
constexpr std::uint64_t dribble_pieces = 8;

}  // namespace

Connection::Connection(Server& server, ConnectionId id) : server_(server), id_(id), parser_(request_) {
    touch();
}

void Connection::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    if (place_) server_.due().remove(*std::exchange(place_, std::nullopt));
    server_.close(id_);
}

void Connection::touch() {
    active_tick_ = server_.tick();
}

void Connection::sweep() {
    const auto ticks_since = [&](std::uint32_t tick) { return server_.tick() - tick; };
    switch (phase_) {
        case Phase::receiving:
            if (request_tick_ && ticks_since(*request_tick_) > server_.request_ticks()) {
                refuse(408);
                advance();
            } else if (!request_tick_ && ticks_since(active_tick_) > server_.idle_ticks()) {
                close();
            }
            break;
        case Phase::writing:
            if (ticks_since(active_tick_) > server_.idle_ticks()) close();
            break;
        case Phase::draining:
            if (ticks_since(active_tick_) > server_.linger_ticks()) close();
            break;
        case Phase::waiting:
        case Phase::stalled:
        case Phase::closed:
            break;
    }
}

// Reading

/// Unless too much waits for its turn already.
void Connection::read_on() {
    const bool enough = unparsed_.size() >= most_unparsed_bytes;
    if (phase_ == Phase::closed || end_of_input_ || enough == paused_) return;
    paused_ = enough;
    if (enough) {
        server_.io().pause(id_);
    } else {
        server_.io().resume(id_);
    }
}

void Connection::end_of_input() {
    end_of_input_ = true;
    // A peer that closed only its sending side still gets the response that is due to it.
    if (phase_ != Phase::waiting && phase_ != Phase::writing) close();
}

void Connection::received(std::string_view data, const Arrival& arrival) {
    if (phase_ == Phase::draining) return;
    if (phase_ != Phase::receiving || !unparsed_.empty()) {
        keep_for_later(data, arrival);
        return advance();
    }
    touch();
    reads_.assign(1, {data.size(), arrival});
    const std::string_view rest = consume(data);
    if (phase_ == Phase::closed || phase_ == Phase::draining) return;
    unparsed_.assign(rest);
    drop_taken(data.size() - rest.size());
    read_on();
}

void Connection::keep_for_later(std::string_view data, const Arrival& arrival) {
    unparsed_.append(data);
    // Whoever sends ahead in more pieces than that has its earlier ones counted as come with the last.
    constexpr std::size_t most_reads = 64;
    if (reads_.size() < most_reads) {
        reads_.push_back({unparsed_.size(), arrival});
    } else {
        reads_.back() = {unparsed_.size(), arrival};
    }
}

void Connection::drop_taken(std::size_t bytes) {
    std::erase_if(reads_, [bytes](const Read& read) { return read.end <= bytes; });
    for (Read& read : reads_) read.end -= bytes;
}

/// When the byte came that is the `byte`-th, from 0, of those that are being parsed.
Arrival Connection::arrival_at(std::size_t byte) const {
    const auto found =
        std::find_if(reads_.begin(), reads_.end(), [&](const Read& read) { return byte < read.end; });
    return found != reads_.end() ? found->arrival : Arrival{steady_now(), false};
}

/// Goes on with what has arrived already, once it is a request's turn again.
void Connection::advance() {
    if (phase_ == Phase::receiving && !unparsed_.empty()) {
        const std::size_t rest = consume(unparsed_).size();
        // Draining has cleared it.
        if (!unparsed_.empty()) {
            const std::size_t taken = unparsed_.size() - rest;
            unparsed_.erase(0, taken);
            drop_taken(taken);
        }
    }
    if (phase_ == Phase::receiving && end_of_input_) close();
    read_on();
}

/// Parses and answers until a response has to wait or the input is not a whole request. Returns what is left.
std::string_view Connection::consume(std::string_view data) {
    const std::size_t all = data.size();
    while (phase_ == Phase::receiving && !data.empty()) {
        if (const auto refused = parser_.take(data)) {
            refuse(*refused);
            return {};
        }
        if (!parser_.is_done()) {
            if (!request_tick_) request_tick_ = server_.tick();
            break;
        }
        request_tick_.reset();
        answer(arrival_at(all - data.size() - 1));
    }
    return data;
}

// Answering

void Connection::answer(const Arrival& arrival) {
    const bool keep = parser_.keep_alive();
    persistence_ = !keep                    ? Persistence::close
                   : request_.version >= 11 ? Persistence::implied
                                            : Persistence::keep_alive;
    server_.due().wake_some();
    is_io_ = false;
    if (request_.method != Request::Method::get) {
        return answer_text(plain_response(405, persistence_, request_.method != Request::Method::head));
    }
    switch (request_.route.kind) {
        case Route::Kind::io:
            return answer_io(arrival);
        case Route::Kind::stats:
            return answer_text(server_.stats_response(request_.route.trial, persistence_));
        case Route::Kind::health:
            return answer_text(plain_response(200, persistence_, true));
        case Route::Kind::unknown:
            return answer_text(plain_response(404, persistence_, true));
    }
}

void Connection::answer_io(const Arrival& arrival) {
    const auto& trial = server_.trials().begin_or_find(request_.route.trial);
    ++trial->requests;
    if (trial_ != trial) {
        ++trial->connections;
        trial_ = trial;
    }
    is_io_ = true;
    pieces_ = 0;
    reply_ = server_.reply_to(request_.route.id);
    arrival_ = arrival;
    due_ = arrival.time + reply_.delay;
    if (reply_.fault == Fault::stall) {
        phase_ = Phase::stalled;
        if (end_of_input_) close();
    } else if (reply_.delay > Nanoseconds{0}) {
        wait_until(due_);
    } else {
        start_io_response();
    }
}

void Connection::answer_text(std::string text) {
    text_ = std::move(text);
    outgoing_ = Outgoing(text_);
    write_some();
}

void Connection::refuse(int status) {
    request_tick_.reset();
    is_io_ = false;
    persistence_ = Persistence::close;
    answer_text(plain_response(status, persistence_, true));
}

void Connection::wait_until(TimePoint due) {
    phase_ = Phase::waiting;
    place_ = server_.due().add(due, *this);
}

void Connection::wake() {
    place_.reset();
    if (pieces_ == 0) {
        start_io_response();
    } else {
        write_some();
    }
    advance();
}

// Writing

void Connection::start_io_response() {
    if (reply_.fault == Fault::close) return close();
    const Nanoseconds held = steady_now() - arrival_.time;
    trial_->begin_response(held, reply_.delay, arrival_.stamped);
    outgoing_ = server_.io_response(request_.route.id, reply_, persistence_, held, head_);
    if (reply_.fault == Fault::truncate) {
        // Without a body, half of the head: a whole head would be a whole response.
        outgoing_.set_end(outgoing_.body_bytes() > 0 ? outgoing_.head_bytes() + outgoing_.body_bytes() / 2
                                                     : outgoing_.head_bytes() / 2);
    } else if (reply_.fault == Fault::dribble) {
        outgoing_.set_end(outgoing_.head_bytes() + outgoing_.body_bytes() / dribble_pieces);
    }
    write_some();
}

/// Gives the kernel one piece. The next one waits for its turn: a fast reader of a large body must not keep
/// the loop from the others.
void Connection::write_some() {
    if (outgoing_.at_end()) return on_written();
    phase_ = Phase::writing;
    const Outgoing::Piece piece = outgoing_.next(server_.scratch());
    outgoing_.advance(piece.bytes.size());
    const bool all = server_.io().respond(id_, piece.bytes,
                                          piece.lasts ? ServerIo::Bytes::lasting : ServerIo::Bytes::copied);
    if (!all) return;
    touch();
    if (outgoing_.at_end()) return on_written();
    server_.go_on_later(id_);
}

void Connection::go_on_writing() {
    write_some();
    advance();
}

void Connection::sent() {
    touch();
    go_on_writing();
}

/// The kernel has all up to the outgoing's end. Is heard of before whatever a client sends that has read the
/// response, so that it cannot see stats without it.
void Connection::on_written() {
    if (outgoing_.complete()) {
        if (is_io_) trial_->served.add(request_.route.id);
        return finish_response();
    }
    if (reply_.fault == Fault::truncate) return drain();
    ++pieces_;
    outgoing_.set_end(outgoing_.head_bytes() + outgoing_.body_bytes() * (pieces_ + 1) / dribble_pieces);
    wait_until(due_ + reply_.delay * static_cast<std::int64_t>(pieces_) / (dribble_pieces - 1));
}

void Connection::finish_response() {
    if (persistence_ == Persistence::close) return drain();
    phase_ = Phase::receiving;
    parser_ = RequestParser(request_);
}

void Connection::drain() {
    unparsed_.clear();
    reads_.clear();
    server_.io().end_sending(id_);
    if (end_of_input_) return close();
    if (std::exchange(paused_, false)) server_.io().resume(id_);
    phase_ = Phase::draining;
    touch();
}

}  // namespace asyncbench::mock
