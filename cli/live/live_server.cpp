#include "cli/live/live_server.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <optional>
#include <utility>

#include "reports/html/live_page.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_connections = 16;
constexpr std::chrono::seconds request_timeout{5};
constexpr std::chrono::seconds longest_wait_for_news{5};
constexpr std::size_t most_watchers = 64;  // remembered

/// A signal has to interrupt the thread that measures, so no other may take it.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_{};
};

blocking::ConnectionServer serve_without_signals(std::uint16_t port,
                                                 blocking::ConnectionServer::Converse converse) {
    const SignalsBlocked in_the_threads;
    return blocking::ConnectionServer({.what = "The live page",
                                       .port = port,
                                       .most_connections = most_connections,
                                       .request_timeout = request_timeout,
                                       .idle_timeout = request_timeout},
                                      std::move(converse));
}

void refuse(httplib::Response& response, int status, const std::string& why) {
    response.status = status;
    response.set_content(why + "\n", "text/plain; charset=utf-8");
}

/// 0 where the parameter is missing; none where it is no number.
std::optional<std::uint64_t> number_in(const httplib::Request& request, const char* parameter) {
    const std::string text = request.get_param_value(parameter);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty()) return 0;
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Whether a page of another origin had its browser send this: as the source of a picture it could, though it
/// would not see the answer. Browsers that do not say so are older than 2023.
bool is_of_another_site(const httplib::Request& request) {
    const std::string site = request.get_header_value("Sec-Fetch-Site");
    return !site.empty() && site != "same-origin" && site != "none";
}

}  // namespace

LiveServer::LiveServer(std::uint16_t port, LiveBoard& board, std::string page)
    : board_(board),
      page_(std::move(page)),
      server_(serve_without_signals(port, [this](auto& connection) { converse(connection); })) {}

std::string LiveServer::url() const {
    return fmt::format("http://127.0.0.1:{}/", server_.port());
}

void LiveServer::converse(blocking::Connection& connection) {
    if (!connection.wait_for_request()) return;
    {
        const std::lock_guard lock(mutex_);
        ++answering_;
    }
    server_.exchange(connection, true, [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, response);
    });
    {
        const std::lock_guard lock(mutex_);
        --answering_;
        answered_.notify_all();
    }
    connection.finish();
}

bool LiveServer::is_for_us(const httplib::Request& request) const {
    const std::string host = request.get_header_value("Host");
    return request.get_header_value_count("Host") == 1 &&
           (host == fmt::format("127.0.0.1:{}", server_.port()) ||
            host == fmt::format("localhost:{}", server_.port()));
}

void LiveServer::answer(const httplib::Request& request, httplib::Response& response) {
    response.set_header("Content-Security-Policy", live_page_policy());
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    response.set_header("Cache-Control", "no-store");
    if (!is_for_us(request)) return refuse(response, 421, "This server answers for 127.0.0.1 alone.");
    if (request.method != "GET") return refuse(response, 405, "This server knows GET alone.");
    if (request.path != "/" && is_of_another_site(request))
        return refuse(response, 403, "This is for the page of this server alone.");
    if (request.path == "/state") return answer_state(request, response);
    response.status = 200;
    if (request.path == "/") return response.set_content(page_, "text/html; charset=utf-8");
    const auto asset = live_page_asset(request.path);
    if (!asset) return refuse(response, 404, "There is nothing here.");
    response.set_content(asset->text.data(), asset->text.size(), asset->type);
}

void LiveServer::answer_state(const httplib::Request& request, httplib::Response& response) {
    const auto seen = number_in(request, "after");
    const auto seen_article = number_in(request, "article");
    const auto page = number_in(request, "page");
    if (!seen || !seen_article || !page) return refuse(response, 400, "A version and a page are numbers.");
    note_asked(*page);
    const LiveNews news = board_.wait_for_news(*seen, longest_wait_for_news);
    std::string text = fmt::format("{{\"version\":{},\"ended\":{}", news.version, news.ended);
    if (!news.progress.empty()) text += "," + news.progress;
    if (news.article && news.article_version > *seen_article) {
        text += fmt::format(",\"article_version\":{},\"article\":{}", news.article_version, *news.article);
    }
    response.status = 200;
    response.set_content(text + "}", "application/json");
    if (news.ended) note_told(*page);
}

void LiveServer::note_asked(std::uint64_t page) {
    const std::lock_guard lock(mutex_);
    watchers_[page].last_asked = Clock::now();
    if (watchers_.size() <= most_watchers) return;
    watchers_.erase(std::min_element(
        watchers_.begin(), watchers_.end(),
        [](const auto& one, const auto& other) { return one.second.last_asked < other.second.last_asked; }));
}

void LiveServer::note_told(std::uint64_t page) {
    const std::lock_guard lock(mutex_);
    const auto watcher = watchers_.find(page);
    if (watcher != watchers_.end()) watcher->second.knows_of_end = true;
}

bool LiveServer::was_watched() const {
    const std::lock_guard lock(mutex_);
    return !watchers_.empty();
}

bool LiveServer::someone_waits(TimePoint now) const {
    return std::any_of(watchers_.begin(), watchers_.end(), [now](const auto& each) {
        const Watcher& watcher = each.second;
        return !watcher.knows_of_end && now - watcher.last_asked <= 2 * longest_wait_for_news;
    });
}

bool LiveServer::linger(Nanoseconds patience) {
    std::unique_lock lock(mutex_);
    const TimePoint now = Clock::now();
    if (watchers_.empty()) return true;
    return answered_.wait_for(lock, patience, [&] { return !someone_waits(now) && answering_ == 0; });
}

}  // namespace asyncbench
