#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/engine/event_counter.hpp"
#include "harness/engine/kept_response.hpp"
#include "harness/engine/response_summary.hpp"

namespace asyncbench {

/// Parses one response of HTTP/1.1 or 1.0, whatever its framing, and counts its body.
/// Single use, as all Beast parsers are.
class ResponseParser : private boost::beast::http::basic_parser<false> {
    using Base = boost::beast::http::basic_parser<false>;

  public:
    /// Of the header; a server that sends more than that is refused. libcurl has the same limit.
    static constexpr std::uint32_t header_limit_bytes = 300 * 1024;

    /// `to_head`: of a response to HEAD, which has no body whatever its fields say. Fields and body are kept
    /// in `kept`, which lives longer, unless it is null.
    ResponseParser(bool to_head, KeptResponse* kept);

    /// Takes what it can of `bytes` away from their front; a header only whole. False where they are no
    /// response; error() says why, and the parser is of no more use then.
    bool take(std::string_view& bytes);
    /// The peer sends no more. False where that cuts the response off.
    bool take_end();

    /// The whole response has been taken. So is a body that only the end of the connection ends by
    /// take_end().
    using Base::is_done;
    using Base::is_header_done;
    /// Its length follows from its head.
    bool has_known_length() const { return !chunked() && !need_eof(); }
    const ResponseSummary& summary() const { return summary_; }
    /// Its body comes by and by, as its head says: text/event-stream, or chunked.
    bool is_stream() const { return is_stream_; }
    /// Events of a stream since the last call: of text/event-stream, or else chunks that began.
    std::uint32_t take_events() { return std::exchange(new_events_, 0); }
    std::string error() const { return error_.message(); }

  private:
    using ErrorCode = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_response_impl(int status, Text reason, int version, ErrorCode& error) override;
    void on_field_impl(boost::beast::http::field name, Text name_text, Text value, ErrorCode& error) override;
    void on_header_impl(ErrorCode& error) override;
    std::size_t on_body_impl(Text body, ErrorCode& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, ErrorCode& error) override;
    void on_finish_impl(ErrorCode& error) override;
    void on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    void on_chunk_header_impl(std::uint64_t size, Text extensions, ErrorCode& error) override;
    void take_body(Text body);

    ResponseSummary summary_;
    KeptResponse* kept_;
    bool to_head_;
    bool in_chunk_header_ = false;  ///< of which not all has come
    bool is_stream_ = false;
    std::optional<EventCounter> events_;  ///< of text/event-stream
    std::uint32_t new_events_ = 0;
    ErrorCode error_;
};

}  // namespace asyncbench
