#include "harness/engine/response_parser.hpp"

#include <boost/beast/http/error.hpp>

#include "harness/http/held_field.hpp"
#include "harness/http/last_chunk.hpp"

namespace asyncbench {

namespace http = boost::beast::http;

ResponseParser::ResponseParser(bool to_head, KeptResponse* kept) : kept_(kept), to_head_(to_head) {
    if (kept_ != nullptr) kept_->clear();
    header_limit(header_limit_bytes);
    body_limit(boost::none);
    eager(true);
    skip(to_head);
}

bool ResponseParser::take(std::string_view& bytes) {
    // It may stop between the head and the body, or between two chunks, with bytes left that it can take.
    while (!bytes.empty() && !is_done()) {
        if (in_chunk_header_ && bytes.size() < least_last_chunk_bytes) return true;
        const std::size_t taken = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error_);
        bytes.remove_prefix(taken);
        in_chunk_header_ = error_ == http::error::need_more && is_header_done();
        if (error_ == http::error::need_more) {
            error_ = {};
            return true;
        }
        if (error_) return false;
        if (taken == 0) return true;
    }
    return true;
}

bool ResponseParser::take_end() {
    if (!got_some()) return false;
    put_eof(error_);
    return !error_;
}

void ResponseParser::on_response_impl(int status, Text /*reason*/, int /*version*/, ErrorCode& error) {
    // RFC 9110, 15: three digits, the first of which is one of its classes.
    if (status < 100) error = http::error::bad_status;
    summary_.status = status;
}

void ResponseParser::on_field_impl(http::field name, Text name_text, Text value, ErrorCode& /*error*/) {
    if (kept_ != nullptr)
        kept_->add_field({name_text.data(), name_text.size()}, {value.data(), value.size()});
    // Beast has a number for the fields that it knows.
    if (name == http::field::content_type && is_event_stream({value.data(), value.size()})) events_.emplace();
    if (name == http::field::location && kept_ != nullptr) kept_->location = {value.data(), value.size()};
    if (name != http::field::unknown || name_text.size() != held_field_name.size()) return;
    if (boost::beast::iequals(name_text, Text(held_field_name.data(), held_field_name.size()))) {
        summary_.held = held_from_value({value.data(), value.size()});
    }
}

void ResponseParser::on_header_impl(ErrorCode& /*error*/) {
    summary_.keep_alive = keep_alive();
    is_stream_ = !to_head_ && (events_ || chunked());
}

void ResponseParser::on_chunk_header_impl(std::uint64_t size, Text /*extensions*/, ErrorCode& /*error*/) {
    // The last one is empty.
    if (!events_ && size > 0) ++new_events_;
}

std::size_t ResponseParser::on_body_impl(Text body, ErrorCode& /*error*/) {
    take_body(body);
    return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t /*remaining*/, Text body, ErrorCode& error) {
    return on_body_impl(body, error);
}

void ResponseParser::take_body(Text body) {
    summary_.body_bytes += body.size();
    if (kept_ != nullptr) kept_->add_body({body.data(), body.size()});
    if (events_) new_events_ += events_->take({body.data(), body.size()});
}

void ResponseParser::on_finish_impl(ErrorCode& /*error*/) {}

}  // namespace asyncbench
