#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "targets/route.hpp"

namespace asyncbench::mock {

/// The parts of a request that decide its answer.
struct Request {
    enum class Method { get, head, other };

    Method method = Method::other;
    Route route;  ///< its trial points into `trial_text`
    std::array<char, longest_trial_name> trial_text{};
    bool has_host = false;
    int version = 11;  ///< 10 times the HTTP version
};

/// Parses one request and throws its body away. Nothing is allocated. Single use, as all Beast parsers are.
class RequestParser : private boost::beast::http::basic_parser<true> {
    using Base = boost::beast::http::basic_parser<true>;

  public:
    static constexpr std::uint32_t header_limit_bytes = 8192;  ///< request line and fields, each
    static constexpr std::uint64_t body_limit_bytes = 65536;

    explicit RequestParser(Request& request);

    /// Takes what it can of `data` away from its front. Returns the status of the refusal when the bytes are
    /// no request that can be answered; the parser is of no more use then.
    std::optional<int> take(std::string_view& data);

    /// The whole request has been taken.
    using Base::is_done;
    /// The first byte has been seen.
    using Base::got_some;
    /// Whether the connection outlives this request.
    using Base::keep_alive;

  private:
    using ErrorCode = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                         ErrorCode& error) override;
    void on_field_impl(boost::beast::http::field name, Text name_text, Text value, ErrorCode& error) override;
    void on_header_impl(ErrorCode& error) override;
    std::size_t on_body_impl(Text body, ErrorCode& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, ErrorCode& error) override;
    void on_response_impl(int, Text, int, ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
    void on_finish_impl(ErrorCode&) override {}

    Request* request_;
};

}  // namespace asyncbench::mock
