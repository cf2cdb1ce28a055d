#include "harness/http/addresses.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

/// How long an interruption may go unseen.
constexpr std::chrono::milliseconds longest_unseen_by_lookup{50};

/// Of the URL, as libcurl would take it for a request; empty where there is none.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string result(text);
    curl_free(text);
    return result;
}

/// What getaddrinfo() finds, shared with the thread that waits for it: that may outlive whoever asked.
struct Lookup {
    std::mutex mutex;
    std::condition_variable ended;
    bool has_ended = false;
    int error = 0;
    std::vector<std::string> addresses;
};

std::vector<std::string> addresses_in(const addrinfo* list) {
    std::vector<std::string> addresses;
    for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) != 0)
            continue;
        if (std::find(addresses.begin(), addresses.end(), text.data()) == addresses.end())
            addresses.emplace_back(text.data());
    }
    return addresses;
}

void find_addresses(const std::string& host, Lookup& lookup) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    std::vector<std::string> addresses = addresses_in(error == 0 ? list : nullptr);
    if (error == 0) freeaddrinfo(list);
    const std::lock_guard lock(lookup.mutex);
    lookup.error = error;
    lookup.addresses = std::move(addresses);
    lookup.has_ended = true;
    lookup.ended.notify_all();
}

bool is_localhost(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace

std::optional<Origin> origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed{curl_url(), &curl_url_cleanup};
    if (parsed == nullptr ||
        curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_GUESS_SCHEME) != CURLUE_OK)
        return std::nullopt;
    Origin origin;
    origin.host = part_of(parsed.get(), CURLUPART_HOST, CURLU_PUNYCODE);
    if (origin.host.starts_with('[')) origin.host = origin.host.substr(1, origin.host.size() - 2);
    const std::string port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const bool has_port =
        std::from_chars(port.data(), port.data() + port.size(), origin.port).ec == std::errc{};
    if (origin.host.empty() || !has_port) return std::nullopt;
    return origin;
}

bool is_address(std::string_view host) {
    const std::string text(host.substr(0, host.find('%')));  // what follows is the interface
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::vector<std::string> look_up(const std::string& host, TimePoint deadline,
                                 const std::atomic<bool>* interrupted) {
    // As libcurl and browsers do (RFC 6761): /etc/hosts often has one of them, and a server the other.
    if (is_localhost(host)) return {"::1", "127.0.0.1"};
    const auto lookup = std::make_shared<Lookup>();
    std::thread([host, lookup] { find_addresses(host, *lookup); }).detach();
    std::unique_lock lock(lookup->mutex);
    while (!lookup->has_ended) {
        if (interrupted != nullptr && *interrupted)
            throw Error(fmt::format("The lookup of {} was interrupted", host));
        if (Clock::now() >= deadline) throw Error(fmt::format("The name {} was not found in time", host));
        lookup->ended.wait_for(lock, longest_unseen_by_lookup);
    }
    if (lookup->error != 0 || lookup->addresses.empty()) {
        throw Error(fmt::format("The name {} has no address: {}", host,
                                lookup->error != 0 ? gai_strerror(lookup->error) : "the answer is empty"));
    }
    return lookup->addresses;
}

std::string pinned_to(std::span<const std::string> addresses, std::uint16_t port) {
    std::vector<std::string> written;
    for (const std::string& address : addresses)
        written.push_back(address.find(':') == std::string::npos ? address : fmt::format("[{}]", address));
    return fmt::format("*:{}:{}", port, fmt::join(written, ","));
}

}  // namespace asyncbench
