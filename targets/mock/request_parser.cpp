#include "targets/mock/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "harness/http/last_chunk.hpp"

namespace asyncbench::mock {

namespace http = boost::beast::http;

RequestParser::RequestParser(Request& request) : request_(&request) {
    header_limit(header_limit_bytes);
    body_limit(body_limit_bytes);
    eager(true);
    request = {};
}

std::optional<int> RequestParser::take(std::string_view& data) {
    if (is_header_done() && chunked() && data.size() < least_last_chunk_bytes) return std::nullopt;
    ErrorCode error;
    data.remove_prefix(put(boost::asio::const_buffer(data.data(), data.size()), error));
    if (!error || error == http::error::need_more) return std::nullopt;
    if (error == http::error::header_limit) return 431;
    if (error == http::error::body_limit) return 413;
    return 400;
}

void RequestParser::on_request_impl(http::verb method, Text /*method_text*/, Text target, int version,
                                    ErrorCode& /*error*/) {
    request_->version = version;
    if (method == http::verb::get) request_->method = Request::Method::get;
    if (method == http::verb::head) request_->method = Request::Method::head;
    Route route = parse_route({target.data(), target.size()});
    std::ranges::copy(route.trial, request_->trial_text.begin());
    route.trial = {request_->trial_text.data(), route.trial.size()};
    request_->route = route;
}

void RequestParser::on_field_impl(http::field name, Text /*name_text*/, Text /*value*/,
                                  ErrorCode& /*error*/) {
    if (name == http::field::host) request_->has_host = true;
}

void RequestParser::on_header_impl(ErrorCode& error) {
    // RFC 9112, 3.2: a server must refuse an HTTP/1.1 request without Host.
    if (request_->version >= 11 && !request_->has_host) error = http::error::bad_field;
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCode& /*error*/) {
    return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t /*remaining*/, Text body, ErrorCode& /*error*/) {
    return body.size();
}

}  // namespace asyncbench::mock
