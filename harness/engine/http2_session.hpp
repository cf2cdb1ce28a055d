#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/event_counter.hpp"
#include "harness/engine/kept_response.hpp"
#include "harness/engine/response_summary.hpp"

namespace asyncbench {

/// A request: its fields in their order, those of HTTP/2 itself (`:method`, ...) first, names in small
/// letters.
struct Http2Request {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
};

/// A request as libnghttp2 takes it. Nothing is copied: the fields live until they are sent, which
/// take_outgoing() does, and the body until the stream ends.
struct Http2RequestView {
    std::span<const nghttp2_nv> fields = {};
    std::string_view body = {};
};

/// Name and value outlive it.
nghttp2_nv http2_field(std::string_view name, std::string_view value);

/// HTTP/2 of one connection, between requests and the bytes on the wire: libnghttp2 without input or output
/// of its own. Bodies are counted; the windows are as large as they can be, so that no stream
/// waits for us. One thread.
class Http2Session {
  public:
    /// Whose request a stream carries: a number of the caller's.
    using Owner = std::uint32_t;

    /// Hears what happened to the streams. Called from receive() and take_end(), within which it may call
    /// send().
    class Handler {
      public:
        /// The response began.
        virtual void response_begins(Owner owner) = 0;
        /// It is a stream: text/event-stream, or without Content-Length.
        virtual void stream_begins(Owner owner) = 0;
        /// So many events of it: of text/event-stream, or else frames of data.
        virtual void events_came(Owner owner, std::uint32_t events) = 0;
        virtual void responded(Owner owner, const ResponseSummary& response) = 0;
        /// The server did not process the request, which may be sent again (RFC 9113, section 8.7).
        virtual void stream_refused(Owner owner) = 0;
        /// The stream ended without a whole response. `why` is a word of the protocol, such as
        /// CANCEL.
        virtual void stream_failed(Owner owner, std::string_view why) = 0;

      protected:
        ~Handler() = default;
    };

    /// Begins with the client's preface and settings. The handler outlives it.
    explicit Http2Session(Handler& handler);
    Http2Session(const Http2Session&) = delete;
    Http2Session& operator=(const Http2Session&) = delete;

    /// How many more requests it can carry now, of at most `wanted` at once: as the server allows, and none
    /// where it takes no more on this connection. Before the server's settings have come, that is one.
    std::uint32_t room(std::uint32_t wanted) const;
    /// Sends the request in a stream of its own. Only where there is room. Its response is kept in `kept`,
    /// unless that is null; it lives until the stream has ended or is cancelled.
    void send(Owner owner, const Http2RequestView& request, KeptResponse* kept = nullptr);
    /// Gives up the request of that owner: its stream is reset, and nothing more is heard of it.
    void cancel(Owner owner);
    /// As cancel(), of a response that began: what came of it.
    ResponseSummary end_response(Owner owner);

    /// Takes what was received. False where the connection cannot be used any more: problem() says why, and
    /// streams that are open have failed.
    bool receive(std::string_view bytes);
    /// The peer sends no more: streams that are open fail. `words` say why the connection failed; empty where
    /// it was closed.
    void take_end(std::string_view words = {});

    /// What is to be sent; empty where there is nothing. Valid until the next call.
    std::string_view take_outgoing();

    bool is_idle() const { return open_ == 0; }
    /// It carries no more requests: the server says that it goes away, or it failed.
    bool is_over() const { return over_; }
    const std::string& problem() const { return problem_; }

  private:
    struct Stream {
        Owner owner = 0;
        std::int32_t id = 0;
        bool in_use = false;
        bool began = false;
        bool ended = false;  ///< the response is whole
        bool cancelled = false;
        bool has_length = false;  ///< its head says the length of its body
        bool is_stream = false;
        std::optional<EventCounter> events = {};  ///< of text/event-stream
        std::string_view body = {};               ///< what is left to send of it
        KeptResponse* kept = nullptr;
        ResponseSummary response = {};
    };

    static nghttp2_session* make(Http2Session* self);
    static ssize_t read_body(nghttp2_session* session, std::int32_t stream, std::uint8_t* to,
                             std::size_t size, std::uint32_t* flags, nghttp2_data_source* source, void* self);
    static int on_error(nghttp2_session* session, int code, const char* words, std::size_t size, void* self);
    static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                         std::uint8_t flags, void* self);
    static int on_data(nghttp2_session* session, std::uint8_t flags, std::int32_t stream,
                       const std::uint8_t* data, std::size_t size, void* self);
    static int on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* self);
    static int on_close(nghttp2_session* session, std::int32_t stream, std::uint32_t code, void* self);

    /// Has libnghttp2 write what it has to send.
    void write();
    void begin(Stream& stream);
    Stream& unused_stream();
    Stream* stream_of(std::int32_t id) const;
    void free(Stream& stream);
    void fail_all(const std::string& why);

    Handler& handler_;
    std::deque<Stream> streams_;  // which stay where they are
    std::vector<Stream*> unused_;
    std::uint32_t open_ = 0;
    bool has_settings_ = false;  ///< of the server
    bool over_ = false;
    std::string outgoing_;
    std::string taken_;  ///< by take_outgoing()
    std::string problem_;
    std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> session_;
};

}  // namespace asyncbench
