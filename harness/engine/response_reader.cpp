#include "harness/engine/response_reader.hpp"

#include <utility>

namespace asyncbench {
namespace {

/// Many servers leave the space out that stands before an empty reason (RFC 9112, section 4). Where it is
/// missing.
std::size_t missing_space(std::string_view head) {
    constexpr std::size_t after_status = std::string_view("HTTP/1.1 200").size();
    const bool is_missing =
        head.size() > after_status && head[after_status] == '\r' && head.starts_with("HTTP/1.");
    return is_missing ? after_status : 0;
}

/// 100 Continue, 103 Early Hints and others, after which the response itself comes. 101 ends HTTP.
bool is_interim(int status) {
    return status >= 100 && status < 200 && status != 101;
}

}  // namespace

ResponseReader::Result ResponseReader::take(std::string_view bytes) {
    if (!parser_ && kept_response_ == nullptr && learned_->matches(bytes)) {
        summary_ = learned_->summary();
        return Result::whole;
    }
    if (kept_.empty()) return parse(bytes);
    kept_ += bytes;
    const std::string whole = std::exchange(kept_, {});
    return parse(whole);
}

ResponseReader::Result ResponseReader::parse(std::string_view bytes) {
    std::string_view response = parser_ ? std::string_view{} : bytes;  // where it came in one piece
    std::string_view rest = bytes;
    std::string with_space;
    while (true) {
        if (const std::size_t missing = in_head() ? missing_space(rest) : 0; missing != 0) {
            with_space = rest;
            with_space.insert(missing, " ");
            rest = with_space;
            response = {};
        }
        if (!parser_) parser_.emplace(to_head_, kept_response_);
        if (!parser_->take(rest)) return failed("it is no HTTP/1 response: " + parser_->error());
        if (parser_->is_stream()) note_stream();
        if (!parser_->is_done()) break;
        if (!is_interim(parser_->summary().status)) return ended(response, rest);
        parser_.reset();
        response = rest;
        if (rest.empty()) return Result::more;
    }
    kept_ = rest;
    return Result::more;
}

void ResponseReader::note_stream() {
    in_stream_ = true;
    new_events_ += parser_->take_events();
}

std::uint32_t ResponseReader::take_events() {
    in_stream_ = false;
    return std::exchange(new_events_, 0);
}

ResponseReader::Result ResponseReader::ended(std::string_view response, std::string_view rest) {
    summary_ = parser_->summary();
    const bool known_length = parser_->has_known_length() && !parser_->is_stream();
    parser_.reset();
    if (!rest.empty()) {
        summary_.keep_alive = false;
        return Result::whole;
    }
    const std::size_t head = response.find("\r\n\r\n");
    if (known_length && kept_response_ == nullptr && head != std::string_view::npos) {
        learned_->learn(response.substr(0, head + 4), response.size(), summary_);
    }
    return Result::whole;
}

ResponseReader::Result ResponseReader::take_end() {
    if (!parser_) return failed("the connection was closed before the response");
    if (!parser_->take_end() || !parser_->is_done() || is_interim(parser_->summary().status)) {
        return failed("the connection was closed within the response");
    }
    summary_ = parser_->summary();
    summary_.keep_alive = false;
    reset();
    return Result::whole;
}

ResponseReader::Result ResponseReader::failed(std::string problem) {
    problem_ = std::move(problem);
    reset();
    return Result::invalid;
}

void ResponseReader::reset() {
    parser_.reset();
    kept_.clear();
}

}  // namespace asyncbench
