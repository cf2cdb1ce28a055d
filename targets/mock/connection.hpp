#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/io.hpp"
#include "harness/measure/arrival.hpp"
#include "targets/mock/due_queue.hpp"
#include "targets/mock/outgoing.hpp"
#include "targets/mock/request_parser.hpp"
#include "targets/response_text.hpp"
#include "targets/trial_stats.hpp"

namespace asyncbench::mock {

class Server;

/// Bytes that every prepared head fits into.
inline constexpr std::size_t longest_io_head = 160;

/// One client's connection. Answers one request after another, in order; bytes of later requests wait. Lives
/// in the server's thread.
class Connection {
  public:
    /// Of the server's Io, which has it open.
    Connection(Server& server, ConnectionId id);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void received(std::string_view data, const Arrival& arrival);
    void end_of_input();
    /// The kernel has the last bytes that were to be sent.
    void sent();
    /// It would have taken more than its turn to write all.
    void go_on_writing();
    /// The time the connection waited for in the server's due queue has come.
    void wake();
    /// Closes what has been too slow; called now and then.
    void sweep();
    void close();
    bool is_closed() const { return phase_ == Phase::closed; }

  private:
    enum class Phase {
        receiving,  ///< a request, or between two
        waiting,    ///< for a time in the due queue
        stalled,    ///< never answers
        writing,    ///< until the kernel has all
        draining,   ///< all said; reads on until the peer closes, so that no reset destroys the last response
        closed
    };

    void read_on();
    void advance();
    std::string_view consume(std::string_view data);
    void keep_for_later(std::string_view data, const Arrival& arrival);
    void drop_taken(std::size_t bytes);
    Arrival arrival_at(std::size_t byte) const;

    void answer(const Arrival& arrival);
    void answer_io(const Arrival& arrival);
    void answer_text(std::string text);
    void refuse(int status);
    void wait_until(TimePoint due);

    void start_io_response();
    void write_some();
    void on_written();
    void finish_response();
    void drain();
    void touch();

    Server& server_;
    ConnectionId id_;
    Phase phase_ = Phase::receiving;
    bool paused_ = false;  ///< reading
    bool end_of_input_ = false;
    Persistence persistence_ = Persistence::implied;

    /// One read(2): its bytes are those before `end`, and after the last one's.
    struct Read {
        std::size_t end = 0;
        Arrival arrival;
    };
    std::string unparsed_;     ///< input that arrived before its turn
    std::vector<Read> reads_;  ///< of `unparsed_`, or of the data that is being parsed
    Request request_;
    RequestParser parser_;

    std::shared_ptr<TrialStats> trial_;  ///< of the last `/io` request
    Reply reply_;
    Arrival arrival_;  ///< of the last byte of the request
    TimePoint due_{};
    std::optional<DueQueue::Place> place_;
    Outgoing outgoing_;
    std::array<char, longest_io_head> head_{};  ///< of an `/io` response
    std::string text_;                          ///< of an answer that is not prepared
    bool is_io_ = false;
    std::uint64_t pieces_ = 0;  ///< of a dribbled body, written so far

    std::uint32_t active_tick_ = 0;              ///< of the server, at the last progress
    std::optional<std::uint32_t> request_tick_;  ///< when the request that is being received began
};

}  // namespace asyncbench::mock
