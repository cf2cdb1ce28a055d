#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "harness/http/http_request.hpp"
#include "harness/http/kept_body.hpp"
#include "harness/http/session_options.hpp"
#include "harness/work/response.hpp"

namespace asyncbench {

/// Call before the first session, while there is one thread; idempotent. Throws Error where libcurl cannot
/// start.
void initialize_curl();

/// One reusable libcurl easy handle with its receive buffer: what every session sends requests with, so that
/// all of them send the same bytes with the same options. A request is answered as by a new handle, whatever
/// became of those before it. Not movable: libcurl holds pointers into it. One thread at a time.
class Transfer {
  public:
    explicit Transfer(const SessionOptions& options);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Makes the handle ready for one request, which is copied. Throws Error where libcurl has no memory.
    void prepare(const HttpRequest& request);

    /// What the finished transfer brought; empties the buffer.
    Response take_response(CURLcode code);

    /// The numeric address that the last transfer was connected to; empty where it was to none.
    std::string peer_address() const;

    CURL* handle() const { return easy_; }

    /// The transfer that `handle` belongs to.
    static Transfer& of(CURL* handle);

    /// For the session's own use; the transfer does not touch it.
    void* owner_data = nullptr;

  private:
    static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static int on_attempt(void* self, char* peer, char* own, int peer_port, int own_port);

    void set_up();
    void make_as_new();
    void set_url(const std::string& url);
    void parse_url(const std::string& url);
    void shape(const HttpRequest& request);

    SessionOptions options_;
    CURL* easy_;
    std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_{curl_url(), &curl_url_cleanup};
    std::string url_text_;           ///< what the handle was told last
    std::size_t origin_length_ = 0;  ///< of it, up to its path; 0 where the path cannot be exchanged
    HttpRequest shape_;              ///< of the last request, without its URL
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, &curl_slist_free_all};
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> pinned_{nullptr, &curl_slist_free_all};
    KeptBody body_;
    bool has_enough_ = false;  ///< of the body; the rest is not read
    bool header_is_whole_ = false;
    int attempts_ = 0;       ///< of the request, on a connection each
    bool is_as_new_ = true;  ///< the handle carries nothing of its requests that the next could meet
    std::optional<Nanoseconds> held_;
    std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace asyncbench
