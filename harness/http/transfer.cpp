#include "harness/http/transfer.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/held_field.hpp"
#include "harness/measure/allocations.hpp"

namespace asyncbench {
namespace {

TransportError error_of(CURLcode code) {
    switch (code) {
        case CURLE_OK:
            return TransportError::none;
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return TransportError::connect;
        case CURLE_OPERATION_TIMEDOUT:
            return TransportError::timeout;
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
            return TransportError::closed;
        default:
            return TransportError::other;
    }
}

/// libcurl says that memory ran out, or from 8.6 on that something grew too large.
bool is_head_too_large(CURL* easy, CURLcode code) {
    constexpr int too_large = 100;  // CURLE_TOO_LARGE
    long bytes_of_head = 0;
    curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &bytes_of_head);
    return bytes_of_head > 0 && (code == CURLE_OUT_OF_MEMORY || static_cast<int>(code) == too_large);
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code != CURLE_OK) {
        throw Error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code) +
                    ". Check that the installed libcurl is 7.88 or newer.");
    }
}

// libcurl's allocations are a request's as much as operator new's; growing a block counts as one.

void* counted_malloc(std::size_t size) {
    count_allocation();
    return std::malloc(size);
}

void* counted_calloc(std::size_t count, std::size_t size) {
    count_allocation();
    return std::calloc(count, size);
}

void* counted_realloc(void* memory, std::size_t size) {
    count_allocation();
    return std::realloc(memory, size);
}

char* counted_strdup(const char* text) {
    count_allocation();
    return strdup(text);
}

using StringList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void append_line(StringList& list, const char* line) {
    curl_slist* const longer = curl_slist_append(list.get(), line);
    if (longer == nullptr) throw Error("libcurl could not keep a line: out of memory.");
    static_cast<void>(list.release());  // it is a part of the longer one
    list.reset(longer);
}

/// One that libcurl has nothing to encode or to take away of.
bool is_plain_path(std::string_view path) {
    return path.starts_with('/') && std::all_of(path.begin(), path.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '/' || c == '-' || c == '_';
           });
}

void set_tls(CURL* easy, const TlsOptions& tls) {
    if (!tls.verify) {
        set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const std::string authorities = authorities_file(tls);
    if (!authorities.empty()) set(easy, CURLOPT_CAINFO, authorities.c_str());
    if (tls.certificate.empty()) return;
    set(easy, CURLOPT_SSLCERT, tls.certificate.c_str());
    set(easy, CURLOPT_SSLKEY, tls.key.empty() ? tls.certificate.c_str() : tls.key.c_str());
    // Otherwise OpenSSL asks the terminal for the password of an encrypted key, and waits.
    set(easy, CURLOPT_KEYPASSWD, "");
}

/// The address that the response leads to; empty where it leads nowhere.
std::string redirect_of(CURL* easy) {
    const char* url = nullptr;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &url);
    return url == nullptr ? "" : url;
}

/// What libcurl does not say: that a connection was refused, or that no port was left for it.
std::string text_of_system_error(CURL* easy) {
    long error = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
    if (error == 0) return "";
    const std::string text = std::generic_category().message(static_cast<int>(error));
    return error == EADDRNOTAVAIL ? " (" + text + ": all local ports may be in use)" : " (" + text + ")";
}

int give_up_where_interrupted(void* interrupted, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(interrupted) ? 1 : 0;
}

}  // namespace

void initialize_curl() {
    static std::once_flag once;
    std::call_once(once, [] {
        // NOSIGNAL leaves SIGPIPE to the application: a peer that closes early must not end the process.
        std::signal(SIGPIPE, SIG_IGN);
        // Where the program has initialised libcurl before, its allocations stay uncounted.
        if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, counted_malloc, std::free, counted_realloc,
                                 counted_strdup, counted_calloc) != CURLE_OK) {
            throw Error("libcurl could not be initialised; check its installation.");
        }
    });
}

Transfer::Transfer(const SessionOptions& options)
    : options_(options), easy_(curl_easy_init()), body_{.most = options.kept_body_bytes} {
    if (easy_ == nullptr || url_ == nullptr) throw Error("libcurl could not make a handle: out of memory.");
    if (!options_.pinned.empty()) append_line(pinned_, options_.pinned.c_str());
    set_up();
}

void Transfer::set_up() {
    set(easy_, CURLOPT_PRIVATE, this);
    set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy_, CURLOPT_HEADERDATA, this);
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy_, CURLOPT_WRITEDATA, this);
    set(easy_, CURLOPT_ERRORBUFFER, message_.data());
    // Without it libcurl saves and restores signal handlers around each call: 12.1 instead of 5.4 system
    // calls.
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // A proxy from the environment would be measured instead of the target.
    set(easy_, CURLOPT_NOPROXY, "*");
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_MAXCONNECTS, static_cast<long>(options_.max_connections));
    const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(options_.timeout);
    set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(easy_, CURLOPT_PREREQFUNCTION, &Transfer::on_attempt);
    set(easy_, CURLOPT_PREREQDATA, this);
    if (pinned_ != nullptr) set(easy_, CURLOPT_RESOLVE, pinned_.get());
    set_tls(easy_, options_.tls);
    if (options_.interrupted == nullptr) return;
    set(easy_, CURLOPT_XFERINFOFUNCTION, &give_up_where_interrupted);
    set(easy_, CURLOPT_XFERINFODATA, options_.interrupted);
    set(easy_, CURLOPT_NOPROGRESS, 0L);
}

Transfer::~Transfer() {
    curl_easy_cleanup(easy_);
}

/// libcurl 7.72 to 8.16 counts how often it sends a request again because its kept connection had ended, adds
/// that up over all requests of a handle, and gives up at the sixth (curl pull request 19066). A reset begins
/// anew, and forgets what a failure or a login left. Connections and names that were looked up are kept.
void Transfer::make_as_new() {
    curl_easy_reset(easy_);
    set_up();
    url_text_.clear();
    origin_length_ = 0;
    headers_.reset();
    shape_ = {};
}

void Transfer::prepare(const HttpRequest& request) {
    if (!is_as_new_) make_as_new();
    is_as_new_ = false;  // until the response says otherwise; a request that is cancelled has none
    attempts_ = 0;
    body_.clear();
    has_enough_ = false;
    header_is_whole_ = false;
    held_.reset();
    message_[0] = '\0';
    set_url(request.url);
    const bool has_shape =
        request.method == shape_.method && request.body == shape_.body && request.headers == shape_.headers;
    if (!has_shape) shape(request);
}

/// To parse a URL and take it apart costs libcurl 11,000 instructions, a sixth of a whole request. So the
/// parsed one is kept, and where only the path is another one, that alone is exchanged.
void Transfer::set_url(const std::string& url) {
    if (url == url_text_) return;
    const bool has_same_origin =
        origin_length_ > 0 && url.compare(0, origin_length_, url_text_, 0, origin_length_) == 0;
    const bool is_set =
        has_same_origin && is_plain_path(std::string_view(url).substr(origin_length_)) &&
        curl_url_set(url_.get(), CURLUPART_PATH, url.c_str() + origin_length_, 0) == CURLUE_OK;
    if (!is_set) parse_url(url);
    url_text_ = url;
}

void Transfer::parse_url(const std::string& url) {
    origin_length_ = 0;
    // Where it is no URL, libcurl says so in the words that it has for it when the transfer begins.
    const bool is_url = curl_url_set(url_.get(), CURLUPART_URL, url.c_str(), CURLU_GUESS_SCHEME) == CURLUE_OK;
    set(easy_, CURLOPT_CURLU, is_url ? url_.get() : nullptr);
    set(easy_, CURLOPT_URL, is_url ? nullptr : url.c_str());
    const auto host = url.find("://");
    const auto path = host == std::string::npos ? host : url.find('/', host + 3);
    if (is_url && path != std::string::npos && path > host + 3 &&
        url.find_first_of("?#") == std::string::npos)
        origin_length_ = path;
}

void Transfer::shape(const HttpRequest& request) {
    set(easy_, CURLOPT_HTTPGET, 1L);  // takes back what another method or a body has set
    const bool has_body = !request.body.empty() || request.method == "POST" || request.method == "PUT";
    if (has_body) {
        // Not copied: `shape_` holds the same bytes from here on.
        set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.text().size()));
        set(easy_, CURLOPT_POSTFIELDS, request.body.text().c_str());
    }
    const bool is_head = request.method == "HEAD";
    if (is_head) set(easy_, CURLOPT_NOBODY, 1L);
    const bool is_usual = is_head || request.method == (has_body ? "POST" : "GET");
    set(easy_, CURLOPT_CUSTOMREQUEST, is_usual ? nullptr : request.method.c_str());

    StringList headers{nullptr, &curl_slist_free_all};
    // Without this, libcurl sends a large body only after an interim response, or a second.
    if (has_body) append_line(headers, "Expect:");
    for (const std::string& line : request.headers) append_line(headers, line.c_str());
    set(easy_, CURLOPT_HTTPHEADER, headers.get());
    headers_ = std::move(headers);
    shape_ = {.method = request.method, .headers = request.headers, .body = request.body};
}

Response Transfer::take_response(CURLcode code) {
    if (code == CURLE_WRITE_ERROR && has_enough_) code = CURLE_OK;
    Response response;
    response.error = error_of(code);
    long connections = 0;
    curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connections);
    response.new_connection = connections > 0;
    if (code == CURLE_OK && !header_is_whole_) {
        // libcurl takes a header that ends anywhere for a whole one, and a missing length for an empty body.
        response.error = TransportError::closed;
        response.message = "The connection was closed within the response's header";
    } else if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        response.status = static_cast<int>(status);
        if (status >= 300 && status < 400) response.message = redirect_of(easy_);
        response.held = held_;
        response.body = std::move(body_.text);
        response.body_skipped = body_.skipped;
        is_as_new_ = attempts_ == 1 && !has_enough_ && status != 401;
    } else {
        response.message = message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
        if (code == CURLE_COULDNT_CONNECT) response.message += text_of_system_error(easy_);
        if (is_head_too_large(easy_, code))
            response.message = "The response's head has a line of more than 100 KiB, which libcurl refuses";
    }
    body_.clear();
    return response;
}

Transfer& Transfer::of(CURL* handle) {
    void* self = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
    return *static_cast<Transfer*>(self);
}

std::size_t Transfer::on_header(char* line, std::size_t size, std::size_t count, void* self) {
    const std::string_view text(line, size * count);
    Transfer& transfer = *static_cast<Transfer*>(self);
    // Not every line after the empty one begins a header: trailers of a chunked body come here, too.
    if (text.starts_with("HTTP/")) {
        transfer.header_is_whole_ = false;
        transfer.held_.reset();  // an interim response's is not the answer's
    } else if (text == "\r\n" || text == "\n") {
        transfer.header_is_whole_ = true;
    } else if (!transfer.header_is_whole_) {
        if (const auto held = held_from_line(text)) transfer.held_ = held;
    }
    return text.size();
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const std::string_view piece(data, size * count);
    const std::uint64_t had = transfer.body_.bytes();
    transfer.has_enough_ = piece.size() > transfer.options_.most_body_bytes - had;
    try {
        transfer.body_.take(transfer.has_enough_ ? piece.substr(0, transfer.options_.most_body_bytes - had)
                                                 : piece);
    } catch (const std::bad_alloc&) {
        return 0;  // libcurl ends the transfer with CURLE_WRITE_ERROR
    }
    return transfer.has_enough_ ? 0 : piece.size();
}

int Transfer::on_attempt(void* self, char* /*peer*/, char* /*own*/, int /*peer_port*/, int /*own_port*/) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    // A server that ends one idle connection may have ended all: libcurl would try five of them and give up.
    if (++transfer.attempts_ == 2) curl_easy_setopt(transfer.easy_, CURLOPT_FRESH_CONNECT, 1L);
    return CURL_PREREQFUNC_OK;
}

std::string Transfer::peer_address() const {
    const char* address = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address);
    return address == nullptr ? "" : address;
}

}  // namespace asyncbench
