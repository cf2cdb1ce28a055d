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

    /// `learned` is shared by the connections of one thread that send the same request, and outlives them.
    /// `content`, which outlives it, gets what the summary does not hold of each response; none: nobody wants
    /// it. With content nothing is learned, as an equal response may have another body.
    ResponseReader(ResponseTemplate& learned, bool to_head, ResponseContent* content = nullptr)
        : learned_(&learned), to_head_(to_head), content_(content) {}

    /// Takes `bytes`. What follows a whole response is invalid: nobody asked for it. Responses of a status of
    /// 1xx are passed over.
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
    Result failed(std::string problem);
    void note_stream();

    ResponseTemplate* learned_;
    bool to_head_;
    ResponseContent* content_;
    std::optional<ResponseParser> parser_;
    std::string kept_;  ///< the pieces of a header that is not whole
    bool in_stream_ = false;
    std::uint32_t new_events_ = 0;
    ResponseSummary summary_;
    std::string problem_;
};

}  // namespace asyncbench
