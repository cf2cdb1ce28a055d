#include "harness/engine/http2_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <new>

#include "async/errors.hpp"
#include "harness/http/held_field.hpp"

namespace asyncbench {
namespace {

/// The largest that the protocol has (RFC 9113, section 6.9.1).
constexpr std::int32_t window_bytes = 2147483647;
/// Until the server says how many it takes. Of more than it allows it may make errors of any kind (RFC 9113,
/// section 5.1.2).
constexpr std::uint32_t streams_before_settings = 1;

void require(int code) {
    if (code == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
    if (code < 0) throw Error(fmt::format("HTTP/2 cannot be set up: {}.", nghttp2_strerror(code)));
}

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

nghttp2_nv http2_field(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
        // libnghttp2 does not change them.
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

nghttp2_session* Http2Session::make(Http2Session* self) {
    nghttp2_session_callbacks* callbacks = nullptr;
    require(nghttp2_session_callbacks_new(&callbacks));
    nghttp2_session_callbacks_set_error_callback2(callbacks, &Http2Session::on_error);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &Http2Session::on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Http2Session::on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Http2Session::on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Http2Session::on_close);
    nghttp2_session* session = nullptr;
    const int code = nghttp2_session_client_new(&session, callbacks, self);
    nghttp2_session_callbacks_del(callbacks);
    require(code);
    return session;
}

Http2Session::Http2Session(Handler& handler) : handler_(handler), session_(make(this), &nghttp2_session_del) {
    const std::array<nghttp2_settings_entry, 2> settings{
        {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window_bytes}}};
    require(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    require(nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window_bytes));
}

std::uint32_t Http2Session::room(std::uint32_t wanted) const {
    if (over_ || nghttp2_session_check_request_allowed(session_.get()) == 0) return 0;
    const std::uint32_t allowed = has_settings_ ? nghttp2_session_get_remote_settings(
                                                      session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
                                                : streams_before_settings;
    const std::uint32_t most = std::min(wanted, allowed);
    return most > open_ ? most - open_ : 0;
}

void Http2Session::send(Owner owner, const Http2RequestView& request, KeptResponse* kept) {
    Stream& stream = unused_stream();
    stream.owner = owner;
    stream.body = request.body;
    stream.kept = kept;
    const nghttp2_data_provider body{{.ptr = &stream}, &Http2Session::read_body};
    const std::int32_t id =
        nghttp2_submit_request(session_.get(), nullptr, request.fields.data(), request.fields.size(),
                               request.body.empty() ? nullptr : &body, &stream);
    require(id);
    stream.id = id;
    ++open_;
}

void Http2Session::cancel(Owner owner) {
    for (Stream& stream : streams_) {
        if (!stream.in_use || stream.cancelled || stream.owner != owner) continue;
        stream.cancelled = true;
        stream.body = {};
        stream.kept = nullptr;
        nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_CANCEL);
    }
}

ResponseSummary Http2Session::end_response(Owner owner) {
    const auto open = std::find_if(streams_.begin(), streams_.end(), [owner](const Stream& stream) {
        return stream.in_use && !stream.cancelled && stream.owner == owner;
    });
    const ResponseSummary response = open == streams_.end() ? ResponseSummary{} : open->response;
    cancel(owner);
    return response;
}

bool Http2Session::receive(std::string_view bytes) {
    const ssize_t taken = nghttp2_session_mem_recv(
        session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (taken == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
    if (taken >= 0) {
        // What the peer did wrong is known when libnghttp2 has told it so.
        write();
        if (nghttp2_session_want_read(session_.get()) != 0) return true;
    } else if (problem_.empty()) {
        problem_ = nghttp2_strerror(static_cast<int>(taken));
    }
    if (problem_.empty()) problem_ = "the server ended the connection";
    fail_all(problem_);
    return false;
}

void Http2Session::take_end(std::string_view words) {
    if (problem_.empty())
        problem_ = words.empty() ? "the connection was closed before the response"
                                 : fmt::format("the connection failed: {}", words);
    fail_all(problem_);
}

std::string_view Http2Session::take_outgoing() {
    write();
    taken_.swap(outgoing_);
    outgoing_.clear();
    return taken_;
}

void Http2Session::write() {
    while (true) {
        const std::uint8_t* bytes = nullptr;
        const ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
        if (count == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
        if (count <= 0) return;
        outgoing_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    }
}

int Http2Session::on_error(nghttp2_session* /*session*/, int /*code*/, const char* words, std::size_t size,
                           void* self) {
    static_cast<Http2Session*>(self)->problem_ =
        fmt::format("it is no HTTP/2: {}", std::string_view(words, size));
    return 0;
}

ssize_t Http2Session::read_body(nghttp2_session* /*session*/, std::int32_t /*stream*/, std::uint8_t* to,
                                std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                                void* /*self*/) {
    std::string_view& left = static_cast<Stream*>(source->ptr)->body;
    const std::size_t count = std::min(size, left.size());
    std::copy_n(left.data(), count, to);
    left.remove_prefix(count);
    if (left.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
}

int Http2Session::on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                            const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                            std::size_t value_size, std::uint8_t /*flags*/, void* self) {
    Stream* const stream = static_cast<Http2Session*>(self)->stream_of(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    const std::string_view field = text_of(name, name_size);
    const std::string_view text = text_of(value, value_size);
    if (stream->kept != nullptr) {
        // A head of 1xx comes before that of the response itself.
        if (field == ":status") stream->kept->clear();
        stream->kept->add_field(field, text);
    }
    // Called for each field of each response: their lengths tell most of them apart.
    switch (field.size()) {
        case std::string_view(":status").size():
            // libnghttp2 has checked that it is three digits.
            if (field == ":status")
                std::from_chars(text.data(), text.data() + text.size(), stream->response.status);
            if (field == "held-ns") stream->response.held = held_from_value(text);
            break;
        case std::string_view("content-type").size():
            if (field == "content-type" && is_event_stream(text)) stream->events.emplace();
            break;
        case std::string_view("content-length").size():
            if (field == "content-length") stream->has_length = true;
            break;
        default:
            break;
    }
    return 0;
}

int Http2Session::on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t id,
                          const std::uint8_t* data, std::size_t size, void* self) {
    auto& session = *static_cast<Http2Session*>(self);
    Stream* const stream = session.stream_of(id);
    if (stream == nullptr) return 0;
    stream->response.body_bytes += size;
    if (stream->kept != nullptr) stream->kept->add_body(text_of(data, size));
    if (!stream->events || stream->cancelled) return 0;
    if (const auto events = stream->events->take(text_of(data, size)))
        session.handler_.events_came(stream->owner, events);
    return 0;
}

int Http2Session::on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* self) {
    auto& session = *static_cast<Http2Session*>(self);
    if (frame->hd.type == NGHTTP2_GOAWAY) {
        session.over_ = true;
        if (frame->goaway.error_code != NGHTTP2_NO_ERROR) {
            session.problem_ = fmt::format("the server ended the connection: {}",
                                           nghttp2_http2_strerror(frame->goaway.error_code));
        }
        return 0;
    }
    if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0)
        session.has_settings_ = true;
    Stream* const stream = session.stream_of(frame->hd.stream_id);
    if (stream == nullptr || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA)) return 0;
    // A head of 1xx comes before that of the response itself.
    const bool begins = !stream->began && stream->response.status >= 200;
    stream->began = stream->began || begins;
    stream->ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (stream->cancelled) return 0;
    if (begins) session.begin(*stream);
    const bool is_data = frame->hd.type == NGHTTP2_DATA && frame->hd.length > 0;
    if (is_data && stream->is_stream && !stream->events) session.handler_.events_came(stream->owner, 1);
    return 0;
}

/// Its head is whole.
void Http2Session::begin(Stream& stream) {
    handler_.response_begins(stream.owner);
    stream.is_stream = !stream.ended && (stream.events || !stream.has_length);
    if (stream.is_stream) handler_.stream_begins(stream.owner);
}

int Http2Session::on_close(nghttp2_session* /*session*/, std::int32_t id, std::uint32_t code, void* self) {
    auto& session = *static_cast<Http2Session*>(self);
    Stream* const stream = session.stream_of(id);
    if (stream == nullptr) return 0;
    const Stream was = *stream;
    session.free(*stream);
    if (was.cancelled) return 0;
    // A server may end a stream whose request it did not read whole, once it has answered (RFC 9113, 8.1).
    if (was.ended) {
        session.handler_.responded(was.owner, was.response);
    } else if (code ==
               NGHTTP2_REFUSED_STREAM) {  // libnghttp2 says so of streams above those of a GOAWAY, too
        session.handler_.stream_refused(was.owner);
    } else {
        session.handler_.stream_failed(was.owner, nghttp2_http2_strerror(code));
    }
    return 0;
}

Http2Session::Stream& Http2Session::unused_stream() {
    if (unused_.empty()) unused_.push_back(&streams_.emplace_back());
    Stream& stream = *unused_.back();
    unused_.pop_back();
    stream = {};
    stream.in_use = true;
    return stream;
}

Http2Session::Stream* Http2Session::stream_of(std::int32_t id) const {
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
}

void Http2Session::free(Stream& stream) {
    stream.in_use = false;
    unused_.push_back(&stream);
    --open_;
}

void Http2Session::fail_all(const std::string& why) {
    over_ = true;
    for (Stream& stream : streams_) {
        if (!stream.in_use) continue;
        const bool is_heard = !stream.cancelled;
        const Owner owner = stream.owner;
        nghttp2_session_set_stream_user_data(session_.get(), stream.id, nullptr);
        free(stream);
        if (is_heard) handler_.stream_failed(owner, why);
    }
}

}  // namespace asyncbench
