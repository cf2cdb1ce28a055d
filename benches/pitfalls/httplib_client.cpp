#include "benches/pitfalls/httplib_client.hpp"

#include <httplib.h>

#include <string>
#include <utility>

#include "harness/http/held_field.hpp"

namespace asyncbench {
namespace {

TransportError error_of(httplib::Error error) {
    switch (error) {
        case httplib::Error::Success:
            return TransportError::none;
        case httplib::Error::Connection:
            return TransportError::connect;
        case httplib::Error::ConnectionTimeout:
        case httplib::Error::Read:  // it tells no timeout from a connection
                                    // that ended
            return TransportError::timeout;
        default:
            return TransportError::other;
    }
}

const HttpService& http_service(const Service& service) {
    const auto* const http = dynamic_cast<const HttpService*>(&service);
    if (http == nullptr) throw Unavailable("cpp-httplib sends HTTP alone.");
    return *http;
}

/// With the part of the URL from `path` on.
httplib::Request httplib_request(const HttpRequest& request, std::size_t path) {
    httplib::Request result;
    result.method = request.method;
    result.path = request.url.substr(path);
    result.body = request.body.text();
    for (const std::string& line : request.headers) {
        const auto colon = line.find(':');
        const auto value = line.find_first_not_of(' ', colon + 1);
        if (colon == std::string::npos || value == std::string::npos) continue;
        result.headers.emplace(line.substr(0, colon), line.substr(value));
    }
    return result;
}

}  // namespace

HttplibClient::HttplibClient(const Service& service)
    : service_(http_service(service)) {}
HttplibClient::~HttplibClient() = default;

std::unique_ptr<httplib::Client> HttplibClient::borrow(
    const std::string& origin) {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto client = std::move(idle_.back());
            idle_.pop_back();
            return client;
        }
    }
    auto client = std::make_unique<httplib::Client>(origin);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_connection_timeout(service_.timeout());
    client->set_read_timeout(service_.timeout());
    return client;
}

Response HttplibClient::request(const Ticket& ticket) {
    const HttpRequest request = service_.request_for(ticket);
    const auto path = request.url.find('/', request.url.find("://") + 3);
    auto client = borrow(request.url.substr(0, path));
    Response response;
    response.new_connection = client->is_socket_open() == 0;
    httplib::Result result = client->send(httplib_request(request, path));
    if (result) {
        response.status = result->status;
        response.held = held_from_value(
            result->get_header_value(std::string(held_field_name)));
        response.body = std::move(result->body);
    } else {
        response.error = error_of(result.error());
        response.message = httplib::to_string(result.error());
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
    return response;
}

}  // namespace asyncbench
