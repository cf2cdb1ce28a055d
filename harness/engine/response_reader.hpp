#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/response_parser.hpp"
#include "harness/engine/response_summary.hpp"
#include "harness/engine/response_template.hpp"

namespace asyncbench {

/// Reads the responses that come on one connection, one after another. Bytes are looked at where they were
/// received; only a header that comes in pieces is kept.
class ResponseReader {
  public:
    enum class Result {
        more,     ///< the response is not whole
        whole,    ///< summary() is of it
        invalid,  ///< it is none; problem() says why
    };

    /// Before a response: of which request it is. `learned` is shared by the connections of one thread that
    /// send the same request. The response is kept in `kept`, unless that is null: then nothing is learned,
    /// as an equal response may have another body. Both live longer.
    void expect(ResponseTemplate& learned, bool to_head, KeptResponse* kept = nullptr) {
        learned_ = &learned;
        to_head_ = to_head;
        kept_response_ = kept;
    }

    /// Takes `bytes`, after expect(). After what follows a whole response, which nobody asked for, the
    /// connection is of no more use. Responses of a status of 1xx are passed over.
    Result take(std::string_view bytes);
    /// The peer sends no more: whole where that is how the response ends, else invalid.
    Result take_end();

    /// Whether bytes of a response have come that is not whole.
    bool in_response() const { return parser_.has_value(); }
    /// Forgets a response that is not whole.
    void reset();

    /// Whether the last take() was of a stream; take_events() is to be called then.
    bool in_stream() const { return in_stream_; }
    /// How many of its events take() brought.
    std::uint32_t take_events();
    /// What has come of a response that is not whole.
    ResponseSummary so_far() const { return parser_ ? parser_->summary() : ResponseSummary{}; }

    const ResponseSummary& summary() const { return summary_; }
    const std::string& problem() const { return problem_; }

  private:
    Result parse(std::string_view bytes);
    Result ended(std::string_view response, std::string_view rest);
    bool in_head() const { return !parser_ || !parser_->is_header_done(); }
    Result failed(std::string problem);
    void note_stream();

    ResponseTemplate* learned_ = nullptr;
    bool to_head_ = false;
    KeptResponse* kept_response_ = nullptr;
    std::optional<ResponseParser> parser_;
    std::string kept_;  ///< the pieces of a header that is not whole
    bool in_stream_ = false;
    std::uint32_t new_events_ = 0;
    ResponseSummary summary_;
    std::string problem_;
};

}  // namespace asyncbench
