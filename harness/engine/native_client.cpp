#include "harness/engine/native_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/ring.hpp"
#include "harness/engine/io.hpp"
#include "harness/engine/request_text.hpp"
#include "harness/engine/response_reader.hpp"
#include "harness/engine/tls_io.hpp"
#include "harness/engine/uring_io.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/http_service.hpp"

namespace asyncbench {
namespace {

/// The bytes of each ticket's request. Of numbered ones the end of the path alone is another one each time.
class NativeRequests {
  public:
    explicit NativeRequests(const HttpServiceOptions& options)
        : numbered_(options.numbered), choice_(options.paths, options.seed) {
        if (!numbered_) {
            for (const HttpRequest& each : with_paths(options.request, options.paths))
                texts_.push_back(request_text(each, true));
            return;
        }
        HttpRequest request = options.request;
        request.url += "/io/";
        const std::string text = request_text(request, true);
        const auto path_end = text.find(" HTTP/1.1\r\n");
        before_number_ = text.substr(0, path_end);
        after_number_ = text.substr(path_end);
    }

    /// May use `buffer`, which stays as it is until the response.
    std::string_view of(const Ticket& ticket, std::string& buffer) const {
        if (!numbered_) return texts_[choice_.of(ticket.id)];
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), ticket.id).ptr;
        buffer.assign(before_number_).append(ticket.trial).append("/").append(digits.begin(), end);
        return buffer.append(after_number_);
    }

  private:
    bool numbered_;
    PathChoice choice_;
    std::vector<std::string> texts_;  ///< where they are not numbered: one for each path
    std::string before_number_;
    std::string after_number_;
};

SocketAddress address_of(const HttpServiceOptions& options, const Origin& origin) {
    const std::string& host = options.address.empty() ? origin.host : options.address;
    return resolve(host, std::to_string(origin.port)).front();
}

std::unique_ptr<Io> io_for(const HttpServiceOptions& options, const Origin& origin, std::uint32_t users) {
    std::unique_ptr<Io> io = make_io(best_io(), users);
    if (!options.request.url.starts_with("https://")) return io;
    return make_tls_io(std::move(io), {.tls = options.tls, .server = origin.host}, users);
}

/// Where the location leads, seen from the URL.
std::string redirect_from(const std::string& url, const std::string& location) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
    char* text = nullptr;
    if (location.empty() || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(parts.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_URL, &text, 0) != CURLUE_OK)
        return {};
    std::string result(text);
    curl_free(text);
    return result;
}

class NativeClient final : public PollingClient, private IoHandler {
  public:
    NativeClient(const HttpServiceOptions& options, const Origin& origin, std::uint32_t users)
        : url_(options.request.url),
          timeout_(options.timeout),
          requests_(options),
          address_(address_of(options, origin)) {
        const bool to_head = options.request.method == "HEAD";
        for (ConnectionId id = 0; id < users; ++id) {
            connections_.emplace_back(id, never_learned_, to_head, options.kept_body_bytes);
            closed_.push_back(id);
        }
        io_ = io_for(options, origin, users);
    }

    void request(const Ticket& ticket, Completion done) override {
        std::vector<ConnectionId>& from = idle_.empty() ? closed_ : idle_;
        if (from.empty()) throw std::logic_error("more requests at once than the client has users");
        Connection& connection = connections_.at(from.back());
        from.pop_back();
        connection.done = std::move(done);
        connection.bytes = requests_.of(ticket, connection.buffer);
        connection.deadline = steady_now() + timeout_;
        connection.opened = false;
        connection.again = false;
        connection.link_before(in_flight_);
        if (connection.is_open) return send(connection);
        io_->connect(connection.id, address_);
    }

    void at(TimePoint when, std::function<void()> action) override {
        actions_.emplace(when, std::move(action));
    }

    void run() override {
        while (true) {
            give_up_late();
            act_when_due();
            if (!in_flight_.linked() && actions_.empty()) return;
            io_->wait({.until = next_event()}, *this);
        }
    }

  private:
    struct Connection : detail::RingLink {
        Connection(ConnectionId number, ResponseTemplate& learned, bool to_head, std::size_t kept_bytes)
            : id(number), content{.body = {.most = kept_bytes}, .keeps_body = true, .keeps_fields = false} {
            reader.expect(learned, to_head, &content);
        }

        ConnectionId id;
        bool is_open = false;
        bool carried = false;     ///< a whole response
        bool answers = false;     ///< bytes of the response came
        bool opened = false;      ///< for the request that it carries
        bool again = false;       ///< the request was sent before, on a connection that the server had closed
        std::string buffer = {};  ///< of the request
        std::string_view bytes = {};  ///< the request
        TimePoint deadline = {};
        Completion done = {};
        KeptResponse content;
        ResponseReader reader = {};  // after the content, into which it writes
    };

    void send(Connection& connection) {
        connection.answers = false;
        io_->send(connection.id, connection.bytes, sent_);
    }

    void connected(ConnectionId id, const Opened& how) override {
        Connection& connection = connections_[id];
        if (!how.ok()) return fail(connection, TransportError::connect, std::string(how.words()));
        connection.is_open = true;
        connection.carried = false;
        connection.opened = true;
        send(connection);
    }

    void received(ConnectionId id, std::string_view bytes, const Arrival& /*arrival*/) override {
        Connection& connection = connections_[id];
        if (!connection.linked()) return drop_idle(connection);  // nobody asked
        connection.answers = true;
        read(connection, connection.reader.take(bytes));
    }

    void ended(ConnectionId id, int error) override {
        Connection& connection = connections_[id];
        if (!connection.linked()) return drop_idle(connection);
        if (error == 0 && connection.answers) return read(connection, connection.reader.take_end());
        // The server may have closed an idle connection just before the request, as libcurl knows, too.
        if (connection.carried && !connection.answers && !connection.again) {
            close(connection);
            connection.again = true;
            return io_->connect(id, address_);
        }
        fail(connection, TransportError::closed,
             error == 0 ? "the connection was closed before the response" : std::strerror(error));
    }

    void read(Connection& connection, ResponseReader::Result result) {
        if (result == ResponseReader::Result::more) return;
        if (result == ResponseReader::Result::invalid) {
            const std::string problem = connection.reader.problem();
            const bool is_cut_off = problem.starts_with("the connection");
            return fail(connection, is_cut_off ? TransportError::closed : TransportError::other, problem);
        }
        const ResponseSummary& summary = connection.reader.summary();
        connection.carried = true;
        if (!summary.keep_alive) close(connection);
        Response response;
        response.status = summary.status;
        response.held = summary.held;
        response.body = std::move(connection.content.body.text);
        response.body_skipped = connection.content.body.skipped;
        if (summary.status >= 300 && summary.status < 400)
            response.message = redirect_from(url_, connection.content.location);
        finish(connection, std::move(response));
    }

    void fail(Connection& connection, TransportError error, const std::string& why) {
        close(connection);
        Response response;
        response.error = error;
        response.message = why;
        finish(connection, std::move(response));
    }

    void finish(Connection& connection, Response response) {
        response.new_connection = connection.opened;
        connection.unlink();
        (connection.is_open ? idle_ : closed_).push_back(connection.id);
        // It may send the next request on the same connection.
        std::exchange(connection.done, {})(std::move(response));
    }

    void close(Connection& connection) {
        connection.is_open = false;
        connection.reader.reset();
        io_->close(connection.id);
    }

    void drop_idle(Connection& connection) {
        close(connection);
        std::erase(idle_, connection.id);
        closed_.push_back(connection.id);
    }

    void give_up_late() {
        const TimePoint now = steady_now();
        while (in_flight_.linked()) {
            auto& oldest = static_cast<Connection&>(in_flight_.next());
            if (oldest.deadline > now) return;
            fail(oldest, TransportError::timeout, "no whole response within the timeout");
        }
    }

    void act_when_due() {
        while (!actions_.empty() && actions_.begin()->first <= steady_now()) {
            const std::function<void()> action = std::move(actions_.begin()->second);
            actions_.erase(actions_.begin());
            action();
        }
    }

    TimePoint next_event() const {
        TimePoint next = TimePoint::max();
        if (in_flight_.linked()) next = static_cast<const Connection&>(in_flight_.next()).deadline;
        if (!actions_.empty()) next = std::min(next, actions_.begin()->first);
        return next;
    }

    std::string url_;
    Nanoseconds timeout_;
    NativeRequests requests_;
    SocketAddress address_;
    /// With content to be kept, readers take no template.
    ResponseTemplate never_learned_;
    std::deque<Connection> connections_;  // which stay where they are
    detail::RingLink in_flight_;          ///< connections that carry a request, in the order of the deadlines
    std::vector<ConnectionId> idle_;      ///< open
    std::vector<ConnectionId> closed_;
    std::multimap<TimePoint, std::function<void()>> actions_;
    TimePoint sent_;          ///< what nobody asks for
    std::unique_ptr<Io> io_;  // after the connections, whose bytes it sends
};

}  // namespace

std::unique_ptr<PollingClient> make_native_client(const Service& service, std::uint32_t users) {
    const auto* http = dynamic_cast<const HttpService*>(&service);
    if (http == nullptr) throw Unavailable("The load engine speaks HTTP alone.");
    const auto origin = origin_of(http->options().request.url);
    if (!origin) throw Error("The target is no URL with a host.");
    return std::make_unique<NativeClient>(http->options(), *origin, users);
}

}  // namespace asyncbench
